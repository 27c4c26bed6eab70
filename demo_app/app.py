"""The demo: a chat and a page, and the middleware that checks handshakes."""

import os

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp

from demo_app.chat import Room
from demo_app.inspector.site import Site
from demo_app.settings import address_of, port_of
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.structlog import StructlogObserver


def create_app(port: int | None = None) -> ASGIApp:
    """Return the demo for a port of this machine; without one, for PORT or 8000."""
    port = port or port_of(os.environ)
    site = Site(port)
    app = Starlette(
        routes=[WebSocketRoute("/ws", Room().serve), *site.routes],
        exception_handlers=site.exception_handlers,
        lifespan=site.lifespan,
    )
    middleware = WebSocketHandshakeMiddleware(
        app,
        allowed_origins=["same-origin"],
        websocket_paths=["/ws"],
        explain_denials=True,
        docs_url=f"{address_of(port)}/reasons",
        observers=[StructlogObserver(), site.inspector, site.watch],
    )
    # not needed by an application: the page judges by this middleware
    return site.around(middleware)
