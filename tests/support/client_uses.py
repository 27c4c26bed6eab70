"""What each test client sees of an application of `client_apps.py`, used once.

That is the response to a plain request, the subprotocol and the reply to a text; None
stands for what a client does not show. Channels has no types, and is imported by name.
"""

from __future__ import annotations

import asyncio
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

import falcon.testing
import httpx
import httpx2
from asgi_tools.tests import ASGITestClient
from blacksheep.testing import TestClient as BlackSheepClient
from httpx2.websockets import ASGIWebSocketTransport as Httpx2Transport
from httpx_ws import AsyncWebSocketSession, aconnect_ws
from httpx_ws.transport import ASGIWebSocketTransport
from lilya.testclient import TestClient as LilyaClient
from litestar.testing import AsyncTestClient as AsyncLitestarClient
from litestar.testing import TestClient as LitestarClient
from ravyn.testclient import RavynTestClient
from starlette.testclient import TestClient as StarletteClient

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    Seen = tuple[str | None, str | None, str]


def _run(use: Callable[..., Coroutine[Any, Any, Seen]]) -> Callable[..., Seen]:
    @wraps(use)
    def run(app: Any, **asked: Any) -> Seen:
        return asyncio.run(use(app, **asked))

    return run


def _of(client: Any, asked: dict[str, Any]) -> Seen:
    home = client.get("/").text
    with client.websocket_connect("/ws", **asked) as session:
        session.send_text("hello")
        return home, session.accepted_subprotocol, session.receive_text()


def starlette(
    app: Any, client: tuple[str, int] = ("testclient", 50000), **asked: Any
) -> Seen:
    """Use Starlette's client, which is FastAPI's as well."""
    with StarletteClient(app, client=client) as opened:
        return _of(opened, asked)


def starlette_unopened(app: Any, **asked: Any) -> Seen:
    """Use Starlette's client without a lifespan."""
    return _of(StarletteClient(app), asked)


def lilya(app: Any, **asked: Any) -> Seen:
    """Use Lilya's client."""
    return _of_lilya(LilyaClient(app), asked)


def ravyn(app: Any, **asked: Any) -> Seen:
    """Use Ravyn's client."""
    return _of_lilya(RavynTestClient(app), asked)


def _of_lilya(client: Any, asked: dict[str, Any]) -> Seen:
    try:
        with client:
            return _of(client, asked)
    finally:
        for stream in (client.stream_send, client.stream_receive):
            # it leaves them open
            stream.send_stream.close()
            stream.receive_stream.close()


def litestar(app: Any, **asked: Any) -> Seen:
    """Use Litestar's client."""
    with LitestarClient(app) as client:
        return _of(client, asked)


@_run
async def litestar_async(app: Any, **asked: Any) -> Seen:
    """Use Litestar's asynchronous client."""
    async with AsyncLitestarClient(app) as client:
        home = (await client.get("/")).text
        with await client.websocket_connect("/ws", **asked) as session:
            session.send_text("hello")
            return home, session.accepted_subprotocol, session.receive_text()


@_run
async def asgi_tools(app: Any, **asked: Any) -> Seen:
    """Use the client of asgi-tools, which does not show the subprotocol."""
    client: Any = ASGITestClient(app)
    home = await (await client.get("/")).text()
    async with client.websocket("/ws", **asked) as websocket:
        await websocket.send("hello")
        return home, None, await websocket.receive()


@_run
async def async_asgi_testclient(app: Any, **asked: Any) -> Seen:
    """Use the client of async-asgi-testclient, which does not show it either."""
    async with import_module("async_asgi_testclient").TestClient(app) as client:
        home = (await client.get("/")).text
        async with client.websocket_connect("/ws", **asked) as websocket:
            await websocket.send_text("hello")
            return home, None, await websocket.receive_text()


@_run
async def channels(app: Any, **asked: Any) -> Seen:
    """Use Channels' communicator, which knows no plain request."""
    communicator = import_module("channels.testing").WebsocketCommunicator
    client = communicator(app, "/ws", **asked)
    accepted, subprotocol = await client.connect()
    assert accepted, f"closed with {subprotocol}"
    await client.send_to(text_data="hello")
    text = await client.receive_from()
    await client.disconnect()
    return None, subprotocol, text


@_run
async def httpx_ws(app: Any, **asked: Any) -> Seen:
    """Use httpx with the transport of httpx-ws."""
    session: AsyncWebSocketSession
    async with (
        ASGIWebSocketTransport(app) as transport,
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        home = (await client.get("/")).text
        async with aconnect_ws("http://test/ws", client, **asked) as session:
            await session.send_text("hello")
            return home, session.subprotocol, await session.receive_text()


@_run
async def httpx2_websockets(app: Any, **asked: Any) -> Seen:
    """Use httpx2, which has a transport of its own."""
    async with (
        Httpx2Transport(app) as transport,
        httpx2.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        home = (await client.get("/")).text
        async with client.websocket("http://test/ws", **asked) as session:
            await session.send_text("hello")
            return home, session.subprotocol, await session.receive_text()


@_run
async def quart(app: Any, **asked: Any) -> Seen:
    """Use Quart's client, which does not show the subprotocol."""
    client = app.test_client()
    home = await (await client.get("/")).get_data(as_text=True)
    async with client.websocket("/ws", **asked) as websocket:
        await websocket.send("hello")
        return home, None, await websocket.receive()


@_run
async def falcon_client(app: Any, **asked: Any) -> Seen:
    """Use Falcon's client."""
    client: Any = falcon.testing.ASGIConductor(app)
    async with client as conductor:
        home = (await conductor.simulate_get("/")).text
        async with conductor.simulate_ws("/ws", **asked) as websocket:
            await websocket.send_text("hello")
            return home, websocket.subprotocol, await websocket.receive_text()


@_run
async def blacksheep(app: Any, **asked: Any) -> Seen:
    """Use BlackSheep's client; what it sends as a text the application cannot read."""
    await app.start()
    client: Any = BlackSheepClient(app)
    home = await (await client.get("/")).text()
    async with client.websocket_connect("/ws", **asked) as websocket:
        await websocket.send({"type": "websocket.receive", "text": "hello"})
        text = await websocket.receive_text()
    await client.websocket_all_closed()
    await app.stop()
    return home, None, text
