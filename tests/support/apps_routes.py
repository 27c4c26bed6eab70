"""Applications that route, deny and misbehave, each behind the middleware.

One server serves them all: a request names its own in the field `x-app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, WebSocket
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from tests.support.wires import ROOT
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from starlette.middleware.base import RequestResponseEndpoint
    from starlette.requests import Request
    from starlette.responses import Response

    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send
    from ws_handshake.outcome.observer import Observer

#: The field that names the application.
NAME = b"x-app"


async def accept(socket: WebSocket) -> None:
    """Accept without a subprotocol, whatever is on offer."""
    await socket.accept()
    await socket.close()


async def accept_chat(socket: WebSocket) -> None:
    """Accept with `chat`, whatever is on offer."""
    await socket.accept("chat")
    await socket.close()


async def close(socket: WebSocket) -> None:
    """Reject everyone with a bare close."""
    await socket.close(1008)


async def deny(_socket: WebSocket) -> None:
    """Reject everyone with a status."""
    raise HTTPException(401, "Who is it?")


async def need_token(_socket: WebSocket, token: str) -> None:
    """Never run: FastAPI closes where the parameter is not there."""


def require_payment() -> None:
    """Reject everyone."""
    raise HTTPException(402, "Pay first.")


async def never(
    _socket: WebSocket, _paid: Annotated[None, Depends(require_payment)]
) -> None:
    """Never run: the dependency rejects."""


def _starlette(*middleware: Middleware) -> Starlette:
    inner = Starlette(routes=[WebSocketRoute("/deep", accept)])
    return Starlette(
        routes=[
            WebSocketRoute("/ws", accept),
            WebSocketRoute("/chat", accept_chat),
            WebSocketRoute("/close", close),
            WebSocketRoute("/deny", deny),
            Route("/page", lambda _request: PlainTextResponse("a page")),
            Mount("/api", routes=[WebSocketRoute("/live/{room}", accept)]),
            Mount("/inner", inner),
        ],
        middleware=middleware,
    )


def _fastapi() -> FastAPI:
    app, router = FastAPI(), APIRouter(prefix="/v1")
    router.websocket("/chat")(accept)
    app.include_router(router, prefix="/outer")
    app.websocket("/token")(need_token)
    app.websocket("/paid")(never)
    app.mount("/", StaticFiles(directory=ROOT / "docs"))
    return app


class TimingMiddleware(BaseHTTPMiddleware):
    """A middleware on Starlette's base class, which passes WebSockets on."""

    async def dispatch(
        self, request: Request, call_next: RequestResponseEndpoint
    ) -> Response:
        """Never run: only requests come here."""
        raise AssertionError(request, call_next)


class PlainResponse:
    """A naive middleware: it responds to every scope as if it were a plain request."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application that is never asked."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond with 401."""
        await PlainTextResponse("no", 401)(dict(scope, type="http"), receive, send)


class Closing:
    """A middleware that rejects a WebSocket before it is routed."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application that is never asked."""
        self.app = app

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Close every WebSocket, on purpose."""
        await send({"type": "websocket.close", "code": 1008})


def _closing_within() -> Starlette:
    inner = _starlette(Middleware(Closing))
    return Starlette(routes=[Mount("/inner", inner)])


APPS: dict[str, ASGIApp] = {
    "starlette": _starlette(),
    "fastapi": _fastapi(),
    "timed": _starlette(Middleware(TimingMiddleware)),
    "plain": _starlette(Middleware(PlainResponse)),
    "closing": _starlette(Middleware(Closing)),
    "closing within": _closing_within(),
}


def by_name(observer: Observer) -> ASGIApp:
    """Return an application that passes a request on to the one that it names."""
    wrapped = {
        name: WebSocketHandshakeMiddleware(app, observers=[observer])
        for name, app in APPS.items()
    }
    wrapped["explained"] = WebSocketHandshakeMiddleware(
        APPS["starlette"], explain_denials=True, observers=[observer]
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        named = dict(scope.get("headers", ())).get(NAME, b"starlette")
        await wrapped[named.decode("ascii")](scope, receive, send)

    return app
