"""PastedRequest, a request that somebody pasted, and what all forms have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.core.flaws import CONTROL_CHARACTER, HEADER_NAME, Flaw
from ws_handshake.core.grammar import is_field_value
from ws_handshake.core.request import (
    CONNECTION,
    CONTENT_LENGTH,
    EVIDENCE,
    HOST,
    KEY,
    ORIGIN,
    TRANSFER_ENCODING,
    UPGRADE,
    VERSION,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ws_handshake.core.request import RequestHead

Header = tuple[bytes, bytes]

#: What a browser sends, whatever a copy of its request shows.
_SENT_ANYWAY: tuple[Header, ...] = (
    (HOST, b"localhost"),
    (UPGRADE, b"websocket"),
    (CONNECTION, b"Upgrade"),
    (KEY, b"AAAAAAAAAAAAAAAAAAAAAA=="),
    (VERSION, b"13"),
)

#: The names of these: what a form has left out that shows no fields.
SENT_ANYWAY = frozenset(name for name, _ in _SENT_ANYWAY)

#: A valid value of each field whose value may be replaced in a text.
VALUES = {**dict(_SENT_ANYWAY), ORIGIN: b"https://localhost"}

_name = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++")

#: Names of header fields that mark lines as a request, and that may be shown.
KNOWN = EVIDENCE | {
    *(HOST, CONNECTION, ORIGIN, CONTENT_LENGTH, TRANSFER_ENCODING),
    *(b"accept", b"accept-encoding", b"accept-language", b"authorization"),
    *(b"cache-control", b"cookie", b"dnt", b"forwarded", b"keep-alive", b"pragma"),
    *(b"priority", b"proxy-authorization", b"proxy-connection", b"referer", b"te"),
    *(b"sec-fetch-dest", b"sec-fetch-mode", b"sec-fetch-site", b"sec-fetch-storage"),
    *(b"user-agent", b"via", b"x-forwarded-for", b"x-forwarded-host"),
    *(b"x-forwarded-port", b"x-forwarded-proto", b"x-forwarded-server", b"x-real-ip"),
    *(b"x-amzn-trace-id", b"x-request-id", b"x-varnish", b"cf-ray", b"x-scheme"),
}

#: Names of header fields that only a response has.
RESPONSE_ONLY = frozenset(
    [b"server", b"date", b"set-cookie", b"sec-websocket-accept", b"location", b"etag"]
)

NO_REQUEST_LINE = "There is no request line; this is judged as a GET over HTTP/1.1."

_url = re.compile(r"(?is)(?:(https?|wss?)://)?(?:([^/?#]*)@)?([^/?#]*)([^#]*)")


class PastedRequest(NamedTuple):
    """A request head, and what was found with it.

    `flaw` is what a strict parser rejects, `notes` are sentences on what was assumed.
    `server_status` is that of the response that was pasted with it. `made_up` has the
    fields that the client creates for each connection, `left_out` those that this form
    of a request lacks although the client sends them. `bridged` marks an Extended
    CONNECT (RFC 8441).
    """

    request: RequestHead
    flaw: Flaw | None = None
    notes: tuple[str, ...] = ()
    server_status: int | None = None
    made_up: frozenset[bytes] = frozenset()
    left_out: frozenset[bytes] = frozenset()
    bridged: bool = False

    def is_attempt(self) -> bool:
        """Return whether it is a WebSocket handshake, however broken."""
        opens = self.left_out and self.request.scheme in {"ws", "wss"}
        return self.bridged or bool(opens) or self.request.is_attempt()

    def absent(self) -> frozenset[bytes]:
        """Return the names of the fields that this form has left out here."""
        return self.left_out - {name for name, _ in self.request.headers}

    def completed(self) -> RequestHead:
        """Return the request with the fields that its form leaves out."""
        absent = self.absent()
        added = [field for field in _SENT_ANYWAY if field[0] in absent]
        return self.request._replace(headers=[*self.request.headers, *added])


def flaw_of(request: RequestHead) -> Flaw | None:
    """Return what a strict parser rejects in the fields of a request."""
    if not all(_name.fullmatch(name) for name, _ in request.headers):
        return HEADER_NAME
    valid = is_field_value(b"".join(value for _, value in request.headers))
    return None if valid else CONTROL_CHARACTER


def put_together(
    pseudo: dict[bytes, bytes], headers: Iterable[Header]
) -> tuple[str, bytes, list[Header], bool]:
    """Return method, target and headers of an HTTP/2 request; whether it is bridged.

    Like an ASGI server, it gives Host the value of `:authority`.
    """
    listed = list(headers)
    if b":authority" in pseudo and all(name != HOST for name, _ in listed):
        listed.insert(0, (HOST, pseudo[b":authority"]))
    bridged = pseudo.get(b":protocol", b"").lower() == b"websocket"
    method = pseudo.get(b":method", b"CONNECT" if bridged else b"GET")
    target = pseudo.get(b":path", b"/")
    return method.decode("latin-1"), target, listed, bridged


class Address(NamedTuple):
    """What a client reads from a URL."""

    scheme: str
    user: str | None
    host: bytes
    target: bytes


def read_url(url: str) -> Address:
    """Return the address in `url`; any part but the target may be empty.

    The fragment is never sent.
    """
    match = _url.match(url)
    scheme, user, host, target = match.groups() if match else (None, None, "", "")
    path = target if target.startswith("/") else f"/{target}"
    return Address((scheme or "").lower(), user, encoded(host), encoded(path))


def encoded(text: str) -> bytes:
    """Return text as bytes, one for each character, as it was decoded."""
    return text.encode("latin-1", "replace")
