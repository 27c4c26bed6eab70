"""The demo application: the inspector at /, and the middleware around everything."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
)
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from demo_app import faulty
from demo_app.inspector.live import hub as live
from demo_app.inspector.trials import nginx
from demo_app.inspector.pages.by_hand import ByHand
from demo_app.inspector.trials.catalogue import catalogue
from demo_app.chat import Room
from demo_app.inspector.live.hub import Hub
from demo_app.inspector.pages.reference import (
    HEADERS,
    by_hand_page,
    cause_page,
    missing_page,
    reason_page,
)
from demo_app.inspector.posted import head_of, posted
from demo_app.settings import HOST, address_of, origins_of
from demo_app.inspector.trials.runner import Laboratory, Trial
from demo_app.inspector.verdicts import Judge
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp
    from starlette.websockets import WebSocket

STATIC = Path(__file__).parent / "static"
CHAT = "/ws"
SOCKETS = (CHAT, live.PATH)


def create_app(port: int) -> ASGIApp:
    """Return the demo, to be served at `port` of this machine."""
    site = Site(port)
    guarded = WebSocketHandshakeMiddleware(
        site.application, observers=[StructlogObserver(), site.hub], **options(port)
    )
    # The middleware is the outermost that responds: this one only rewrites its response.
    return ByHand(guarded, {path: by_hand_page(path, port) for path in SOCKETS})


def options(port: int) -> dict[str, Any]:
    """Return the options of the middleware."""
    return {
        "allowed_origins": ["same-origin"],
        "websocket_paths": SOCKETS,
        "explain_denials": True,
        "docs_url": f"{address_of(port)}/reasons",
    }


class Site:
    """The application within the middleware, and who hears of every handshake."""

    def __init__(self, port: int) -> None:
        """Lay the routes."""
        self.hub = Hub()
        self.application = Starlette(
            routes=[
                Route("/", self._page),
                Route("/catalogue.json", self._catalogue),
                Route("/trials", self._trial, methods=["POST"]),
                Route("/verdict", self._verdict, methods=["POST"]),
                Route("/reasons/{code}", self._reason),
                Route("/causes/{code}", self._cause),
                Route("/health", _health),
                Mount("/static", StaticFiles(directory=STATIC)),
                WebSocketRoute(CHAT, Room().serve),
                WebSocketRoute(live.PATH, self._live),
                WebSocketRoute(faulty.PATH, faulty.serve),
            ],
            exception_handlers={HTTPException: _problem},
            lifespan=self._lifespan,
        )
        self._port = port
        self._judge = Judge(SOCKETS, options(port))
        self._laboratory = Laboratory(port, self.hub, self.application)

    @asynccontextmanager
    async def _lifespan(self, _application: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await self._laboratory.end()

    async def _page(self, _request: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers=_page_headers(self._port))

    async def _catalogue(self, _request: Request) -> Response:
        install = None if nginx.program() else nginx.INSTALL
        reported = {"available": install is None, "install": install}
        return JSONResponse({**catalogue(self._port), "nginx": reported})

    async def _trial(self, request: Request) -> Response:
        asked = await posted(request, self._port)
        return JSONResponse(await self._laboratory.make(Trial.of(asked, self._port)))

    async def _verdict(self, request: Request) -> Response:
        asked = await posted(request, self._port)
        return JSONResponse(self._judge.verdict(head_of(asked)))

    async def _reason(self, request: Request) -> Response:
        return _article(reason_page(request.path_params["code"], self._port), "reason")

    async def _cause(self, request: Request) -> Response:
        return _article(cause_page(request.path_params["code"], self._port), "cause")

    async def _live(self, websocket: WebSocket) -> None:
        """Show the page what happens; a page from elsewhere may not look on."""
        origin = websocket.headers.get("origin")
        if origin is None or origin in origins_of(self._port):
            await self.hub.serve(websocket)
        else:
            await websocket.close()


def _article(page: str | None, kind: str) -> Response:
    if page is None:
        page, status = missing_page(f"There is no {kind} of this name."), 404
    else:
        status = 200
    return HTMLResponse(page, status, HEADERS)


async def _health(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _problem(_request: Request, error: Exception) -> Response:
    """Say in one sentence what is wrong with a request."""
    known = error if isinstance(error, HTTPException) else HTTPException(500)
    return JSONResponse({"problem": known.detail}, known.status_code, known.headers)


def _page_headers(port: int) -> dict[str, str]:
    # not every browser takes 'self' for the WebSocket of the same origin
    sockets = f"ws://{HOST}:{port} ws://localhost:{port}"
    policy = HEADERS["content-security-policy"]
    ours = f"{policy}; script-src 'self'; connect-src 'self' {sockets}"
    return {**HEADERS, "content-security-policy": ours}
