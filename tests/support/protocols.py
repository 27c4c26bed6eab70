"""Drives a protocol class without a socket: a test decides on every segment."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from uvicorn import Config
from uvicorn.protocols.http import h11_impl, httptools_impl
from uvicorn.server import ServerState

from tests.support.asgi import RecordingObserver
from tests.support.wires import Response
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Message, Receive, Scope, Send

    ProtocolClass = type[H11Protocol | HttpToolsProtocol]

CLIENT = "203.0.113.9"

#: uvicorn's own class for each of ours.
OWN: dict[type[asyncio.Protocol], type[asyncio.Protocol]] = {
    H11Protocol: h11_impl.H11Protocol,
    HttpToolsProtocol: httptools_impl.HttpToolsProtocol,
}

# More turns of the event loop than any application here takes to respond.
_TURNS = 30


class Line(asyncio.Transport):
    """The server's end of a connection, which keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__({"peername": (CLIENT, 51544), "sockname": ("127.0.0.1", 80)})
        self.writes: list[bytes] = []
        self.protocol: Any = None
        self._closing = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        protocol: asyncio.BaseProtocol = self.protocol
        return protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._closing:
            self.writes.append(bytes(data))

    @property
    def written(self) -> bytes:
        """All that was written, in the order of the writes."""
        return b"".join(self.writes)

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def pause_reading(self) -> None:
        """Nothing to pause: the test decides what is read."""

    def resume_reading(self) -> None:
        """Nothing to resume."""


def talk(
    protocol: type[asyncio.Protocol],
    app: ASGIApp,
    *segments: bytes,
    ws: str = "wsproto",
    **options: Any,
) -> Response:
    """Send the segments one by one, and return what was written in response."""
    return asyncio.run(talking(protocol, app, *segments, ws=ws, **options))


async def talking(
    protocol: type[asyncio.Protocol],
    app: ASGIApp,
    *segments: bytes,
    ws: str = "wsproto",
    settles: int = _TURNS,
    **options: Any,
) -> Response:
    """Do what `talk` does, in the event loop that runs.

    After each segment it waits for so many turns of the loop.
    """
    line = connected(protocol, app, ws=ws, **options)
    for segment in segments:
        if not line.is_closing():
            line.protocol.data_received(segment)
            await settled(settles)
    await settled()
    ending = "closed" if line.is_closing() else "open"
    line.close()
    await settled()
    return Response(line.written, ending)


def connected(
    protocol: type[asyncio.Protocol], app: ASGIApp, ws: str = "wsproto", **options: Any
) -> Line:
    """Return a new connection to a protocol class, in the event loop that runs."""
    config = Config(
        app, http=protocol, ws=ws, lifespan="off", log_config=None, **options
    )
    config.load()
    return serving_line(config)


def serving_line(config: Config) -> Line:
    """Return a new connection to the protocol class that a configuration has."""
    state = ServerState()
    state.default_headers = [(b"date", b"today"), *config.encoded_headers]
    line = Line()
    made: Any = config.http_protocol_class
    line.protocol = made(config, state, {})
    line.protocol.connection_made(line)
    return line


async def settled(turns: int = _TURNS) -> None:
    """Wait until every application here has responded."""
    for _ in range(turns):
        await asyncio.sleep(0)


async def shut_down(
    protocol: type[asyncio.Protocol], app: ASGIApp, data: bytes
) -> bool:
    """Stop a server that has read this; return whether that closes the connection."""
    line = connected(protocol, app)
    line.protocol.data_received(data)
    line.protocol.shutdown()
    closes = line.is_closing()
    await settled()
    return closes


def statuses(response: Response) -> list[bytes]:
    """Return the statuses of all responses, in their order."""
    return re.findall(rb"HTTP/1\.1 ([0-9]{3}) [A-Z]", response.raw)


class Echo:
    """An application that accepts WebSockets, serves pages, and keeps its scopes."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()
            return
        await send(_start(200))
        await send({"type": "http.response.body", "body": b"plain"})


def _start(status: int) -> Message:
    headers = [(b"content-length", b"5")]
    return {"type": "http.response.start", "status": status, "headers": headers}


class Slow:
    """An application that takes a while for each plain request."""

    def __init__(self, inner: ASGIApp, turns: int = 5) -> None:
        self._inner = inner
        self._turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(self._turns if scope["type"] == "http" else 0):
            await asyncio.sleep(0)
        await self._inner(scope, receive, send)


class Within:
    """A wrapper that has what it wraps in `.app`, as middlewares do."""

    def __init__(self, app: ASGIApp, call: ASGIApp) -> None:
        self.app = app
        self._call = call

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._call(scope, receive, send)


async def reading(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that reads the whole body, and responds."""
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"plain"})


def observed_echo(
    **options: Any,
) -> tuple[WebSocketHandshakeMiddleware, Echo, RecordingObserver]:
    """Return a wrapped Echo, the Echo itself, and the recorder of every outcome."""
    echo, recorder = Echo(), RecordingObserver()
    return (
        WebSocketHandshakeMiddleware(echo, observers=[recorder], **options),
        echo,
        recorder,
    )
