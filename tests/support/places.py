"""Places for the middleware in applications of eight frameworks.

Every application echoes WebSockets at /ws, responses / with 200, and notes when it begins
and when it ends, where its framework knows of that.
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
class Diary:
    """What one application's middleware tells, and when the application lives."""

    records: Records = field(default_factory=Records)
    lived: list[str] = field(default_factory=list)

    @property
    def options(self) -> dict[str, Any]:
        """The options of the middleware, for frameworks that build it themselves."""
        return {"allowed_origins": [OURS], "observers": [self.records]}

    def around(self, app: ASGIApp) -> ASGIApp:
        """Wrap an application."""
        return Wrapped(app, **self.options)

    async def begin(self, *_: object) -> None:
        """Note that the application starts."""
        self.lived.append("begins")

    async def end(self, *_: object) -> None:
        """Note that it ends."""
        self.lived.append("ends")

    @asynccontextmanager
    async def living(self, _app: object) -> AsyncIterator[None]:
        """Note both."""
        await self.begin()
        yield
        await self.end()


async def home(_request: Request) -> PlainTextResponse:
    """Respond to a plain request."""
    return PlainTextResponse("home")


async def echo(websocket: WebSocket) -> None:
    """Send back what comes."""
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


def _starlette(diary: Diary, listed: Any = (), on_route: Any = None) -> Starlette:
    return Starlette(
        routes=[
            Route("/", home),
            WebSocketRoute("/ws", echo, middleware=on_route),
        ],
        middleware=listed,
        lifespan=diary.living,
    )


def starlette_around(diary: Diary) -> ASGIApp:
    return diary.around(_starlette(diary))


def starlette_listed(diary: Diary) -> ASGIApp:
    return _starlette(diary, [Middleware(Wrapped, **diary.options)])


def starlette_route(diary: Diary) -> ASGIApp:
    return _starlette(diary, on_route=[Middleware(Wrapped, **diary.options)])


def starlette_mount(diary: Diary) -> ASGIApp:
    inner = Starlette(routes=[WebSocketRoute("/ws", echo)])
    return Starlette(
        routes=[Route("/", home), Mount("", diary.around(inner))],
        lifespan=diary.living,
    )


def _fastapi(diary: Diary) -> fastapi.FastAPI:
    app = fastapi.FastAPI(lifespan=diary.living)
    app.add_route("/", home)
    app.router.routes.append(WebSocketRoute("/ws", echo))
    return app


def fastapi_around(diary: Diary) -> ASGIApp:
    return diary.around(_fastapi(diary))


def fastapi_added(diary: Diary) -> ASGIApp:
    app = _fastapi(diary)
    app.add_middleware(Wrapped, **diary.options)
    return app


def _litestar(diary: Diary, listed: Any = (), on_route: Any = ()) -> Litestar:
    @get("/")
    async def page() -> str:
        return "home"

    @websocket_listener("/ws", middleware=on_route)
    async def listener(data: str) -> str:
        return data

    return Litestar(
        [page, listener],
        middleware=listed,
        on_startup=[diary.begin],
        on_shutdown=[diary.end],
        logging_config=None,  # it would open the root logger for every later test
    )


def _defined(diary: Diary) -> Any:
    factory: Any = Wrapped  # Litestar has types of its own for scopes
    return [DefineMiddleware(factory, **diary.options)]


def litestar_around(diary: Diary) -> ASGIApp:
    return diary.around(_litestar(diary))


def litestar_listed(diary: Diary) -> ASGIApp:
    return _litestar(diary, _defined(diary))


def litestar_route(diary: Diary) -> ASGIApp:
    return _litestar(diary, on_route=_defined(diary))


def _quart(diary: Diary) -> quart.Quart:
    app = quart.Quart("places")
    app.before_serving(diary.begin)
    app.after_serving(diary.end)

    async def page() -> str:
        return "home"

    async def talk() -> None:
        while True:
            await quart.websocket.send(await quart.websocket.receive())

    app.add_url_rule("/", view_func=page)
    app.add_websocket("/ws", view_func=talk)
    return app


def quart_around(diary: Diary) -> ASGIApp:
    return diary.around(_quart(diary))


def quart_asgi_app(diary: Diary) -> ASGIApp:
    app: Any = _quart(diary)  # its types have no place for this assignment
    app.asgi_app = diary.around(app.asgi_app)
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


def channels_around(diary: Diary) -> ASGIApp:
    router, http, websocket = _channels()
    return diary.around(router({"http": http, "websocket": websocket}))


def channels_websocket(diary: Diary) -> ASGIApp:
    router, http, websocket = _channels()
    guarded = diary.around(websocket)
    outer: ASGIApp = router({"http": http, "websocket": guarded})
    return outer


def falcon_around(diary: Diary) -> ASGIApp:
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

    class Living:
        process_startup, process_shutdown = diary.begin, diary.end

    living_on: Any = Living()
    app: Any = falcon.asgi.App(middleware=living_on)
    app.add_route("/", Home())
    app.add_route("/ws", Echo())
    return diary.around(app)


def blacksheep_around(diary: Diary) -> ASGIApp:
    app: Any = Application(router=Router())  # the usual one is shared
    app.on_start += diary.begin
    app.on_stop += diary.end

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
    return diary.around(app)


def _socketio(diary: Diary, beside: ASGIApp | None = None) -> ASGIApp:
    socketio: Any = import_module("socketio")
    server = socketio.AsyncServer(async_mode="asgi")

    async def send_back(_sid: str, text: str) -> str:
        return text

    server.on("echo", send_back)
    other = Starlette(routes=[Route("/", home)]) if beside is None else beside
    app: ASGIApp = socketio.ASGIApp(
        server, other, on_startup=diary.begin, on_shutdown=diary.end
    )
    return app


def socketio_around(diary: Diary) -> ASGIApp:
    return diary.around(_socketio(diary))


def socketio_beside(diary: Diary) -> ASGIApp:
    guarded = diary.around(Starlette(routes=[Route("/", home)]))
    return _socketio(diary, guarded)
