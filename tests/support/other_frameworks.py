"""Applications as users write them, on the frameworks whose test clients we meet."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import fastapi
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from ws_handshake import Verdict
    from ws_handshake.asgi.scope import ASGIApp

MISSING = "no verdict"


@asynccontextmanager
async def _lifespan(_app: object) -> AsyncIterator[Mapping[str, str]]:
    yield {"motto": "from the lifespan"}


async def echo(websocket: WebSocket) -> None:
    """Accept with the last subprotocol on offer, greet, and echo one message."""
    offered = [*websocket.scope["subprotocols"], None]
    await websocket.accept(
        offered[-2] if len(offered) > 1 else None,
        headers=[(b"x-token", websocket.headers.get("x-token", "-").encode())],
    )
    await websocket.send_json(
        {
            "path": websocket.url.path,
            "query": websocket.url.query,
            "motto": getattr(websocket.state, "motto", None),
        }
    )
    await websocket.send_text(await websocket.receive_text())
    await websocket.close(4001, "goodbye")


async def deny(websocket: WebSocket) -> None:
    """Deny with a response instead of accepting."""
    await websocket.send_denial_response(
        PlainTextResponse("members only", 402, headers={"x-reason": "fees"})
    )


async def close(websocket: WebSocket) -> None:
    """Close before accepting."""
    await websocket.close(4003, "not today")


async def report_verdict(websocket: WebSocket) -> None:
    """Send what the middleware left in the state."""
    verdict: Verdict = websocket.state.websocket_handshake
    await websocket.accept()
    await websocket.send_json(
        {
            "accepted": verdict.accepted,
            "subprotocols": list(verdict.subprotocols),
            "origin": verdict.origin,
        }
    )
    await websocket.close()


async def hello(request: Request) -> JSONResponse:
    """Respond to a plain request with what its state has."""
    return JSONResponse(
        {
            "motto": getattr(request.state, "motto", None),
            "verdict": getattr(request.state, "websocket_handshake", MISSING),
        }
    )


def starlette_app(middleware: Sequence[Middleware] = ()) -> Starlette:
    """Return a Starlette application with all of these."""
    return Starlette(
        routes=[
            Route("/", hello),
            WebSocketRoute("/echo", echo),
            WebSocketRoute("/deny", deny),
            WebSocketRoute("/close", close),
            WebSocketRoute("/verdict", report_verdict),
        ],
        middleware=middleware,
        lifespan=_lifespan,
    )


def fastapi_app() -> fastapi.FastAPI:
    """Return a FastAPI application with the same."""
    app = fastapi.FastAPI(lifespan=_lifespan)
    app.add_route("/", hello)
    for path, endpoint in {
        "/echo": echo,
        "/deny": deny,
        "/close": close,
        "/verdict": report_verdict,
    }.items():
        app.add_api_websocket_route(path, _annotated(endpoint))
    return app


def _annotated(endpoint: Any) -> Any:
    """Let FastAPI see the class: these annotations are strings for the type checker."""

    async def called(websocket: fastapi.WebSocket) -> None:
        await endpoint(websocket)

    called.__annotations__ = {"websocket": fastapi.WebSocket}
    return called


def django_settings() -> Any:
    """Return Django's settings; who asks first configures them."""
    settings = import_module("django.conf").settings
    with suppress(RuntimeError):  # they have been configured
        settings.configure()
    return settings


def channels_consumer() -> ASGIApp:
    """Return a Channels consumer that echoes, or closes where the path says so.

    Channels has no types, so its classes come by name.
    """
    django_settings()

    async def connect(self: Any) -> None:
        if self.scope["path"] == "/close":
            await self.close(4003)
        else:
            await self.accept(next(reversed(self.scope["subprotocols"]), None))

    async def receive(self: Any, text_data: str) -> None:
        await self.send(text_data=text_data.upper())

    base = import_module("channels.generic.websocket").AsyncWebsocketConsumer
    made: Any = type("Echoing", (base,), {"connect": connect, "receive": receive})
    app: ASGIApp = made.as_asgi()
    return app
