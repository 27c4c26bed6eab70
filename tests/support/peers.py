"""What websockets and wsproto say of a request, given as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11
from websockets.exceptions import InvalidHandshake
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.server import ServerProtocol
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection
from wsproto.extensions import PerMessageDeflate
from wsproto.utilities import ProtocolError

from ws_handshake.core.normalize import handed_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.handshakes import Handshake

    #: The accept token, or None if the request is rejected or the peer fell over it.
    Peer = Callable[[bytes], str | None]


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
    except (ProtocolError, h11.ProtocolError, ValueError):
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
