"""What real clients see of an application of `side_by_side.py`, one function each.

Each connects with two subprotocols and 6 KB of cookies, reads what the application saw,
has a text and a mebibyte echoed, and is closed with 4001.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx
from httpx_ws import AsyncWebSocketSession, WebSocketDisconnect, aconnect_ws
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.support.client_node import node_ws, undici, undici_compresses
from tests.support.client_seen import COOKIE, MEBIBYTE, OFFERED, Seen, seen, url

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    Battery = Callable[..., Coroutine[Any, Any, Seen]]

_SECONDS = 30.0


async def websockets(port: int, *, compress: bool, size: int) -> Seen:
    """Use websockets."""
    async with connect(
        url(port),
        proxy=None,
        subprotocols=[*map(Subprotocol, OFFERED)],
        compression="deflate" if compress else None,
        additional_headers={"Cookie": COOKIE},
    ) as opened:
        scope = await opened.recv()
        await opened.send("hello")
        text = await opened.recv()
        await opened.send(bytes(size))
        data = await opened.recv()
        await opened.send("close:4001")
        try:
            raise AssertionError(await opened.recv())
        except ConnectionClosed:
            chosen = opened.subprotocol
            return seen(chosen, str(scope), str(text), data, opened.close_code)


async def aiohttp(port: int, *, compress: bool, size: int) -> Seen:
    """Use aiohttp."""
    library: Any = import_module("aiohttp")
    async with (
        library.ClientSession(headers={"Cookie": COOKIE}) as session,
        session.ws_connect(
            url(port), protocols=OFFERED, compress=15 * compress
        ) as opened,
    ):
        scope = await opened.receive_str()
        await opened.send_str("hello")
        text = await opened.receive_str()
        await opened.send_bytes(bytes(size))
        data = await opened.receive_bytes()
        await opened.send_str("close:4001")
        await opened.receive()
        return seen(opened.protocol, scope, text, data, opened.close_code)


async def tornado(port: int, *, compress: bool, size: int) -> Seen:
    """Use tornado."""
    library: Any = import_module("tornado.websocket")
    request: Any = import_module("tornado.httpclient").HTTPRequest(
        url(port), headers={"Cookie": COOKIE}
    )
    opened = await library.websocket_connect(
        request, compression_options={} if compress else None, subprotocols=OFFERED
    )
    scope = await opened.read_message()
    await opened.write_message("hello")
    text = await opened.read_message()
    await opened.write_message(bytes(size), binary=True)
    data = await opened.read_message()
    await opened.write_message("close:4001")
    chosen, stream = opened.selected_subprotocol, opened.protocol.stream
    assert await opened.read_message() is None
    stream.close()  # it would wait for the server to do so
    opened.close()
    return seen(chosen, scope, text, data, opened.close_code)


async def websocket_client(port: int, *, compress: bool, size: int) -> Seen:
    """Use websocket-client, in a thread; it knows no compression."""
    assert not compress
    return await asyncio.to_thread(_websocket_client, port, size)


def _websocket_client(port: int, size: int) -> Seen:
    library: Any = import_module("websocket")
    opened = library.create_connection(
        url(port), timeout=_SECONDS, subprotocols=OFFERED, cookie=COOKIE
    )
    scope = opened.recv()
    opened.send("hello")
    text = opened.recv()
    opened.send_binary(bytes(size))
    data = opened.recv()
    opened.send("close:4001")
    _, closed = opened.recv_data(control_frame=True)
    opened.shutdown()  # `close` leaves a socket open that the server has closed
    code = int.from_bytes(closed[:2], "big")
    return seen(opened.subprotocol, scope, text, data, code)


async def httpx_ws(port: int, *, compress: bool, size: int) -> Seen:
    """Use httpx-ws; it knows no compression."""
    assert not compress
    opened: AsyncWebSocketSession
    async with (
        httpx.AsyncClient(headers={"Cookie": COOKIE}, trust_env=False) as client,
        aconnect_ws(
            url(port), client, max_message_size_bytes=2 * size, subprotocols=OFFERED
        ) as opened,
    ):
        scope = await opened.receive_text()
        await opened.send_text("hello")
        text = await opened.receive_text()
        await opened.send_bytes(bytes(size))
        data = await opened.receive_bytes()
        await opened.send_text("close:4001")
        try:
            raise AssertionError(await opened.receive())
        except WebSocketDisconnect as closed:
            return seen(opened.subprotocol, scope, text, data, closed.code)


async def picows(port: int, *, compress: bool, size: int) -> Seen:
    """Use picows; it knows no compression, and its subprotocols are header lines."""
    assert not compress
    library: Any = import_module("picows")
    frames: asyncio.Queue[bytes] = asyncio.Queue()

    def on_ws_frame(_listener: Any, _transport: Any, frame: Any) -> None:
        frames.put_nowait(frame.get_payload_as_bytes())

    transport, _ = await library.ws_connect(
        type("Listener", (library.WSListener,), {"on_ws_frame": on_ws_frame}),
        url(port),
        max_frame_size=2 * MEBIBYTE,
        extra_headers={
            "Cookie": COOKIE,
            "Sec-WebSocket-Protocol": ", ".join(OFFERED),
        },
    )
    kind = library.WSMsgType
    scope = await frames.get()
    transport.send(kind.TEXT, b"hello")
    text = await frames.get()
    transport.send(kind.BINARY, bytes(size))
    data = await frames.get()
    transport.send(kind.TEXT, b"close:4001")
    code = int.from_bytes((await frames.get())[:2], "big")
    transport.disconnect()
    chosen = transport.response.headers.get("Sec-WebSocket-Protocol")
    return seen(chosen, scope.decode(), text.decode(), data, code)


async def python_socketio(port: int, *, compress: bool, size: int) -> Seen:
    """Use python-socketio, whose event is acknowledged with what it had."""
    assert not compress
    library: Any = import_module("socketio")
    async with library.AsyncSimpleClient() as client:
        await client.connect(
            f"http://127.0.0.1:{port}",
            headers={"Cookie": COOKIE},
            transports=["websocket"],
        )
        text = await client.call("echo", "hello")
        data = await client.call("echo", bytes(size))
        return Seen(client.transport, 0, "", text, len(data), None)


#: Each client, and whether it may offer compression, and may leave it out.
BATTERIES: dict[str, tuple[Battery, tuple[bool, ...]]] = {
    "websockets": (websockets, (True, False)),
    "aiohttp": (aiohttp, (True, False)),
    "tornado": (tornado, (True, False)),
    "websocket-client": (websocket_client, (False,)),
    "httpx-ws": (httpx_ws, (False,)),
    "picows": (picows, (False,)),
    "Node's ws": (node_ws, (True, False)),
    "undici": (undici, (undici_compresses(),)),
    "python-socketio": (python_socketio, (False,)),
}
