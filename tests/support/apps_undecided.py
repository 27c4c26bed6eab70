"""An application that ends before it has decided, in every way, for servers to run."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from tests.support.apps import json_structlog_observer
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ws_handshake.asgi.scope import Receive, Scope, Send

    Way = Callable[[Receive], Awaitable[None]]

#: The message of what is raised; no event of ours may contain it.
CANARY = "cAnArY-7f3d9b"


async def _return(_receive: Receive) -> None:
    pass


async def _raise(_receive: Receive) -> None:
    raise LookupError(CANARY)


async def _return_late(receive: Receive) -> None:
    assert (await receive())["type"] == "websocket.connect"


async def _raise_late(receive: Receive) -> None:
    await _return_late(receive)
    raise LookupError(CANARY)


async def _cancelled(receive: Receive) -> None:
    await _return_late(receive)
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(0)


async def _left(receive: Receive) -> None:
    await _return_late(receive)
    assert (await receive())["type"] == "websocket.disconnect"


async def _left_and_raise(receive: Receive) -> None:
    await _left(receive)
    raise LookupError(CANARY)


#: By the path of the request.
WAYS: dict[str, Way] = {
    "/returns": _return,
    "/raises": _raise,
    "/returns-late": _return_late,
    "/raises-late": _raise_late,
    "/cancelled": _cancelled,
    "/left": _left,
    "/left-and-raises": _left_and_raise,
}


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Do what the path names, and print a line once it is done."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    try:
        await WAYS[scope["path"]](receive)
    finally:
        sys.stdout.write(f"ended {scope['path']}\n")
        sys.stdout.flush()


wrapped = WebSocketHandshakeMiddleware(bare, observers=[json_structlog_observer()])
