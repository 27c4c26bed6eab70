"""What WebSocket libraries and HTTP parsers make of a request, given as bytes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import h11 as _h11
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from websockets.exceptions import InvalidHandshake
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.server import ServerProtocol
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection
from wsproto.extensions import PerMessageDeflate
from wsproto.utilities import ProtocolError

from ws_handshake.core.grammar import OWS
from ws_handshake.core.normalize import handed_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.handshakes import Handshake
    from ws_handshake import RequestHead

    #: The accept token, or None if the request is rejected or the peer raised.
    Peer = Callable[[bytes], str | None]
    Parser = Callable[[bytes], "Parsed | None"]


def websockets(data: bytes) -> str | None:
    """Ask the protocol that uvicorn's websockets-sansio implementation drives."""
    protocol = ServerProtocol(extensions=[ServerPerMessageDeflateFactory()])
    protocol.receive_data(data)
    requests = [e for e in protocol.events_received() if isinstance(e, Request)]
    try:
        return protocol.process_request(requests[0])[0] if requests else None
    except InvalidHandshake:
        return None


def wsproto(data: bytes) -> str | None:
    """Ask wsproto, with the compression that uvicorn switches on."""
    connection = WSConnection(ConnectionType.SERVER)
    try:
        connection.receive_data(data)
        response = connection.send(AcceptConnection(extensions=[PerMessageDeflate()]))
    except (ProtocolError, _h11.ProtocolError, ValueError):
        return None
    lines = response.lower().split(b"\r\n")
    name = b"sec-websocket-accept: "
    place = next(i for i, line in enumerate(lines) if line.startswith(name))
    return response.split(b"\r\n")[place][len(name) :].decode("ascii")


PEERS: dict[str, Peer] = {"websockets": websockets, "wsproto": wsproto}


def as_handed_over(handshake: Handshake) -> bytes:
    """Return a valid request as uvicorn writes it to the implementation behind it."""
    handover = handed_over(handshake.head())
    return handshake.asked(
        target=handover.target, version="1.1", headers=tuple(handover.headers)
    ).wire()


class Parsed(NamedTuple):
    """A request line and header lines, the names in lower case."""

    method: bytes
    target: bytes
    version: bytes
    headers: list[tuple[bytes, bytes]]


def parsed(request: RequestHead) -> Parsed:
    """Return a request of ours in the form of theirs."""
    return Parsed(
        request.method.encode("latin-1"),
        request.target,
        request.http_version.encode("ascii"),
        list(request.headers),
    )


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
    # what follows the head does not matter here
    with suppress(HttpParserUpgrade, HttpParserError):
        parser.feed_data(data)
    if not head.is_complete:
        return None
    version = parser.get_http_version().encode("ascii")
    return Parsed(parser.get_method(), head.target, version, head.headers)


PARSERS: dict[str, Parser] = {"h11": h11, "httptools": httptools}
