"""The applications that servers run in the tests, for `python -m uvicorn`."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import structlog

from tests.support.corpus_whole import DECLARED, GUARDED, OURS
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send
    from ws_handshake.outcome.observer import Observer

_TEAPOT: dict[str, Any] = {
    "type": "http.response.start",
    "status": 418,
    "headers": [(b"content-length", b"0"), (b"connection", b"close")],
}


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Accept WebSockets, with the first subprotocol; respond to HTTP with 418."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "websocket":
        offered = scope["subprotocols"]
        await receive()
        first = offered[0] if offered else None
        await send({"type": "websocket.accept", "subprotocol": first})
        await receive()
    else:
        await send(_TEAPOT)
        await send({"type": "http.response.body", "body": b""})


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def corpus() -> ASGIApp:
    """Return the application of the corpus: every outcome is a line of JSON."""
    return by_policy(json_structlog_observer())


def by_policy(*observers: Observer) -> ASGIApp:
    """Return the application of the corpus, which has two policies."""
    usual = WebSocketHandshakeMiddleware(
        bare, websocket_paths=[DECLARED.decode()], observers=observers
    )
    strict = WebSocketHandshakeMiddleware(
        bare,
        allowed_origins=[OURS.decode()],
        allow_missing_origin=False,
        observers=observers,
    )

    async def by_path(scope: Scope, receive: Receive, send: Send) -> None:
        is_strict = scope["type"] != "lifespan" and scope["path"] == GUARDED.decode()
        await (strict if is_strict else usual)(scope, receive, send)

    return by_path


def json_structlog_observer(*, burst: int = 10**6) -> StructlogObserver:
    """Return one that writes JSON to stdout, and holds hardly anything back."""
    logger = structlog.wrap_logger(
        structlog.WriteLogger(sys.stdout),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.JSONRenderer(),
        ],
    )
    return StructlogObserver(logger, rate_limit=RateLimit(time.monotonic, burst=burst))
