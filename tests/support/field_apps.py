"""Applications as people have reported them, for the reports from the field."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import litestar
from blacksheep import Application, Router
from blacksheep import WebSocket as BlackSheepSocket
from fastapi import Depends, FastAPI, HTTPException, Query, Request, WebSocket
from fastapi.security import HTTPBearer, OAuth2PasswordBearer
from litestar.params import QueryParameter
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles

from tests.support.apps_frameworks import (
    auth_middleware,
    closing_consumer,
    django_alone,
    origin_validator,
    socketio_app,
    url_router,
)
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send


async def accept(socket: WebSocket) -> None:
    """Stand at a path: the reports come to another, or are rejected before."""


async def loopback_only(socket: WebSocket) -> None:
    """Close with a code and a reason of its own."""
    await socket.close(4403, "loopback only")


async def returns(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """End without a decision."""


async def denies_permission(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Raise what Django turns into a response, and Channels does not."""
    raise import_module("django.core.exceptions").PermissionDenied("expired")


async def raises(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Raise before it decides, with a secret in the message."""
    raise RuntimeError("token=secret")


async def accepts(socket: WebSocket) -> None:
    """Accept, and end."""
    await socket.accept()


def _check() -> None:
    raise HTTPException(401, "Unauthorized")


async def no_subprotocol(socket: WebSocket) -> None:
    """Close as Strawberry does where none of its subprotocols is on offer."""
    await socket.close(4406, "Subprotocol not acceptable")


async def redirects(socket: WebSocket) -> None:
    """Send clients elsewhere."""
    await socket.send_denial_response(RedirectResponse("/socket", 302))


async def _not_asked(_request: Request, _call_next: Any) -> Any:
    raise AssertionError  # no WebSocket comes here


def _closing() -> ASGIApp:
    return _at("/ws", loopback_only)


def _fastapi() -> FastAPI:
    app = FastAPI()

    @app.websocket("/query")
    async def query(
        socket: WebSocket, _prefix: Annotated[str, Query(alias="prefix")]
    ) -> None:
        """Get no request that is valid."""

    @app.websocket("/bearer")
    async def bearer(
        socket: WebSocket, _user: Annotated[Any, Depends(HTTPBearer())]
    ) -> None:
        """Get no request that is valid."""

    @app.websocket("/oauth2")
    async def oauth2(
        socket: WebSocket, _user: Annotated[Any, Depends(OAuth2PasswordBearer("t"))]
    ) -> None:
        """Get no request that is valid."""

    @app.websocket("/depends")
    async def depends(
        socket: WebSocket, _user: Annotated[None, Depends(_check)]
    ) -> None:
        """Get no request that is valid."""

    @app.websocket("/request")
    async def request(socket: WebSocket, _request: Request) -> None:
        """Get no request that is one."""

    return app


def _at(path: str, endpoint: Any = accept, **options: Any) -> ASGIApp:
    return Starlette(routes=[WebSocketRoute(path, endpoint)], **options)


def _producer() -> ASGIApp:
    return _at("/ws/v2/producer")


def _mounted(app: ASGIApp) -> ASGIApp:
    return Starlette(routes=[Mount("/ws", app)])


def _shadowed() -> ASGIApp:
    files = Mount("/", StaticFiles(directory=ROOT / "docs"))
    return Starlette(routes=[files, WebSocketRoute("/foo", accept)])


def _socketio_over_all() -> ASGIApp:
    routes = [Mount("/", socketio_app()), WebSocketRoute("/chat", accept)]
    return Starlette(routes=routes)


def _channels(path: str, consumer: Any = None) -> ASGIApp:
    app: ASGIApp = url_router({path: consumer or closing_consumer()})
    return app


def _litestar() -> ASGIApp:
    @litestar.websocket("/ticket")
    async def ticket(
        socket: litestar.WebSocket[Any, Any, Any],
        plugin: Annotated[str, QueryParameter()],
    ) -> None:
        """Get no request that is valid."""

    app: ASGIApp = litestar.Litestar([ticket], openapi_config=None, logging_config=None)
    return app


def _blacksheep() -> ASGIApp:
    app: Any = Application(router=Router())

    async def boom(_socket: BlackSheepSocket) -> None:
        raise RuntimeError("token=secret")

    app.router.add_ws("/boom", boom)
    asyncio.run(app.start())
    served: ASGIApp = app
    return served


#: Each application, made when it is needed: Django's settings come first.
APPS: dict[str, Callable[[], ASGIApp]] = {
    "A01_close_code_and_reason": _closing,
    "A02_socketio_origin": socketio_app,
    "A03_missing_query_parameter": _fastapi,
    "A04_channels_origin": lambda: origin_validator("https://good.example"),
    "A05_socketio_below_mount": lambda: _mounted(socketio_app()),
    "A06_returns": lambda: returns,
    "A07_raises": lambda: raises,
    "F22_authority_in_the_path": _producer,
    "F33_files_before_the_route": _shadowed,
    "F34_request_parameter": _fastapi,
    "F35_bearer": _fastapi,
    "F36_django_alone": django_alone,
    "F37_channels_no_route": lambda: _channels("^ws/something/$"),
    "F38_no_websocket_library": _closing,
    "F221_socketio_elsewhere": lambda: _mounted(socketio_app()),
    "F222_prefix_of_a_middleware": lambda: _at("/v1/responses"),
    "F223_oauth2_bearer": _fastapi,
    "F224_dependency_denies": _fastapi,
    "F225_litestar_parameter": _litestar,
    "F226_channels_converter": lambda: _channels("ws/chat/<int:room_id>/"),
    "F227_channels_without_session": auth_middleware,
    "F228_channels_scanned": lambda: _channels("^ws/chat/$"),
    "F229_engineio_version": socketio_app,
    "F230_socketio_own_url": socketio_app,
    "F231_graphql_without_subprotocol": lambda: _at("/ws", no_subprotocol),
    "F232_base_http_middleware": lambda: _at(
        "/ws",
        accepts,
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=_not_asked)],
    ),
    "F233_blacksheep_raises": _blacksheep,
    "F234_mount_takes_all": _socketio_over_all,
    "F235_redirect": lambda: _at("/ws", redirects),
    "F236_url_in_the_path": socketio_app,
    "F237_middleware_raises": lambda: _channels("ws", denies_permission),
}
