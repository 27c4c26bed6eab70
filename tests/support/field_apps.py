"""Applications as people have reported them, for the reports from the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, WebSocket
from fastapi.security import HTTPBearer
from starlette.applications import Starlette
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles

from tests.support.apps_frameworks import (
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


async def raises(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Raise before it decides, with a secret in the message."""
    raise RuntimeError("token=secret")


def _closing() -> ASGIApp:
    return Starlette(routes=[WebSocketRoute("/ws", loopback_only)])


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

    @app.websocket("/request")
    async def request(socket: WebSocket, _request: Request) -> None:
        """Get no request that is one."""

    return app


def _producer() -> ASGIApp:
    return Starlette(routes=[WebSocketRoute("/ws/v2/producer", accept)])


def _mounted(app: ASGIApp) -> ASGIApp:
    return Starlette(routes=[Mount("/ws", app)])


def _shadowed() -> ASGIApp:
    files = Mount("/", StaticFiles(directory=ROOT / "docs"))
    return Starlette(routes=[files, WebSocketRoute("/foo", accept)])


def _chat() -> ASGIApp:
    app: ASGIApp = url_router({"^ws/something/$": closing_consumer()})
    return app


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
    "F37_channels_no_route": _chat,
    "F38_no_websocket_library": _closing,
}
