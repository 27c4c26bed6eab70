"""Reads a curl command, as DevTools copy it for bash and for cmd, or as people type it.

The request is the one that curl would send: with the fields that it adds by itself.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.argv import read_argv
from ws_handshake.cli.pasted.curl_options import read_options
from ws_handshake.cli.pasted.head import PastedHead, flaw_of
from ws_handshake.cli.pasted.url import Address, encoded, read_url
from ws_handshake.core.grammar import OWS
from ws_handshake.core.request import (
    CONNECTION,
    CONTENT_LENGTH,
    HOST,
    KEY,
    UPGRADE,
    VERSION,
    RequestHead,
)

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.curl_options import Options
    from ws_handshake.cli.pasted.head import Header

_COMMAND = re.compile(
    rb"(?m)^[ \t]*+(?:[$%#] |PS [^>\r\n]*+> ?|[A-Z]:\\[^>\r\n]*+> ?)?curl(?:\.exe)?\s"
)
_glob_escape = re.compile(r"\\([\[\]{}])")

#: What curl adds to ws:// and wss:// where it is not given.
_HANDSHAKE: tuple[Header, ...] = (
    (UPGRADE, b"websocket"),
    (CONNECTION, b"Upgrade"),
    (VERSION, b"13"),
    (KEY, b"AAAAAAAAAAAAAAAAAAAAAA=="),
)

ADDED = "curl opens ws:// and wss:// by itself, and adds what is missing there."
AGREES_ON_HTTP2 = (
    "With https:// curl agrees on HTTP/2 where the server offers it, unless it is reported "
    "--http1.1; this was taken for HTTP/1.1."
)


def is_curl(text: bytes) -> bool:
    """Return whether a line of `text` begins with curl."""
    return _COMMAND.search(text) is not None


def read_curl(text: bytes) -> PastedHead:
    """Return the request that the first curl command in `text` sends."""
    command = _COMMAND.split(text, maxsplit=1)[-1]
    options = read_options(read_argv(command.decode("latin-1")))
    # Chrome escapes what curl would take for a pattern
    url = _glob_escape.sub(r"\1", "".join(options["url"][:1]))
    address = read_url(url)
    given, removed = _given(options)
    replaced = removed | {name for name, _ in given}
    own = [f for f in _own(options, address) if f[0] not in replaced]
    opens = address.scheme in {"ws", "wss"}
    added = [f for f in _HANDSHAKE if opens and f[0] not in replaced]
    request = RequestHead(
        _method(options),
        _version(options, address.scheme),
        [*own, *given, *added],
        address.target,
        address.scheme,
    )
    return PastedHead(
        request,
        flaw_of(request),
        tuple(_notes(options, address.scheme, added)),
        made_up=frozenset(name for name, _ in added if name == KEY),
    )


def _notes(options: Options, scheme: str, added: list[Header]) -> list[str]:
    notes = [ADDED] if added else []
    reported = options.keys() & {"0", "http1.1", "http2", "http2-prior-knowledge"}
    return [*notes, AGREES_ON_HTTP2] if scheme == "https" and not reported else notes


def _given(options: Options) -> tuple[list[Header], set[bytes]]:
    """Return the fields of -H, and the names of those that it takes out."""
    fields: list[Header] = []
    removed = set()
    for line in map(encoded, options["H"]):
        name, colon, value = line.partition(b":")
        if colon and value.strip(OWS):
            fields.append((name.lower(), value.strip(OWS)))
        elif colon:
            removed.add(name.lower())
        elif line.endswith(b";"):
            fields.append((line[:-1].lower(), b""))
    return fields, removed


def _own(options: Options, address: Address) -> list[Header]:
    """Return the fields that curl makes where -H does not replace them."""
    cookies, referer = options.get("b", [""])[0], options.get("e", [""])[0]
    fields: list[tuple[bytes, bytes | None]] = [
        (HOST, address.host),
        (b"authorization", _credentials(options, address)),
        (b"user-agent", encoded(options.get("A", ["curl"])[0])),
        (b"accept", b"*/*"),
        (b"accept-encoding", b"gzip" if "compressed" in options else None),
        (b"referer", encoded(referer)),
        # without "=" it is the name of a file
        (b"cookie", encoded(cookies) if "=" in cookies else None),
        (CONTENT_LENGTH, b"1" if _sends_body(options) else None),
    ]
    return [(name, value) for name, value in fields if value]


def _credentials(options: Options, address: Address) -> bytes | None:
    if "oauth2-bearer" in options:
        return b"Bearer " + encoded(options["oauth2-bearer"][0])
    user = options.get("u", [address.user or ""])[0]
    return b"Basic " + base64.b64encode(encoded(user)) if user else None


def _sends_body(options: Options) -> bool:
    return bool(options.keys() & {"d", "F", "T"}) and "G" not in options


def _method(options: Options) -> str:
    if "X" in options:
        return options["X"][-1]
    if "I" in options:
        return "HEAD"
    if not _sends_body(options):
        return "GET"
    return "PUT" if "T" in options else "POST"


def _version(options: Options, scheme: str) -> str:
    """Return the version that curl is configured to use.

    Without TLS, --http2 only asks for an upgrade; ws:// and wss:// are HTTP/1.1.
    """
    if scheme in {"ws", "wss"}:
        return "1.1"
    if "http2-prior-knowledge" in options or ("http2" in options and scheme == "https"):
        return "2"
    if options.keys() & {"http3", "http3-only"}:
        return "3"
    return "1.0" if "0" in options else "1.1"
