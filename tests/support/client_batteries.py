"""What real clients see of an application of `side_by_side.py`, one function each.

Each connects with two subprotocols and 6 KB of cookies, reads what the application saw,
has a text and a mebibyte echoed, and is closed with 4001.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
from httpx_ws import AsyncWebSocketSession, WebSocketDisconnect, aconnect_ws
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.support.needed import program
from tests.support.peer_servers import NODE_PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    Battery = Callable[..., Coroutine[Any, Any, "Seen"]]

OFFERED = ["v2.chat", "v1.chat"]
COOKIE = "; ".join(f"c{number:02}={'x' * 94}" for number in range(60))
MEBIBYTE = 2**20
_SECONDS = 30.0


class Seen(NamedTuple):
    """What came of one connection: `extensions` are those of the request."""

    subprotocol: str | None
    cookie: int
    extensions: str
    text: str
    size: int
    code: int | None


def _seen(chosen: str | None, scope: str, text: str, data: Any, code: Any) -> Seen:
    headers = dict(json.loads(scope)["headers"])
    offered = headers.get("sec-websocket-extensions", "")
    return Seen(chosen, len(headers.get("cookie", "")), offered, text, len(data), code)


async def websockets(port: int, *, compress: bool, size: int) -> Seen:
    """Use websockets."""
    async with connect(
        _url(port),
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
            return _seen(chosen, str(scope), str(text), data, opened.close_code)


async def aiohttp(port: int, *, compress: bool, size: int) -> Seen:
    """Use aiohttp."""
    library: Any = import_module("aiohttp")
    async with (
        library.ClientSession(headers={"Cookie": COOKIE}) as session,
        session.ws_connect(
            _url(port), protocols=OFFERED, compress=15 * compress
        ) as opened,
    ):
        scope = await opened.receive_str()
        await opened.send_str("hello")
        text = await opened.receive_str()
        await opened.send_bytes(bytes(size))
        data = await opened.receive_bytes()
        await opened.send_str("close:4001")
        await opened.receive()
        return _seen(opened.protocol, scope, text, data, opened.close_code)


async def tornado(port: int, *, compress: bool, size: int) -> Seen:
    """Use tornado."""
    library: Any = import_module("tornado.websocket")
    request: Any = import_module("tornado.httpclient").HTTPRequest(
        _url(port), headers={"Cookie": COOKIE}
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
    return _seen(chosen, scope, text, data, opened.close_code)


async def websocket_client(port: int, *, compress: bool, size: int) -> Seen:
    """Use websocket-client, in a thread; it knows no compression."""
    assert not compress
    return await asyncio.to_thread(_websocket_client, port, size)


def _websocket_client(port: int, size: int) -> Seen:
    library: Any = import_module("websocket")
    opened = library.create_connection(
        _url(port), timeout=_SECONDS, subprotocols=OFFERED, cookie=COOKIE
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
    return _seen(opened.subprotocol, scope, text, data, code)


async def httpx_ws(port: int, *, compress: bool, size: int) -> Seen:
    """Use httpx-ws; it knows no compression."""
    assert not compress
    opened: AsyncWebSocketSession
    async with (
        httpx.AsyncClient(headers={"Cookie": COOKIE}, trust_env=False) as client,
        aconnect_ws(
            _url(port), client, max_message_size_bytes=2 * size, subprotocols=OFFERED
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
            return _seen(opened.subprotocol, scope, text, data, closed.code)


async def picows(port: int, *, compress: bool, size: int) -> Seen:
    """Use picows; it knows no compression, and its subprotocols are header lines."""
    assert not compress
    library: Any = import_module("picows")
    frames: asyncio.Queue[bytes] = asyncio.Queue()

    def on_ws_frame(_listener: Any, _transport: Any, frame: Any) -> None:
        frames.put_nowait(frame.get_payload_as_bytes())

    transport, _ = await library.ws_connect(
        type("Listener", (library.WSListener,), {"on_ws_frame": on_ws_frame}),
        _url(port),
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
    return _seen(chosen, scope.decode(), text.decode(), data, code)


_NODE = """
const [url, offered, cookie, size, compress, kind] = process.argv.slice(1);
const protocols = offered.split(',');
const headers = {Cookie: cookie};
const opened = kind === 'ws'
  ? new (require('ws'))(url, protocols, {headers, perMessageDeflate: compress === '1'})
  : new WebSocket(url, {protocols, headers});
opened.binaryType = 'arraybuffer';
const got = [];
opened.onmessage = ({data}) => {
  got.push(typeof data === 'string' ? data : data.byteLength);
  if (got.length === 1) opened.send('hello');
  if (got.length === 2) opened.send(new Uint8Array(Number(size)));
  if (got.length === 3) opened.send('close:4001');
};
opened.onclose = ({code}) => {
  console.log(JSON.stringify([opened.protocol, ...got, code]));
};
opened.onerror = (error) => { console.error(error.message); };
"""


_WEBSOCKET = ["--experimental-websocket"]


async def node_ws(port: int, *, compress: bool, size: int) -> Seen:
    """Use Node's ws."""
    return await _node(port, "ws", compress=compress, size=size)


async def undici(port: int, *, compress: bool, size: int) -> Seen:
    """Use the WebSocket of undici, which Node carries; it always offers compression."""
    assert compress
    return await _node(port, "undici", compress=compress, size=size)


@cache
def node_has_websocket() -> bool:
    """Return whether Node carries undici's WebSocket; Debian's Node 18 does not."""
    node = shutil.which("node")  # without it the test is skipped, or fails in CI
    tried = [node, *_WEBSOCKET, "-e", ""] if node else ["true"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


async def _node(port: int, kind: str, *, compress: bool, size: int) -> Seen:
    node = program("node")
    options = _WEBSOCKET if kind == "undici" else []
    given = [_url(port), ",".join(OFFERED), COOKIE, str(size), str(int(compress))]
    running = await asyncio.create_subprocess_exec(
        *(node, *options, "-e", _NODE, "--", *given, kind),
        stdout=subprocess.PIPE,
        env={**os.environ, "NODE_PATH": NODE_PATH, "NODE_NO_WARNINGS": "1"},
    )
    printed, _ = await running.communicate()
    chosen, scope, text, length, code = json.loads(printed)
    return _seen(chosen, scope, text, range(length), code)


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


def _url(port: int) -> str:
    return f"ws://127.0.0.1:{port}/ws"


#: Each client, and whether it may offer compression, and may leave it out.
BATTERIES: dict[str, tuple[Battery, tuple[bool, ...]]] = {
    "websockets": (websockets, (True, False)),
    "aiohttp": (aiohttp, (True, False)),
    "tornado": (tornado, (True, False)),
    "websocket-client": (websocket_client, (False,)),
    "httpx-ws": (httpx_ws, (False,)),
    "picows": (picows, (False,)),
    "Node's ws": (node_ws, (True, False)),
    "undici": (undici, (True,)),
    "python-socketio": (python_socketio, (False,)),
}
