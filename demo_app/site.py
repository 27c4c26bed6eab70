"""The demo application: a chat at /ws, a page at /, and the middleware around both."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
)
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from demo_app.chat import Room
from demo_app.settings import HOST, address_of
from demo_app.ways import all_ways, sound_line
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.reasons import CATALOGUE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

STATIC = Path(__file__).parent / "static"

_CODES = frozenset(reason.code for reason in CATALOGUE)


def create_app(port: int) -> WebSocketHandshakeMiddleware:
    """Return the demo, to be served at `port` of this machine."""
    application = Starlette(
        routes=[
            Route("/", partial(_page, port=port)),
            Route("/ways.json", partial(_ways, address=address_of(port))),
            Route("/reasons/{code}", _reason),
            Route("/health", _health),
            Mount("/static", StaticFiles(directory=STATIC)),
            WebSocketRoute("/ws", Room().serve),
        ]
    )
    # The outermost, so that nothing answers a broken handshake before it does.
    return WebSocketHandshakeMiddleware(
        application,
        allowed_origins=["same-origin"],
        websocket_paths=["/ws"],
        explain_denials=True,
        docs_url=f"{address_of(port)}/reasons",
    )


async def _page(_request: Request, port: int) -> Response:
    return FileResponse(STATIC / "index.html", headers=_page_headers(port))


async def _ways(_request: Request, address: str) -> Response:
    return JSONResponse({"sound": sound_line(address), "ways": all_ways(address)})


async def _reason(request: Request) -> Response:
    """Lead from the `type` of an answer to its place on the page."""
    code = request.path_params["code"]
    if code not in _CODES:
        raise HTTPException(404, "There is no reason of this name.")
    return RedirectResponse(f"/#{code}")


async def _health(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


def _page_headers(port: int) -> dict[str, str]:
    # not every browser takes 'self' for the WebSocket of the same origin
    sockets = f"ws://{HOST}:{port} ws://localhost:{port}"
    return {
        "content-security-policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        ),
        "cache-control": "no-cache",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
