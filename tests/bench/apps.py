"""The applications that are measured, bare and wrapped: `uvicorn --factory`."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Respond with as little as possible."""
    kind = scope["type"]
    if kind == "http":
        length = (b"content-length", b"2")
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": b"ok"})
    elif kind == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await receive()
    else:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


async def _page(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


async def _endpoint(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive()


#: The smallest shows what we cost, the other what that is beside a framework.
APPS: dict[str, ASGIApp] = {
    "smallest": app,
    "Starlette": Starlette(
        routes=[Route("/", _page), WebSocketRoute("/ws", _endpoint)]
    ),
}


def bare() -> ASGIApp:
    """Return the application that BENCH_APP names, alone."""
    return APPS[os.environ.get("BENCH_APP", "smallest")]


def wrapped() -> ASGIApp:
    """Return it wrapped; the log, from info, goes as JSON into the file BENCH_LOG."""
    log = Path(os.environ["BENCH_LOG"]).open("a")  # noqa: SIM115  (open to the end)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(log),
        cache_logger_on_first_use=True,
    )
    return WebSocketHandshakeMiddleware(bare())
