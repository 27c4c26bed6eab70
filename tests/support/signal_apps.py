"""An application within OpenTelemetry's ASGI instrumentation, for uvicorn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

from tests.support.signals import Signals
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.websockets import WebSocket

_signals = Signals()


async def _accept(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


async def _close(websocket: WebSocket) -> None:
    await websocket.close()


async def _reject(websocket: WebSocket) -> None:
    await websocket.send_denial_response(JSONResponse({}, 401))


async def _raise(_websocket: WebSocket) -> None:
    raise LookupError


async def _read(_request: Request) -> JSONResponse:
    """Return all signals up to now."""
    kept = {
        "spans": _signals.spans(),
        "events": _signals.events(),
        "metrics": _signals.metrics(),
    }
    return JSONResponse(kept)


inner = WebSocketHandshakeMiddleware(
    Starlette(
        routes=[
            Route("/signals", _read),
            WebSocketRoute("/ws", _accept),
            WebSocketRoute("/closed", _close),
            WebSocketRoute("/rejected", _reject),
            WebSocketRoute("/raises", _raise),
        ]
    ),
    observers=[_signals.observer()],
)
app = OpenTelemetryMiddleware(
    inner,
    excluded_urls="signals",
    tracer_provider=_signals.tracers,
    meter_provider=_signals.meters,
)
alone = OpenTelemetryMiddleware(
    inner.app,
    excluded_urls="signals",
    tracer_provider=_signals.tracers,
    meter_provider=_signals.meters,
)
