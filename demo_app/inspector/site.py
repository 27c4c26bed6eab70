"""The site: its routes, and what stands behind each of them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
)
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from demo_app.inspector.pages.by_hand import ByHand, wants_html
from demo_app.inspector.pages.reference import (
    HEADERS,
    cause_page,
    docs_page,
    missing_page,
    reason_page,
    source_page,
)
from demo_app.inspector.posted import head_of, posted
from demo_app.inspector.trials import nginx
from demo_app.inspector.trials.catalogue import catalogue
from demo_app.inspector.trials.reasons import RAISING_PATH, raise_before_deciding
from demo_app.inspector.trials.runner import Trial, TrialRunner
from demo_app.inspector.trials.watch import Watch
from demo_app.inspector.verdicts import Judge
from ws_handshake.inspector import Inspector

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from ws_handshake import WebSocketHandshakeMiddleware

    Endpoint = Callable[[Request], Awaitable[Response]]

INSPECTOR = "/_handshakes"
STATIC = Path(__file__).parent / "static"

_POLICY = HEADERS["content-security-policy"]
_PAGE_HEADERS = {**HEADERS, "content-security-policy": f"{_POLICY}; connect-src 'self'"}


class Site:
    """The pages of the demo, for the application in which its routes are."""

    _judge: Judge
    _trials: TrialRunner

    def __init__(self, port: int) -> None:
        """Take the port of the demo; `around` must follow."""
        self.inspector = Inspector()
        self.watch = Watch()
        self.routes = [
            Route("/", self._page),
            Route("/catalogue.json", self._catalogue),
            Route("/trials", self._trial, methods=["POST"]),
            Route("/verdict", self._verdict, methods=["POST"]),
            Route("/reasons/{code}", self._reason),
            Route("/causes/{code}", self._cause),
            Route("/reasons", _docs("reasons/index")),
            Route("/causes", _docs("causes/index")),
            Route("/docs/{path:path}", _any_docs),
            Route("/source", _source),
            Route("/health", _health),
            Mount("/static", StaticFiles(directory=STATIC)),
            Mount(INSPECTOR, self.inspector),
            WebSocketRoute(RAISING_PATH, raise_before_deciding),
        ]
        self.exception_handlers = {HTTPException: _problem}
        self._port = port

    def around(self, middleware: WebSocketHandshakeMiddleware) -> ASGIApp:
        """Judge as this middleware does, and try what its application does alone.

        Returns it with pages for browsers, in which people open its WebSockets.
        """
        policy = middleware.policy
        self._judge = Judge(policy)
        self._trials = TrialRunner(self._port, self.watch, middleware.app)
        return ByHand(middleware, policy.websocket_paths, self._port)

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        """End the servers of the trials with the application."""
        try:
            yield
        finally:
            await self._trials.end()

    async def _page(self, _request: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers=_PAGE_HEADERS)

    async def _catalogue(self, _request: Request) -> Response:
        install = None if nginx.program() else nginx.INSTALL
        return JSONResponse({**catalogue(self._port), "nginx": install})

    async def _trial(self, request: Request) -> Response:
        asked = await posted(request, self._port)
        tried = await self._trials.run(Trial.of(asked, self._port))
        return JSONResponse(self._judge.of_trial(tried))

    async def _verdict(self, request: Request) -> Response:
        asked = await posted(request, self._port)
        return JSONResponse(self._judge.of_paste(head_of(asked)))

    async def _reason(self, request: Request) -> Response:
        return _article(reason_page(request.path_params["code"], self._port), "reason")

    async def _cause(self, request: Request) -> Response:
        return _article(cause_page(request.path_params["code"], self._port), "cause")


def _article(page: str | None, kind: str) -> Response:
    if page is None:
        page, status = missing_page(f"There is no {kind} of this name."), 404
    else:
        status = 200
    return HTMLResponse(page, status, HEADERS)


def _docs(path: str) -> Endpoint:
    async def page(_request: Request) -> Response:
        return _article(docs_page(path), "page")

    return page


async def _any_docs(request: Request) -> Response:
    return _article(docs_page(request.path_params["path"]), "page")


async def _source(_request: Request) -> Response:
    return HTMLResponse(source_page(), headers=HEADERS)


async def _health(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _problem(request: Request, error: Exception) -> Response:
    """Report in one sentence what is wrong with a request; a browser gets a page."""
    known = error if isinstance(error, HTTPException) else HTTPException(500)
    if wants_html(request.scope):
        what = f"{known.detail}: {request.url.path}"
        headers = {**HEADERS, **(known.headers or {})}
        return HTMLResponse(missing_page(what), known.status_code, headers)
    return JSONResponse({"problem": known.detail}, known.status_code, known.headers)
