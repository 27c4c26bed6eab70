"""Where peers reject what we accept: a row for each, and a predicate for its like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.fuzz.differences import Row, lines
from tests.support.handshakes import VALID, Handshake
from ws_handshake.core.grammar import elements
from ws_handshake.core.normalize import handed_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake import RequestHead

    Applies = Callable[[RequestHead, bytes], bool]

_EXTENSIONS = b"sec-websocket-extensions"
_PROTOCOL = b"sec-websocket-protocol"
_LISTS = (b"upgrade", b"connection", _PROTOCOL, _EXTENSIONS)


def _has_others(request: RequestHead, _data: bytes) -> bool:
    """Return whether Upgrade is anything but one line with only `websocket`."""
    values = request.values(b"upgrade")
    return len(values) > 1 or values[0].lower() != b"websocket"


def _is_split(request: RequestHead, _data: bytes) -> bool:
    return any(len(request.values(name)) > 1 for name in (b"upgrade", b"connection"))


def _has_empty_line(request: RequestHead, _data: bytes) -> bool:
    return any(not elements(v) for name in _LISTS for v in request.values(name))


def _has_empty_element(request: RequestHead, name: bytes) -> bool:
    parts = b",".join(request.values(name)).split(b",")
    return bool(request.values(name)) and any(not part.strip(b" \t") for part in parts)


def _is_offered_twice(request: RequestHead, _data: bytes) -> bool:
    offered = elements(b",".join(request.values(_PROTOCOL)))
    return len(set(offered)) < len(offered)


def _has_odd_offer(request: RequestHead, _data: bytes) -> bool:
    """Return whether we would change the offers before we hand them over."""
    after = [
        v.strip(b" \t") for n, v in handed_over(request).headers if n == _EXTENSIONS
    ]
    return request.values(_EXTENSIONS) != after


def _has_spaced_value(request: RequestHead, _data: bytes) -> bool:
    offers = b",".join(request.values(_EXTENSIONS))
    return re.search(rb"[ \t]=|=[ \t]|[ \t];|[ \t]\Z", offers) is not None


def _has_line_feed(_request: RequestHead, data: bytes) -> bool:
    return re.search(rb"(?<!\r)\n", data) is not None


def _has_tab(name: bytes, data: bytes) -> bool:
    """Return whether HTAB stands within a value."""
    return re.search(rb"(?i)\n%s:[ \t]*[^ \t\n][^\n]*\t" % name, data) is not None


APPLIES: dict[str, Applies] = {
    "another protocol in Upgrade": _has_others,
    "several lines of a list": _is_split,
    "a line without an element": _has_empty_line,
    "an empty element": lambda request, _: _has_empty_element(request, _PROTOCOL),
    "an empty offer": lambda request, _: _has_empty_element(request, _EXTENSIONS),
    "a subprotocol offered twice": _is_offered_twice,
    "a body of 00 bytes": lambda request, _: any(
        len(value) > 1 for value in request.values(b"content-length")
    ),
    "two bodies of 0 and of 00 bytes": lambda request, _: (
        len(set(request.values(b"content-length"))) > 1
    ),
    "a length in two lines": lambda request, _: (
        len(request.values(b"content-length")) > 1
    ),
    "one length twice": lambda request, _: (
        b"," in b",".join(request.values(b"content-length"))
    ),
    "an A-label that IDNA 2003 has not": lambda request, _: (
        b"xn--" in request.values(b"host")[0].lower()
    ),
    "an offer it falls over": _has_odd_offer,
    "white space in an offer": _has_spaced_value,
    "a version between 1.1 and 2": lambda request, _: request.http_version != "1.1",
    "a line that ends in LF alone": _has_line_feed,
    "a tab in Connection": lambda _, data: _has_tab(b"connection", data),
    "a tab behind a length": lambda _, data: _has_tab(b"content-length", data),
    "an empty line before the first": lambda _, data: data[:1] in {b"\r", b"\n"},
}


def _rows(
    code: str, rfc: str, example: Handshake | bytes, *peers: str, always: bool = False
) -> Iterator[Row]:
    data = example if isinstance(example, bytes) else example.wire()
    for who in peers:
        yield Row(who, code, f"RFC {rfc}", data, always)


THEY_REJECT = (
    *_rows(
        *("another protocol in Upgrade", "9110 section 7.8"),
        VALID.but(b"upgrade", b"h2c, websocket"),
        *("websockets", "wsproto", "ws", "aiohttp"),
    ),
    *_rows(
        *("several lines of a list", "9110 section 5.3"),
        lines(b"connection", b"Upgrade", b"keep-alive"),
        "wsproto",
    ),
    *_rows(
        *("a line without an element", "9110 section 5.6.1.2"),
        lines(b"connection", b"Upgrade", b","),
        "websockets",
    ),
    *_rows(
        *("an empty element", "9110 section 5.6.1.2"),
        VALID.plus(_PROTOCOL, b"chat,, x"),
        "ws",
    ),
    *_rows(
        *("an empty offer", "9110 section 5.6.1.2"),
        VALID.plus(_EXTENSIONS, b"x,"),
        "ws",
        always=True,
    ),
    *_rows(
        *("a subprotocol offered twice", "6455 section 4.2.1(8)"),
        VALID.plus(_PROTOCOL, b"chat, chat"),
        "ws",
        always=True,
    ),
    *_rows(
        *("a body of 00 bytes", "9110 section 8.6"),
        VALID.plus(b"content-length", b"00"),
        "websockets",
    ),
    *_rows(
        *("two bodies of 0 and of 00 bytes", "9110 section 8.6"),
        VALID.plus(b"content-length", b"0").plus(b"content-length", b"00"),
        *("wsproto", "h11"),
    ),
    *_rows(
        *("a length in two lines", "9110 section 8.6"),
        VALID.plus(b"content-length", b"0").plus(b"content-length", b"0"),
        *("httptools", "ws", "aiohttp"),
    ),
    *_rows(
        *("an A-label that IDNA 2003 has not", "5891 section 5.4"),
        VALID.but(b"host", b"xn--fa-hia.example"),
        "wsproto",
    ),
    *_rows(
        *("an offer it falls over", "7692 section 7.1"),
        VALID.plus(_EXTENSIONS, b"permessage-deflate; server_max_window_bits=foo"),
        *("wsproto", "ws"),
    ),
    *_rows(
        *("white space in an offer", "6455 section 9.1"),
        VALID.plus(_EXTENSIONS, b"x; a = b"),
        "ws",
        always=True,
    ),
    *_rows(
        *("a tab in Connection", "9110 section 5.6.3"),
        VALID.but(b"connection", b"Upgrade\t, te"),
        "ws",
        always=True,
    ),
    *_rows(
        *("a tab behind a length", "9110 section 5.5"),
        VALID.plus(b"content-length", b"0\t"),
        "ws",
    ),
    *_rows(
        *("a version between 1.1 and 2", "9110 section 2.5"),
        VALID.asked(version="1.2"),
        *("websockets", "httptools", "ws", "aiohttp"),
    ),
    *_rows(
        *("a line that ends in LF alone", "9112 section 2.2"),
        VALID.wire().replace(b"\r\n", b"\n", 2),
        *("websockets", "httptools", "ws", "aiohttp"),
    ),
    *_rows(
        *("an empty line before the first", "9112 section 2.2"),
        b"\n" + VALID.wire(),
        *("websockets", "wsproto", "h11"),
    ),
)

#: Where a parser reads other fields than we do.
THEY_READ = (
    *_rows(
        *("one length twice", "9110 section 8.6"),
        VALID.plus(b"content-length", b"0").plus(b"content-length", b"0"),
        "h11",
    ),
)
