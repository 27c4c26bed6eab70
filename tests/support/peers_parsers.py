"""What h11 and httptools make of a request, given as bytes: they only parse it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import h11 as _h11
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from ws_handshake.core.grammar import OWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake import RequestHead

    Parser = Callable[[bytes], "Parsed | None"]


class Parsed(NamedTuple):
    """A request line and header lines, the names in lower case."""

    method: bytes
    target: bytes
    version: bytes
    headers: list[tuple[bytes, bytes]]


def parsed(request: RequestHead) -> Parsed:
    """Return what we have read, to be compared."""
    method, version = (
        request.method.encode("latin-1"),
        request.http_version.encode("ascii"),
    )
    return Parsed(method, request.target, version, list(request.headers))


def h11(data: bytes) -> Parsed | None:
    """Ask h11; None where it rejects the head."""
    connection = _h11.Connection(_h11.SERVER)
    connection.receive_data(data)
    try:
        event = connection.next_event()
    except _h11.RemoteProtocolError:
        return None
    if not isinstance(event, _h11.Request):
        return None
    headers = [(bytes(name), bytes(value)) for name, value in event.headers]
    return Parsed(event.method, event.target, event.http_version, headers)


class _Head:
    """The callbacks of httptools."""

    def __init__(self) -> None:
        self.target = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.is_complete = False

    def on_url(self, part: bytes) -> None:
        self.target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value.strip(OWS)))

    def on_headers_complete(self) -> None:
        self.is_complete = True


def httptools(data: bytes) -> Parsed | None:
    """Ask httptools; None where it rejects the head."""
    head = _Head()
    parser = HttpRequestParser(head)
    # what stands behind the head is no matter here
    with suppress(HttpParserUpgrade, HttpParserError):
        parser.feed_data(data)
    if not head.is_complete:
        return None
    version = parser.get_http_version().encode("ascii")
    return Parsed(parser.get_method(), head.target, version, head.headers)


PARSERS: dict[str, Parser] = {"h11": h11, "httptools": httptools}
