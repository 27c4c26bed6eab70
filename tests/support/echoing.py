"""What the applications on the page about frameworks are asked, on real sockets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from websockets.sync.client import connect

from tests.support.handshakes import VALID
from tests.support.other_servers import exchange

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from tests.support.wires import Response

_UPGRADE, _CONNECTION = b"upgrade", b"connection"
_KEY, _VERSION = b"sec-websocket-key", b"sec-websocket-version"
_SECONDS = 30.0

KEY_MALFORMED = VALID.but(_KEY, b"AAAA")
KEY_MISSING = VALID.without(_KEY)
#: What nginx makes of a handshake by default, but for HTTP/1.0.
UPGRADE_LOST = VALID.without(_UPGRADE).but(_CONNECTION, b"close")
ELSEWHERE = VALID.plus(b"origin", b"https://evil.example")
NO_ROUTE = VALID.asked(target=b"/none")
PLAIN = VALID.without(_UPGRADE, _CONNECTION, _KEY, _VERSION).asked(target=b"/")


@dataclass(frozen=True)
class WebSocketPath:
    """Where an application has its WebSocket, and how it is made to echo."""

    path: str = "/ws"
    opening: tuple[str, ...] = ()
    hello: str = "hello"
    echoed: str = "hello"

    def asked(self, handshake: Handshake) -> Handshake:
        """Ask the same of this path; other paths stay what they are."""
        moved = handshake.target == VALID.target
        return handshake.asked(target=self.path.encode()) if moved else handshake

    def echoes(self, port: int) -> bool:
        """Return whether a client that connects gets its message back."""
        address = f"ws://127.0.0.1:{port}{self.path}"
        with connect(address, proxy=None, open_timeout=_SECONDS) as socket:
            for packet in self.opening:
                socket.recv(_SECONDS)
                socket.send(packet)
            if self.opening:
                socket.recv(_SECONDS)
            socket.send(self.hello)
            return socket.recv(_SECONDS) == self.echoed


USUAL = WebSocketPath()

#: Engine.IO opens, Socket.IO connects, and an event is acknowledged with what it had.
SOCKET_IO = WebSocketPath(
    path="/socket.io/?EIO=4&transport=websocket",
    opening=("40",),
    hello='420["echo","hello"]',
    echoed='430["hello"]',
)


def response_of(port: int, handshake: Handshake, agent: str = "test") -> Response:
    """Ask once, and read until the response is whole: connections are kept alive."""
    marked = handshake.plus(b"user-agent", agent.encode("ascii"))
    return exchange(port, marked.wire(), _is_whole)


def _is_whole(response: Response) -> bool:
    if b"\r\n\r\n" not in response.raw:
        return False
    headers = dict(response.headers)
    if b"content-length" in headers:
        return len(response.body) >= int(headers[b"content-length"])
    if headers.get(b"transfer-encoding") == b"chunked":
        return response.body.endswith(b"0\r\n\r\n")
    return response.status == 101
