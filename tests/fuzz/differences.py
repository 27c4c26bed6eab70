"""Where peers accept what we reject: a row for each, with the clause that we follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.handshakes import KEY, VALID, Handshake

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXTENSIONS = b"sec-websocket-extensions"
_PROTOCOL = b"sec-websocket-protocol"


@dataclass(frozen=True)
class Row:
    """`who` accepts what we reject with `code`, or rejects what we accept.

    In the second case `code` is a predicate of APPLIES, and `always` means that `who`
    rejects the request even in the form that we hand over.
    """

    who: str
    code: str
    rfc: str
    example: bytes
    always: bool = False

    def __str__(self) -> str:
        return f"{self.who}, {self.code}"


def lines(name: bytes, *values: bytes) -> Handshake:
    """Write one field in several lines."""
    handshake = VALID.without(name)
    for value in values:
        handshake = handshake.plus(name, value)
    return handshake


def _rows(code: str, rfc: str, /, **examples: Handshake) -> Iterator[Row]:
    """Make the rows of one code: the example of each peer."""
    for who, example in examples.items():
        yield Row(who, code, f"RFC {rfc}", example.wire())


_NO_HOST = VALID.without(b"host")
_EMPTY_HOST = VALID.but(b"host", b"")
_PATH_IN_HOST = VALID.but(b"host", b"a/b?c=")
_TWO_HOSTS = VALID.plus(b"host", b"other.example")
_OLD = VALID.asked(version="1.0")
_HTTP2 = VALID.asked(version="2.0")
_TWO_KEYS = VALID.plus(b"sec-websocket-key", KEY)
_TWO_VERSIONS = VALID.plus(b"sec-websocket-version", b"13")
_OTHER_VERSION = VALID.but(b"sec-websocket-version", b"8")
_ODD_PROTOCOL = VALID.plus(_PROTOCOL, b"a\x80b")
_ODD_OFFER = VALID.plus(_EXTENSIONS, b"x;")
_TWO_ORIGINS = VALID.plus(b"origin", b"null").plus(b"origin", b"null")
_ORIGINS_LISTED = VALID.plus(b"origin", b"null, null")
_BODY = VALID.plus(b"content-length", b"5")
_FOLDED = VALID.plus(b"x-note", b"a\r\n b")
_CONTROL = VALID.plus(b"x-note", b"a\x01b")
_FRAGMENT = VALID.asked(target=b"/ws#a")
_GLUED = VALID.asked(target=b"/wsHTTP/1.1 ")

THEY_ACCEPT = (
    *_rows(
        "method_not_get", "6455 section 4.2.1(1)", aiohttp=VALID.asked(method="PUT")
    ),
    *_rows("http_version_too_old", "9110 section 7.8", wsproto=_OLD, ws=_OLD),
    *_rows("host_missing", "9112 section 3.2", websockets=_NO_HOST, ws=_NO_HOST),
    *_rows(
        "host_missing", "9112 section 3.2", wsproto=_EMPTY_HOST, aiohttp=_EMPTY_HOST
    ),
    *_rows(
        *("host_malformed", "9112 section 3.2"),
        **dict.fromkeys(("websockets", "wsproto", "ws", "aiohttp"), _PATH_IN_HOST),
    ),
    *_rows("host_duplicated", "9112 section 3.2", websockets=_TWO_HOSTS, ws=_TWO_HOSTS),
    *_rows(
        *("upgrade_not_websocket", "9110 section 5.3"),
        wsproto=lines(b"upgrade", b"a b", b"websocket"),
        aiohttp=lines(b"upgrade", b"websocket", b"a b"),
    ),
    *_rows(
        *("connection_not_upgrade", "9110 section 7.6.1"),
        wsproto=VALID.but(b"connection", b"a/b, Upgrade"),
        ws=VALID.but(b"connection", b"a/b, Upgrade"),
        aiohttp=VALID.but(b"connection", b"a/b, Upgrade"),
    ),
    *_rows(
        *("key_malformed", "6455 section 4.2.1(5)"),
        wsproto=VALID.but(b"sec-websocket-key", b"x"),
        aiohttp=VALID.but(b"sec-websocket-key", b"#" + KEY),
    ),
    *_rows(
        "key_duplicated", "6455 section 11.3.1", wsproto=_TWO_KEYS, aiohttp=_TWO_KEYS
    ),
    *_rows(
        *("version_unsupported", "6455 section 4.2.1(6)"),
        ws=_OTHER_VERSION,
        aiohttp=_OTHER_VERSION,
    ),
    *_rows(
        *("version_duplicated", "6455 section 11.3.5"),
        wsproto=_TWO_VERSIONS,
        aiohttp=_TWO_VERSIONS,
    ),
    *_rows(
        *("subprotocol_malformed", "6455 section 4.1(10)"),
        wsproto=VALID.plus(_PROTOCOL, b"a b"),
        aiohttp=_ODD_PROTOCOL,
    ),
    *_rows("extensions_malformed", "6455 section 9.1", wsproto=_ODD_OFFER),
    *_rows("extensions_malformed", "6455 section 9.1", aiohttp=_ODD_OFFER),
    *_rows(
        *("origin_duplicated", "6454 section 7.3"),
        websockets=_ORIGINS_LISTED,
        **dict.fromkeys(("wsproto", "ws", "aiohttp"), _TWO_ORIGINS),
    ),
    *_rows(
        *("body_unexpected", "9110 section 9.3.1"),
        **dict.fromkeys(("wsproto", "ws", "aiohttp"), _BODY),
    ),
    *_rows("http1_handshake_over_http2", "9113 section 3", wsproto=_HTTP2, ws=_HTTP2),
    *_rows(
        *("head_malformed: the request line", "9112 section 3"),
        websockets=VALID.asked(target=b"/ws\x0b"),
        httptools=_GLUED,
        ws=_GLUED,
        aiohttp=_GLUED,
    ),
    *_rows(
        *("head_malformed: the request target", "6455 section 4.2.1(1)"),
        **dict.fromkeys(
            ("websockets", "wsproto", "h11", "httptools", "ws", "aiohttp"), _FRAGMENT
        ),
    ),
    *_rows(
        *("head_malformed: a continued header line", "9112 section 5.2"),
        wsproto=_FOLDED,
        h11=_FOLDED,
    ),
    *_rows(
        *("head_malformed: a control character in a header value", "9110 section 5.5"),
        wsproto=_CONTROL,
        h11=_CONTROL,
    ),
)
