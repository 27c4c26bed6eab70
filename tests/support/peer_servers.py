"""Servers that know no ASGI, as `python -m tests.support.peer_servers NAME PORT`.

Each listens on 127.0.0.1, accepts every WebSocket on every path with the first
subprotocol on offer where it lets one choose, and echoes what comes.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import websockets.asyncio.server
from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from collections.abc import Sequence

# Where Debian's package node-ws puts it.
NODE_PATH = "/usr/share/nodejs"

# What aiohttp chooses from; it takes names, not a function.
_KNOWN = ("chat", "superchat")

_NODE = """
const { WebSocketServer } = require("ws");
const server = new WebSocketServer({ host: "127.0.0.1", port: +process.argv[1] });
server.on("connection", (socket) => {
  socket.on("error", () => {});
  socket.on("message", (message, binary) => socket.send(message, { binary }));
});
"""


def main(name: str, port: str) -> None:  # pragma: no cover  (a process of its own)
    """Serve until the process is ended."""
    if name == "aiohttp":
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", _echo_of_aiohttp)
        web.run_app(app, host="127.0.0.1", port=int(port), print=None)
    elif name == "websockets":
        asyncio.run(_serve_websockets(int(port)))
    else:
        # the same process, so that who started it ends it
        environment = {**os.environ, "NODE_PATH": NODE_PATH}
        os.execvpe("node", ["node", "-e", _NODE, port], environment)  # noqa: S606, S607  (found on PATH)


async def _echo_of_aiohttp(
    request: web.Request,
) -> web.WebSocketResponse:  # pragma: no cover  (a process of its own)
    socket = web.WebSocketResponse(protocols=_KNOWN)
    await socket.prepare(request)
    async for message in socket:
        if message.type == WSMsgType.TEXT:
            await socket.send_str(message.data)
    return socket


async def _serve_websockets(
    port: int,
) -> None:  # pragma: no cover  (a process of its own)
    async with websockets.asyncio.server.serve(
        _echo_of_websockets, "127.0.0.1", port, select_subprotocol=_first
    ) as server:
        await server.serve_forever()


async def _echo_of_websockets(
    socket: websockets.asyncio.server.ServerConnection,
) -> None:  # pragma: no cover  (a process of its own)
    async for message in socket:
        await socket.send(message)


def _first(
    _socket: object, offered: Sequence[websockets.Subprotocol]
) -> websockets.Subprotocol | None:  # pragma: no cover  (a process of its own)
    return offered[0] if offered else None


if __name__ == "__main__":  # pragma: no cover  (a process of its own)
    main(*sys.argv[1:])
