"""The same application on uvicorn alone and with us, on every stack, in one process.

It accepts with the first subprotocol on offer, says what it saw, and echoes; `close:`
and a code has it close with that code. Below `/socket.io/` there is Socket.IO.
"""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from typing import TYPE_CHECKING, Any

import uvicorn

from tests.support.waiting import wait_until
from tests.support.wires import free_port
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.asgi.scope import VERDICT_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.tls import Certificate
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

STACKS = tuple(product(("h11", "httptools"), ("wsproto", "websockets-sansio")))


@dataclass(frozen=True)
class Pair:
    """A stack without us and with us: ports, or the paths of Unix sockets."""

    bare: Any
    ours: Any


@contextmanager
def pairs(
    folder: Path | None = None,
    certificate: Certificate | None = None,
    host: str = "127.0.0.1",
) -> Iterator[dict[str, Pair]]:
    """Serve all stacks, each twice, until the block ends; yield them by name.

    With a folder they listen on Unix sockets in it.
    """
    servers: list[uvicorn.Server] = []
    found: dict[str, Pair] = {}
    for parser, library in STACKS:
        places = []
        for app in (bare(), WebSocketHandshakeMiddleware(bare())):
            place: Any = free_port()
            where: dict[str, Any] = {"host": host, "port": place}
            if folder is not None:
                place = str(folder / f"{len(servers)}.sock")
                where = {"uds": place}
            places.append(place)
            config = uvicorn.Config(
                app,
                http=parser,
                ws=library,
                log_config=None,
                ssl_certfile=certificate and certificate.path,
                ssl_keyfile=certificate and certificate.key,
                **where,
            )
            servers.append(uvicorn.Server(config))
        found[f"{parser}, {library}"] = Pair(*places)

    async def serve() -> None:
        await asyncio.gather(*(server.serve() for server in servers))

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        wait_until(
            lambda: all(server.started for server in servers), lambda: "a server"
        )
        yield found
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(20)


def bare() -> ASGIApp:
    """Return the application without us."""
    socketio: Any = import_module("socketio")
    events = socketio.AsyncServer(async_mode="asgi", max_http_buffer_size=2**22)
    events.on("echo", lambda _sid, said: said)
    socket_io = socketio.ASGIApp(events)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["path"].startswith("/socket.io/"):
            await socket_io(scope, receive, send)
        else:
            await _echo(scope, receive, send)

    return app


def shown(scope: Scope) -> dict[str, Any]:
    """Return a scope as JSON has it; of each side only the host, of states the names.

    The verdict is what we are documented to leave.
    """
    seen = {**scope, "client": None, "server": None}
    if isinstance(scope["server"][1], int):  # else a Unix socket
        seen |= {"client": scope["client"][0], "server": scope["server"][0]}
    seen["state"] = sorted(scope["state"].keys() - {VERDICT_KEY})
    parts: dict[str, Any] = json.loads(json.dumps(seen, default=lambda b: b.decode()))
    return parts


async def _live(receive: Receive, send: Send) -> None:
    for step in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{step}.complete"})


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    chosen = next(iter(scope["subprotocols"]), None)
    await send({"type": "websocket.accept", "subprotocol": chosen})
    await send({"type": "websocket.send", "text": json.dumps(shown(scope))})
    while (message := await receive())["type"] == "websocket.receive":
        text = message.get("text") or ""
        if text.startswith("close:"):
            code = int(text.removeprefix("close:"))
            await send({"type": "websocket.close", "code": code, "reason": "asked"})
            return
        await send({**message, "type": "websocket.send"})
