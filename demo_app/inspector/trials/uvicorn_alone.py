"""The same application under uvicorn alone: no middleware, uvicorn's own protocol."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import uvicorn

from demo_app.settings import HOST

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.types import ASGIApp

    WebSockets = Literal["wsproto", "websockets-sansio"]

_SECONDS_TO_SHUT_DOWN = 1


class UvicornAlone:
    """A second uvicorn in this process, on a free port; it starts when it is needed."""

    def __init__(self, app: ASGIApp, ws: WebSockets) -> None:
        """Take the application that the middleware wraps, and a WebSocket library."""
        self._config = uvicorn.Config(
            app,
            ws=ws,
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            timeout_graceful_shutdown=_SECONDS_TO_SHUT_DOWN,
        )
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._port = 0

    async def port(self) -> int:
        """Start if necessary, and return the port; a client may connect at once."""
        if self._server is None:
            listener = socket.create_server((HOST, 0))
            self._port = listener.getsockname()[1]
            self._server = _Server(self._config)
            self._serving = asyncio.create_task(self._server.serve([listener]))
        return self._port

    async def end(self) -> None:
        """Stop serving, if it was started."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving


class _Server(uvicorn.Server):
    """A server beside the demo's own, which handles the signals of the process."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals to the demo's own server."""
        yield
