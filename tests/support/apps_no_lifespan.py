"""An application that has no lifespan, as Django has none; its log is JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import structlog

from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Receive, Scope, Send

structlog.configure(
    processors=[structlog.processors.JSONRenderer()],
    logger_factory=structlog.WriteLoggerFactory(sys.stdout),
)


async def _bare(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


app = WebSocketHandshakeMiddleware(_bare)
