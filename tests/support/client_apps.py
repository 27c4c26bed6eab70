"""One application, on every framework that has a test client.

It responds to `/` with `home`. On `/ws` it accepts with the first subprotocol on offer,
and replies to one text with that text and the value of the Authorization header.
The frameworks read annotations at run time, so this file does not postpone them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import falcon.asgi
import quart
from asgi_tools import App, ResponseWebSocket
from blacksheep import Application, Router
from blacksheep import WebSocket as BlackSheepWebSocket
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

from tests.support.other_frameworks import django_settings
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

# Lilya and Ravyn else configure the root logger, which all tests share.
QUIET: Any = StandardLoggingConfig(skip_setup_configure=True)


def chosen(scope: Any) -> str | None:
    """Return the first subprotocol on offer that has a name."""
    return next(filter(None, scope.get("subprotocols") or ()), None)


def reply(text: object, authorization: str | None) -> str:
    """Return what each application sends back for a text."""
    return f"{text}, {authorization}"


async def talk(websocket: Any) -> None:
    """Reply to one text on an accepted WebSocket."""
    text = await websocket.receive_text()
    await websocket.send_text(reply(text, websocket.headers.get("authorization")))
    await websocket.close()


async def accept_and_talk(websocket: Any) -> None:
    """Accept, and reply to one text."""
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


def asgi_tools_app() -> Any:
    """Return one on asgi-tools, which names no subprotocol when it accepts."""
    app: Any = App()

    async def home(_request: object) -> str:
        return "home"

    async def socket(request: Any) -> None:
        async with ResponseWebSocket(request) as websocket:
            text = await websocket.receive()
            authorization = request.headers.get("authorization")
            await websocket.send(reply(text, authorization))

    app.route("/")(home)
    app.route("/ws")(socket)
    return app


class _Home:
    async def on_get(self, _request: object, response: falcon.asgi.Response) -> None:
        response.text = "home"


class _Socket:
    async def on_websocket(
        self, request: falcon.asgi.Request, socket: falcon.asgi.WebSocket
    ) -> None:
        await socket.accept(chosen({"subprotocols": socket.subprotocols}))
        text = await socket.receive_text()
        await socket.send_text(reply(text, request.get_header("authorization")))
        await socket.close()


def falcon_app() -> "ASGIApp":
    """Return one on Falcon."""
    app = falcon.asgi.App()
    app.add_route("/", _Home())
    app.add_route("/ws", _Socket())
    return app


def quart_app() -> quart.Quart:
    """Return one on Quart."""
    app = quart.Quart("client_apps")

    @app.get("/")
    async def home() -> str:
        return "home"

    @app.websocket("/ws")
    async def socket() -> None:
        websocket = quart.websocket
        await websocket.accept(subprotocol=chosen(websocket.scope))
        text = await websocket.receive()
        await websocket.send(reply(text, websocket.headers.get("authorization")))

    return app


def channels_app() -> "ASGIApp":
    """Return one on Channels, which has no types: its classes come by name."""
    django_settings()

    async def connect(self: Any) -> None:
        await self.accept(chosen(self.scope))

    async def receive(self: Any, text_data: str) -> None:
        authorization = dict(self.scope["headers"]).get(b"authorization")
        header = authorization.decode() if authorization else None
        await self.send(reply(text_data, header))

    base = import_module("channels.generic.websocket").AsyncWebsocketConsumer
    consumer: Any = type("Socket", (base,), {"connect": connect, "receive": receive})
    app: ASGIApp = consumer.as_asgi()
    return app


class Wrapped(Application):
    """BlackSheep's client takes its own class only: we wrap what that class calls."""

    def __init__(self, router: Router) -> None:
        """Wrap what is called for each request."""
        super().__init__(router=router)
        self._wrapped = WebSocketHandshakeMiddleware(super().__call__)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Judge, and go on."""
        await self._wrapped(scope, receive, send)


def blacksheep_app(made: type[Application] = Application) -> Application:
    """Return one on BlackSheep."""
    app = made(router=Router())

    @app.router.get("/")
    async def home() -> str:
        return "home"

    @app.router.ws("/ws")
    async def socket(websocket: BlackSheepWebSocket) -> None:
        await websocket.accept(subprotocol=chosen(websocket.scope))
        text = await websocket.receive_text()
        authorization = websocket.get_first_header(b"authorization")
        header = authorization.decode() if authorization else None
        await websocket.send_text(reply(text, header))

    return app
