"""A page of the demo, as the hub sees it: the other end of one WebSocket."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket

from tests.support.handshakes import VALID

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from starlette.types import Message

    from demo_app.inspector.live.hub import Hub

    Act = Callable[[], Awaitable[None]]

_LEAVES = {"type": "websocket.disconnect", "code": 1006}


async def at_once() -> None:
    """A network that takes everything."""


async def never() -> None:
    """A page that does not read."""
    await asyncio.Event().wait()


async def gone() -> None:
    raise OSError


class Page:
    """A fake server's end of one WebSocket; `sends` and `closes` play the network."""

    def __init__(
        self, hub: Hub, sends: Act = at_once, closes: Act = at_once, **scope: Any
    ) -> None:
        self.sent: list[Message] = []
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        self.incoming.put_nowait({"type": "websocket.connect"})
        self._received = asyncio.Event()
        self._acts = {"websocket.send": sends, "websocket.close": closes}
        socket = WebSocket(
            VALID.websocket_scope(**scope), self.incoming.get, self._send
        )
        self.served = asyncio.create_task(hub.serve(socket))

    @property
    def texts(self) -> list[Any]:
        return [json.loads(m["text"]) for m in self.sent if "text" in m]

    async def until(self, number: int) -> list[Any]:
        """Wait until so many texts have come."""
        while len(self.texts) < number:
            self._received.clear()
            await self._received.wait()
        return self.texts

    async def leave(self) -> None:
        self.incoming.put_nowait(_LEAVES)
        await self.served

    async def _send(self, message: Message) -> None:
        self.sent.append(message)
        self._received.set()
        await self._acts.get(message["type"], at_once)()


def play(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(coroutine, 30))


@asynccontextmanager
async def page(hub: Hub, **options: Any) -> AsyncIterator[Page]:
    """Open a page until the block ends, greeted already."""
    opened = Page(hub, **options)
    await opened.until(1)
    yield opened
    await opened.leave()
