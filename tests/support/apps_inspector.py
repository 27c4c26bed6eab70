"""Applications of four frameworks with the inspector, each in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi import WebSocket as FastAPIWebSocket
from litestar import Litestar, asgi, websocket
from litestar.connection import WebSocket as LitestarWebSocket  # noqa: TC002  (it asks)
from quart import Quart
from quart import websocket as quart_websocket
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, WebSocketRoute

from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.inspector import Inspector

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.middleware.base import RequestResponseEndpoint
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

    from ws_handshake.asgi.scope import ASGIApp

PATH = "/_handshakes"


async def _accept(websocket: WebSocket) -> None:
    await websocket.accept()


def fastapi_added() -> ASGIApp:
    inspector = Inspector()
    app = FastAPI()
    app.mount(PATH, inspector)

    @app.websocket("/ws")
    async def accept(websocket: FastAPIWebSocket) -> None:
        await websocket.accept()

    app.add_middleware(WebSocketHandshakeMiddleware, observers=[inspector])
    return app


def fastapi_within_others() -> ASGIApp:
    """Return one whose own middlewares stand before the inspector."""
    inspector = Inspector()
    app = FastAPI(routes=[WebSocketRoute("/ws", _accept)])
    app.mount(PATH, inspector)

    @app.middleware("http")
    async def pass_on(request: Request, call_next: RequestResponseEndpoint) -> Response:
        return await call_next(request)

    app.add_middleware(GZipMiddleware)
    app.add_middleware(WebSocketHandshakeMiddleware, observers=[inspector])
    return app


def fastapi_wrapped() -> ASGIApp:
    inspector = Inspector()
    app = FastAPI(routes=[WebSocketRoute("/ws", _accept)])
    app.mount(PATH, inspector)
    return WebSocketHandshakeMiddleware(app, observers=[inspector])


def starlette_added() -> ASGIApp:
    inspector = Inspector()
    return Starlette(
        routes=[WebSocketRoute("/ws", _accept), Mount(PATH, inspector)],
        middleware=[Middleware(WebSocketHandshakeMiddleware, observers=[inspector])],
    )


def starlette_wrapped() -> ASGIApp:
    inspector = Inspector()
    app = Starlette(routes=[WebSocketRoute("/ws", _accept), Mount(PATH, inspector)])
    return WebSocketHandshakeMiddleware(app, observers=[inspector])


@websocket("/ws")
async def _litestar_accept(socket: LitestarWebSocket[Any, Any, Any]) -> None:
    await socket.accept()


def litestar_mounted() -> ASGIApp:
    """Mount in Litestar's own way, within the middleware."""
    inspector = Inspector()

    mounted = asgi(PATH, is_mount=True, copy_scope=True)(inspector)
    app = Litestar([_litestar_accept, mounted], logging_config=None)
    return WebSocketHandshakeMiddleware(app, observers=[inspector])


def litestar_wrapped() -> ASGIApp:
    inspector = Inspector()
    app = WebSocketHandshakeMiddleware(
        Litestar([_litestar_accept], logging_config=None), observers=[inspector]
    )
    return inspector.mount(app, PATH)


def _quart() -> Quart:
    app = Quart("main")

    @app.websocket("/ws")
    async def accept() -> None:
        await quart_websocket.accept()

    return app


def quart_asgi_app() -> ASGIApp:
    """Return it in Quart's own way: `app` stays Quart's."""
    inspector = Inspector()
    app: Any = _quart()
    app.asgi_app = WebSocketHandshakeMiddleware(
        inspector.mount(app.asgi_app, PATH), observers=[inspector]
    )
    made: ASGIApp = app
    return made


def quart_wrapped() -> ASGIApp:
    inspector = Inspector()
    app = WebSocketHandshakeMiddleware(_quart(), observers=[inspector])
    return inspector.mount(app, PATH)


APPS: dict[str, Callable[[], ASGIApp]] = {
    make.__name__: make
    for make in (
        *(fastapi_added, fastapi_wrapped, fastapi_within_others),
        *(starlette_added, starlette_wrapped),
        *(litestar_mounted, litestar_wrapped),
        *(quart_asgi_app, quart_wrapped),
    )
}
