"""The request that a client sends: a browser's handshake, changed by the options."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from ws_handshake.cli.client.target import SHORTEST_SECRET
from ws_handshake.core.grammar import is_field_value, is_token_list
from ws_handshake.core.request import (
    CONNECTION,
    EXTENSIONS,
    HOST,
    KEY,
    ORIGIN,
    UPGRADE,
    VERSION,
    RequestHead,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ws_handshake.cli.client.target import Target

    Header = tuple[bytes, bytes]

#: What browsers offer (RFC 7692).
COMPRESSION = b"permessage-deflate; client_max_window_bits"

_HANDSHAKE = frozenset([UPGRADE, CONNECTION, KEY, VERSION, EXTENSIONS, ORIGIN])

# RFC 9113 section 8.2.2, RFC 8441 section 5
_HTTP1_ONLY = frozenset([HOST, UPGRADE, CONNECTION, KEY])


@dataclass(frozen=True, slots=True)
class Offer:
    """What the user wants to send besides the handshake itself.

    A header replaces ours of that name; an empty one removes it, as in curl.
    """

    origin: str | None = None
    subprotocols: tuple[str, ...] = ()
    headers: tuple[Header, ...] = field(default=(), repr=False)

    def having(self, name: bytes, value: bytes) -> Offer:
        """Return the same with this header; an empty one leaves it out."""
        kept = [h for h in self.headers if h[0].lower() != name.lower()]
        return replace(self, headers=(*kept, (name, value)))

    @property
    def has_origin(self) -> bool:
        """True if it sends an Origin."""
        values = [v for n, v in self.headers if n.lower() == ORIGIN]
        return any(values) if values else bool(self.origin)

    @property
    def secrets(self) -> list[str]:
        """What is sent and never shown; a handshake's own fields have none."""
        values = [v for n, v in self.headers if n.lower() not in _HANDSHAKE]
        return [v.decode("latin-1") for v in values if len(v) >= SHORTEST_SECRET]

    @property
    def names(self) -> frozenset[bytes]:
        """The names of the headers, in lower case."""
        return frozenset(name.lower() for name, _ in self.headers)


def parse_header(text: str) -> Header:
    """Parse `Name: value`; ValueError, which repeats nothing of it, if it is not.

    `Name;` sends an empty value, as in curl, where `Name:` sends none.
    """
    if text.endswith(";") and _is_token(text[:-1].encode()):
        return text[:-1].encode(), b" "
    name, colon, value = text.partition(":")
    field_name, field_value = name.encode(), value.strip(" \t").encode()
    if not colon or not _is_token(field_name) or not is_field_value(field_value):
        raise ValueError(
            "write a header as 'Name: value', in one line and without control "
            "characters"
        )
    return field_name, field_value


def parse_subprotocol(text: str) -> str:
    """Return a subprotocol; ValueError if it is not a token."""
    if not _is_token(text.encode()):
        raise ValueError(
            "a subprotocol is one name without spaces, commas or other separators; "
            "give the option once for each (--header sends anything)"
        )
    return text


def parse_origin(text: str) -> str:
    """Return an origin; ValueError if it cannot be sent in a header.

    It may be wrong, so that one can try how the server rejects it.
    """
    if not is_field_value(text.encode()):
        raise ValueError("write an origin as in https://example.com")
    return text


def _is_token(value: bytes) -> bool:
    return is_token_list(value) and not set(value) & set(b" \t,")


def http1_handshake(target: Target, offer: Offer, key: bytes) -> RequestHead:
    """Return the opening handshake of RFC 6455 section 4.1."""
    first = [
        (b"Host", target.authority.encode()),
        (b"Upgrade", b"websocket"),
        (b"Connection", b"Upgrade"),
        (b"Sec-WebSocket-Key", key),
    ]
    headers = replaced([*first, *_common(target, offer)], offer.headers)
    resource = target.resource.encode()
    return RequestHead("GET", "1.1", headers, resource, target.scheme)


def http2_handshake(target: Target, offer: Offer) -> RequestHead:
    """Return the Extended CONNECT of RFC 8441 section 5; Host becomes :authority."""
    kept = [(n, v) for n, v in offer.headers if n.lower() not in _HTTP1_ONLY - {HOST}]
    host = [(b"Host", target.authority.encode())]
    headers = [
        (name.lower(), value)
        for name, value in replaced([*host, *_common(target, offer)], kept)
    ]
    resource = target.resource.encode()
    return RequestHead("CONNECT", "2", headers, resource, target.scheme)


def _common(target: Target, offer: Offer) -> list[Header]:
    """Return the headers that HTTP/1.1 and HTTP/2 have in common."""
    headers = [
        (b"Sec-WebSocket-Version", b"13"),
        (b"Sec-WebSocket-Extensions", COMPRESSION),
        (b"Sec-WebSocket-Protocol", ", ".join(offer.subprotocols).encode()),
        (b"Origin", (offer.origin or "").encode()),
        (b"Authorization", (target.credentials or "").encode()),
        (b"User-Agent", f"ws-handshake/{version('ws-handshake')}".encode()),
    ]
    return [pair for pair in headers if pair[1]]


def replaced(ours: Sequence[Header], theirs: Sequence[Header]) -> tuple[Header, ...]:
    """Return our headers, those of the same name replaced by the user's."""
    names = {name.lower() for name, _ in theirs}
    kept = [pair for pair in ours if pair[0].lower() not in names]
    return (*kept, *(pair for pair in theirs if pair[1]))


def to_http1(request: RequestHead) -> bytes:
    """Return a request head as bytes."""
    first = b"%s %s HTTP/1.1" % (request.method.encode(), request.target)
    lines = [first, *(b"%s: %s" % pair for pair in request.headers)]
    return b"\r\n".join([*lines, b"", b""])
