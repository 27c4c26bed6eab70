"""The application of `client_apps.py` on frameworks with WebSockets of their own.

Their annotations are read when they run, so this file does not postpone them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import falcon.asgi
import quart
from asgi_tools import App, ResponseWebSocket
from blacksheep import Application, Router
from blacksheep import WebSocket as BlackSheepWebSocket

from tests.support.client_apps import chosen, response
from tests.support.other_frameworks import django_settings
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send


def asgi_tools_app() -> Any:
    """Return one on asgi-tools, which names no subprotocol when it accepts."""
    app: Any = App()

    async def home(_request: object) -> str:
        return "home"

    async def socket(request: Any) -> None:
        async with ResponseWebSocket(request) as websocket:
            text = await websocket.receive()
            said = request.headers.get("authorization")
            await websocket.send(response(text, said))

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
        await socket.send_text(response(text, request.get_header("authorization")))
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
        await websocket.send(response(text, websocket.headers.get("authorization")))

    return app


def channels_app() -> "ASGIApp":
    """Return one on Channels, which has no types: its classes come by name."""
    django_settings()

    async def connect(self: Any) -> None:
        await self.accept(chosen(self.scope))

    async def receive(self: Any, text_data: str) -> None:
        said = dict(self.scope["headers"]).get(b"authorization")
        await self.send(response(text_data, said.decode() if said else None))

    base = import_module("channels.generic.websocket").AsyncWebsocketConsumer
    consumer: Any = type("Socket", (base,), {"connect": connect, "receive": receive})
    app: ASGIApp = consumer.as_asgi()
    return app


class Guarded(Application):
    """BlackSheep's client takes its own class only: we wrap what that class calls."""

    def __init__(self, router: Router) -> None:
        """Wrap what is called for each request."""
        super().__init__(router=router)
        self._guarded = WebSocketHandshakeMiddleware(super().__call__)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Judge, and go on."""
        await self._guarded(scope, receive, send)


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
        said = websocket.get_first_header(b"authorization")
        await websocket.send_text(response(text, said.decode() if said else None))

    return app
