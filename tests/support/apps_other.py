"""An application that reports what it sees, for servers other than ours to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

#: The field by which a test finds its request in the log.
CASE = b"x-case"

#: The event that is logged before the request is judged.
SEEN = "other.seen"

#: What the application responds to a plain request.
TEAPOT = 418

# A logger of its own: what pytest's process has configured stays as it is. It writes
# a line at once: two loops may write into one file.
_logger = structlog.wrap_logger(
    structlog.WriteLogger(),
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.JSONRenderer(),
    ],
)


async def accept_all(scope: Scope, receive: Receive, send: Send) -> None:
    """Accept and echo every WebSocket; respond with 418 to every plain request."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
    elif scope["type"] == "http":
        headers = [(b"content-length", b"0")]
        await send(
            {"type": "http.response.start", "status": TEAPOT, "headers": headers}
        )
        await send({"type": "http.response.body", "body": b""})
    else:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message.get("text")})


def reporting(inner: ASGIApp) -> ASGIApp:
    """Log every connection before `inner` gets it, and name its case in the log."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await inner(scope, receive, send)
            return
        case = dict(scope["headers"]).get(CASE, b"").decode("ascii")
        with structlog.contextvars.bound_contextvars(case=case):
            _logger.info(SEEN, scope=scope["type"], method=scope.get("method"))
            await inner(scope, receive, send)

    return app


#: What the servers run. A burst of rejections is logged in full.
app = reporting(
    WebSocketHandshakeMiddleware(
        accept_all,
        observers=[StructlogObserver(_logger)],
        install_protocol=False,  # or uvicorn without our class would have it
    )
)
