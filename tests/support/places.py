"""Places for the middleware in applications of eight frameworks.

Every application echoes WebSockets at /ws, responds to / with 200, and records its
startup and shutdown where its framework has such events.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

import falcon.asgi
import fastapi
import quart
from blacksheep import Application, Router, WebSocketDisconnectError
from blacksheep import WebSocket as BlackSheepSocket
from litestar import Litestar, get, websocket_listener
from litestar.middleware import DefineMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute

from tests.support.other_frameworks import django_settings
from ws_handshake import WebSocketHandshakeMiddleware as Wrapped
from ws_handshake.testing import Records

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from ws_handshake.asgi.scope import ASGIApp

OURS = "https://example.com"


@dataclass
class Harness:
    """The options of one application's middleware, and what happened to the two."""

    records: Records = field(default_factory=Records)
    lifespan_events: list[str] = field(default_factory=list)

    @property
    def options(self) -> dict[str, Any]:
        """The options of the middleware, for frameworks that build it themselves."""
        return {"allowed_origins": [OURS], "observers": [self.records]}

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Wrap an application."""
        return Wrapped(app, **self.options)

    async def startup(self, *_: object) -> None:
        """Record that the application starts."""
        self.lifespan_events.append("startup")

    async def shutdown(self, *_: object) -> None:
        """Record that it ends."""
        self.lifespan_events.append("shutdown")

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """Record both."""
        await self.startup()
        yield
        await self.shutdown()


async def home(_request: Request) -> PlainTextResponse:
    """Respond to a plain request."""
    return PlainTextResponse("home")


async def echo(websocket: WebSocket) -> None:
    """Send back what comes."""
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


def _starlette(harness: Harness, listed: Any = (), on_route: Any = None) -> Starlette:
    return Starlette(
        routes=[
            Route("/", home),
            WebSocketRoute("/ws", echo, middleware=on_route),
        ],
        middleware=listed,
        lifespan=harness.lifespan,
    )


def starlette_around(harness: Harness) -> ASGIApp:
    return harness.wrap(_starlette(harness))


def starlette_listed(harness: Harness) -> ASGIApp:
    return _starlette(harness, [Middleware(Wrapped, **harness.options)])


def starlette_route(harness: Harness) -> ASGIApp:
    return _starlette(harness, on_route=[Middleware(Wrapped, **harness.options)])


def starlette_mount(harness: Harness) -> ASGIApp:
    inner = Starlette(routes=[WebSocketRoute("/ws", echo)])
    return Starlette(
        routes=[Route("/", home), Mount("", harness.wrap(inner))],
        lifespan=harness.lifespan,
    )


def _fastapi(harness: Harness) -> fastapi.FastAPI:
    app = fastapi.FastAPI(lifespan=harness.lifespan)
    app.add_route("/", home)
    app.router.routes.append(WebSocketRoute("/ws", echo))
    return app


def fastapi_around(harness: Harness) -> ASGIApp:
    return harness.wrap(_fastapi(harness))


def fastapi_added(harness: Harness) -> ASGIApp:
    app = _fastapi(harness)
    app.add_middleware(Wrapped, **harness.options)
    return app


def _litestar(harness: Harness, listed: Any = (), on_route: Any = ()) -> Litestar:
    @get("/")
    async def page() -> str:
        return "home"

    @websocket_listener("/ws", middleware=on_route)
    async def listener(data: str) -> str:
        return data

    return Litestar(
        [page, listener],
        middleware=listed,
        on_startup=[harness.startup],
        on_shutdown=[harness.shutdown],
        logging_config=None,  # it would open the root logger for every later test
    )


def _defined(harness: Harness) -> Any:
    factory: Any = Wrapped  # Litestar has types of its own for scopes
    return [DefineMiddleware(factory, **harness.options)]


def litestar_around(harness: Harness) -> ASGIApp:
    return harness.wrap(_litestar(harness))


def litestar_listed(harness: Harness) -> ASGIApp:
    return _litestar(harness, _defined(harness))


def litestar_route(harness: Harness) -> ASGIApp:
    return _litestar(harness, on_route=_defined(harness))


def _quart(harness: Harness) -> quart.Quart:
    app = quart.Quart("places")
    app.before_serving(harness.startup)
    app.after_serving(harness.shutdown)

    async def page() -> str:
        return "home"

    async def talk() -> None:
        while True:
            await quart.websocket.send(await quart.websocket.receive())

    app.add_url_rule("/", view_func=page)
    app.add_websocket("/ws", view_func=talk)
    return app


def quart_around(harness: Harness) -> ASGIApp:
    return harness.wrap(_quart(harness))


def quart_asgi_app(harness: Harness) -> ASGIApp:
    app: Any = _quart(harness)  # its types have no place for this assignment
    app.asgi_app = harness.wrap(app.asgi_app)
    outer: ASGIApp = app
    return outer


def _channels() -> tuple[Any, ASGIApp, ASGIApp]:
    """Return the router, and what it is given; Channels and Django have no types."""
    path = import_module("django.urls").path
    response = import_module("django.http").HttpResponse
    urls = (path("", lambda _request: response("home")),)
    settings = django_settings()
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = urls, ["*"]
    routing = import_module("channels.routing")

    async def receive(self: Any, text_data: str) -> None:
        await self.send(text_data)

    base = import_module("channels.generic.websocket").AsyncWebsocketConsumer
    consumer: Any = type("Echo", (base,), {"receive": receive})
    http = import_module("django.core.asgi").get_asgi_application()
    websocket = routing.URLRouter([path("ws", consumer.as_asgi())])
    return routing.ProtocolTypeRouter, http, websocket


def channels_around(harness: Harness) -> ASGIApp:
    router, http, websocket = _channels()
    return harness.wrap(router({"http": http, "websocket": websocket}))


def channels_websocket(harness: Harness) -> ASGIApp:
    router, http, websocket = _channels()
    wrapped = harness.wrap(websocket)
    outer: ASGIApp = router({"http": http, "websocket": wrapped})
    return outer


def falcon_around(harness: Harness) -> ASGIApp:
    class Home:
        async def on_get(self, _request: Any, response: Any) -> None:
            response.text = "home"

    class Echo:
        async def on_websocket(self, _request: Any, socket: Any) -> None:
            await socket.accept()
            try:
                while True:
                    await socket.send_text(await socket.receive_text())
            except falcon.WebSocketDisconnected:
                pass

    class Lifespan:
        process_startup, process_shutdown = harness.startup, harness.shutdown

    lifespan: Any = Lifespan()
    app: Any = falcon.asgi.App(middleware=lifespan)
    app.add_route("/", Home())
    app.add_route("/ws", Echo())
    return harness.wrap(app)


def blacksheep_around(harness: Harness) -> ASGIApp:
    app: Any = Application(router=Router())  # the usual one is shared
    app.on_start += harness.startup
    app.on_stop += harness.shutdown

    async def page() -> str:
        return "home"

    async def talk(socket: BlackSheepSocket) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_text(await socket.receive_text())
        except WebSocketDisconnectError:
            pass

    app.router.add_get("/", page)
    app.router.add_ws("/ws", talk)
    return harness.wrap(app)


def _socketio(harness: Harness, beside: ASGIApp | None = None) -> ASGIApp:
    socketio: Any = import_module("socketio")
    server = socketio.AsyncServer(async_mode="asgi")

    async def send_back(_sid: str, text: str) -> str:
        return text

    server.on("echo", send_back)
    other = Starlette(routes=[Route("/", home)]) if beside is None else beside
    app: ASGIApp = socketio.ASGIApp(
        server, other, on_startup=harness.startup, on_shutdown=harness.shutdown
    )
    return app


def socketio_around(harness: Harness) -> ASGIApp:
    return harness.wrap(_socketio(harness))


def socketio_beside(harness: Harness) -> ASGIApp:
    wrapped = harness.wrap(Starlette(routes=[Route("/", home)]))
    return _socketio(harness, wrapped)
