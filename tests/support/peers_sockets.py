"""Node's ws and aiohttp, as servers on 127.0.0.1, and their tokens for bytes."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from tests.support.needed import program

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS = 10.0

#: ws as its documentation has it, with compression switched on.
_WS = """
const {WebSocketServer} = require('ws');
const reject = (_, response) => response.writeHead(404, {connection: 'close'}).end();
const server = require('http').createServer(reject);
const sockets = new WebSocketServer({noServer: true, perMessageDeflate: true});
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => {});
  sockets.handleUpgrade(request, socket, head, opened => opened.on('error', () => {}));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
"""

# Where Debian's node-ws is; a NODE_PATH of the operator's goes first.
_NODE_PATH = "/usr/share/nodejs"


@contextmanager
def serving_ws() -> Iterator[int]:
    """Run Node's ws until the block ends; yield its port."""
    node = program("node")
    paths = [os.environ.get("NODE_PATH", ""), _NODE_PATH]
    with subprocess.Popen(
        [node, "-e", _WS],
        stdout=subprocess.PIPE,
        env={**os.environ, "NODE_PATH": os.pathsep.join(filter(None, paths))},
    ) as server:
        try:
            assert server.stdout is not None
            yield int(server.stdout.readline())
        finally:
            server.kill()


@contextmanager
def serving_aiohttp() -> Iterator[int]:
    """Run aiohttp in a thread until the block ends; yield its port."""
    log = logging.getLogger("aiohttp")
    level, ready = log.level, threading.Event()
    log.setLevel(
        logging.CRITICAL
    )  # it warns of every subprotocol that it does not know
    loop, ports = asyncio.new_event_loop(), list[int]()

    # a connection that was reset leaves a task behind, which would be logged
    loop.set_exception_handler(lambda *_: None)

    async def serve() -> None:
        runner = web.ServerRunner(web.Server(_upgrade))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ports.append(runner.addresses[0][1])
        ready.set()
        await ended.wait()
        await runner.cleanup()

    ended = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(_SECONDS)
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(_SECONDS)
        loop.close()
        log.setLevel(level)


async def _upgrade(request: web.BaseRequest) -> web.StreamResponse:
    sockets = web.WebSocketResponse()
    await sockets.prepare(request)
    return sockets


def token_from(port: int, data: bytes) -> str | None:
    """Send a head, and return the accept token in the response, if it has one."""
    try:
        return _token_in(_response(port, data))
    except ConnectionRefusedError:  # there is no server that could reject a handshake
        raise
    except OSError:
        return None


def _response(port: int, data: bytes) -> bytes:
    received = b""
    with socket.create_connection(("127.0.0.1", port), _SECONDS) as connection:
        # closing resets: a hundred thousand ports would else wait for a minute each
        connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(data)
        while b"\r\n\r\n" not in received and (chunk := connection.recv(65536)):
            received += chunk
    return received


def _token_in(response: bytes) -> str | None:
    if not response.startswith(b"HTTP/1.1 101 "):
        return None
    lines = response.split(b"\r\n\r\n", 1)[0].split(b"\r\n")[1:]
    fields = {n.lower(): v.strip() for n, _, v in (li.partition(b":") for li in lines)}
    return fields[b"sec-websocket-accept"].decode("ascii")
