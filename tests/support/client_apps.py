"""An application on every framework whose WebSockets are like Starlette's.

Each responses `/` with `home`. On `/ws` it accepts with the first subprotocol on offer,
and responds one text with that text and what the Authorization header said to it.
Their annotations are read when they run, so this file does not postpone them.
"""

from typing import Any

from fastapi import FastAPI, WebSocket
from lilya.apps import Lilya
from lilya.logging import StandardLoggingConfig
from lilya.routing import Path, WebSocketPath
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import get as litestar_get
from litestar import websocket as litestar_websocket
from ravyn import Gateway, Ravyn, WebSocketGateway
from ravyn import get as ravyn_get
from ravyn import websocket as ravyn_websocket
from ravyn.websockets import WebSocket as RavynWebSocket
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

# Lilya and Ravyn else configure the root logger, which all tests share.
QUIET: Any = StandardLoggingConfig(skip_setup_configure=True)


def chosen(scope: Any) -> str | None:
    """Return the first subprotocol on offer that has a name."""
    return next(filter(None, scope.get("subprotocols") or ()), None)


def response(text: object, authorization: str | None) -> str:
    """Return what each application says to a text."""
    return f"{text}, {authorization}"


async def talk(websocket: Any) -> None:
    """Response one text, once it is accepted."""
    text = await websocket.receive_text()
    await websocket.send_text(response(text, websocket.headers.get("authorization")))
    await websocket.close()


async def accept_and_talk(websocket: Any) -> None:
    """Accept, and response one text."""
    await websocket.accept(chosen(websocket.scope))
    await talk(websocket)


def starlette_app(**options: Any) -> Starlette:
    """Return one on Starlette."""

    async def home(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("home")

    routes = [Route("/", home), WebSocketRoute("/ws", accept_and_talk)]
    return Starlette(routes=routes, **options)


def fastapi_app(**options: Any) -> FastAPI:
    """Return one on FastAPI."""
    app = FastAPI(**options)

    @app.get("/")
    async def home() -> str:
        return "home"

    @app.websocket("/ws")
    async def socket(websocket: WebSocket) -> None:
        await accept_and_talk(websocket)

    return app


def lilya_app(**options: Any) -> Lilya:
    """Return one on Lilya."""

    async def home() -> str:
        return "home"

    async def socket(websocket: Any) -> None:
        await accept_and_talk(websocket)

    routes = [Path("/", home), WebSocketPath("/ws", socket)]
    return Lilya(routes=routes, logging_config=QUIET, **options)


def ravyn_app(**options: Any) -> Ravyn:
    """Return one on Ravyn."""

    async def home() -> str:
        return "home"

    async def socket(socket: RavynWebSocket) -> None:
        await accept_and_talk(socket)

    plain: Any = ravyn_get("/")(home)
    upgraded: Any = ravyn_websocket("/ws")(socket)
    routes: list[Any] = [Gateway(handler=plain), WebSocketGateway(handler=upgraded)]
    return Ravyn(routes=routes, logging_config=QUIET, **options)


def litestar_app(**options: Any) -> Litestar:
    """Return one on Litestar."""

    @litestar_get("/")
    async def home() -> str:
        return "home"

    @litestar_websocket("/ws")
    async def socket(socket: LitestarWebSocket[Any, Any, Any]) -> None:
        await socket.accept(subprotocols=chosen(socket.scope))
        await talk(socket)

    return Litestar([home, socket], logging_config=None, **options)
