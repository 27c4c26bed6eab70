"""Applications that are slow or wrapped, and the statuses on a connection."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.wires import Response
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send


class Slow:
    """An application that takes a while for each plain request."""

    def __init__(self, inner: ASGIApp, turns: int = 5) -> None:
        self._inner = inner
        self._turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(self._turns if scope["type"] == "http" else 0):
            await asyncio.sleep(0)
        await self._inner(scope, receive, send)


def statuses(response: Response) -> list[bytes]:
    """Return the statuses of all responses, in their order."""
    return re.findall(rb"HTTP/1\.1 ([0-9]{3}) [A-Z]", response.raw)


class Within:
    """A wrapping that keeps in `.app` what it wraps."""

    def __init__(self, app: ASGIApp, call: ASGIApp) -> None:
        self.app = app
        self._call = call

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._call(scope, receive, send)


async def reading(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body, and respond."""
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"plain"})
