"""RequestHead, what arrived: the request line and the header lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from ws_handshake.core.grammar import OWS, elements

if TYPE_CHECKING:
    from collections.abc import Sequence

HOST = b"host"
UPGRADE = b"upgrade"
CONNECTION = b"connection"
KEY = b"sec-websocket-key"
VERSION = b"sec-websocket-version"
PROTOCOL = b"sec-websocket-protocol"
EXTENSIONS = b"sec-websocket-extensions"
ORIGIN = b"origin"
CONTENT_LENGTH = b"content-length"
TRANSFER_ENCODING = b"transfer-encoding"

# hixie-76, the draft before RFC 6455, sent two keys.
_HANDSHAKE_ONLY = frozenset(
    [KEY, VERSION, PROTOCOL, EXTENSIONS, b"sec-websocket-key1", b"sec-websocket-key2"]
)

#: The methods that HTTP knows.
METHODS = frozenset(
    [
        *("GET", "HEAD", "POST", "PUT", "DELETE"),
        *("CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"),
    ]
)

# Of `raw.lower()` text would make text, which is equal to no name here.
_lower = bytes.lower

_HTTP2 = frozenset(["2", "3"])

#: Names that may show an attempt; a plain request has none of them.
EVIDENCE = _HANDSHAKE_ONLY | {UPGRADE}

#: No name before this one is evidence: most names need not be hashed.
FIRST_EVIDENCE = min(EVIDENCE)

#: The fields that the rules look at.
JUDGED = frozenset(
    [
        *(HOST, UPGRADE, CONNECTION, KEY, VERSION, PROTOCOL, EXTENSIONS),
        *(ORIGIN, CONTENT_LENGTH, TRANSFER_ENCODING),
    ]
)


class Fields(Protocol):
    """The values of the fields that the rules look at, line by line."""

    def get(self, name: bytes, /) -> list[bytes] | None:
        """Return the values of the lines called `name`; None where there is none."""
        ...


class RequestHead(NamedTuple):
    """What arrived: a request line and header lines, nothing decoded.

    Attributes:
        method: as it was sent; RFC 6455 wants GET.
        http_version: `1.0`, `1.1`, `2` or `3`.
        headers: pairs of a name and a value, in bytes, as in ASGI.
        target: the target of the request line; it counts for the size limit.
        scheme: `http`, `https`, `ws` or `wss`; it counts for `same-origin`.
        upgraded: whether the server has already taken the request for a handshake, so
            that what is absent has been seen to (an ASGI `websocket` scope).

    """

    method: str
    http_version: str
    headers: Sequence[tuple[bytes, bytes]]
    target: bytes = b""
    scheme: str = ""
    upgraded: bool = False

    def __repr__(self) -> str:
        """Count the lines, and show nothing: a method may be a secret, too."""
        return f"<RequestHead of {len(self.headers)} lines>"

    def values(self, name: bytes) -> list[bytes]:
        """Return the values of the lines called `name`, without white space around."""
        return [value.strip(OWS) for key, value in self.headers if key.lower() == name]

    def tokens(self, name: bytes) -> list[bytes]:
        """Return the elements of all lines called `name` as one list, lower-case."""
        return elements(b",".join(self.values(name)).lower())

    def fields(self) -> dict[bytes, list[bytes]]:
        """Return the values of every field that a rule looks at, line by line.

        Raises TypeError for names of text, of which no rule would see any.
        """
        found: dict[bytes, list[bytes]] = {}
        for raw, value in self.headers:
            name = _lower(raw)
            if name in JUDGED:
                found.setdefault(name, []).append(value.strip(OWS))
        return found

    def is_http2(self) -> bool:
        """Return whether the request came over HTTP/2 or HTTP/3."""
        return self.http_version[:1] in _HTTP2

    def is_attempt(self) -> bool:
        """Return whether this is a WebSocket handshake, however broken.

        Evidence is a field that only a handshake has, or `websocket` among the
        Upgrade tokens; `Upgrade: h2c` or `Connection: upgrade` alone is none. Over
        HTTP/2 only a CONNECT, or a GET with Sec-WebSocket-Key, is an attempt.
        """
        if self.http_version[:1] in _HTTP2:
            names = {name.lower() for name, _ in self.headers}
            if self.method == "GET":
                return KEY in names
            return self.method == "CONNECT" and not _HANDSHAKE_ONLY.isdisjoint(names)
        for name, _ in self.headers:  # most servers write names in lower case
            if name in _HANDSHAKE_ONLY:
                return True
        for name, _ in self.headers:
            if name.lower() in _HANDSHAKE_ONLY:
                return True
        return b"websocket" in self.tokens(UPGRADE)
