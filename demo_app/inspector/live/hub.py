"""The stream of handshakes: what is observed goes to every page that is open.

Nobody is waited for. What is heard within a tenth of a second goes out as one text,
the same for all pages; a page that falls too far behind is dropped.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING

from anyio import CancelScope, create_task_group
from starlette.websockets import WebSocketDisconnect

from demo_app.inspector.live.events import row_of
from demo_app.inspector.live.tally import SECONDS, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.websockets import WebSocket

    from demo_app.inspector.live.events import Row
    from ws_handshake.outcome.record import HandshakeRecord

PATH = "/live"
SUBPROTOCOL = "live.v1"

RECENT = 200
LARGEST_BATCH = 50
BATCH_SECONDS = 0.1

# How many batches may wait for one page, and how many pages there may be.
WAITING = 32
MOST_PAGES = 100

# What one trial may get, if it sends several requests at once.
_MOST_RECEIVED = 8

# RFC 6455 section 7.4.1, and its registry: try again later.
_TRY_AGAIN_LATER = 1013
_SECONDS_TO_SAY_SO = 1


class Hub:
    """Observes the handshakes, and serves the pages that want to see them."""

    def __init__(
        self, clock: Callable[[], float] = time.time, *, waiting: int = WAITING
    ) -> None:
        """Begin to count; `waiting` bounds the batches that are kept for each page."""
        self._clock = clock
        self._waiting = waiting
        self._started = clock()
        self._numbers = count(1)
        self._tally = Tally()
        self._recent: deque[Row] = deque(maxlen=RECENT)
        self._fresh: deque[Row] = deque(maxlen=LARGEST_BATCH)
        self._fresh_since = 0.0
        self._received = 0
        self._listeners: dict[str, deque[Row]] = {}
        self._pages: set[_Page] = set()
        self._dropped = 0
        self._batch: asyncio.TimerHandle | None = None

    def observe(self, record: HandshakeRecord) -> None:
        """Take note of a handshake; it goes out with the next batch."""
        now = self._clock()
        request = record.request
        listener = self._listeners.get(request.client_address or "")
        own = record.rejection is None and request.path == PATH
        row = row_of(record, next(self._numbers), now, own=own)
        self._tally.add(record, now)
        self._recent.append(row)
        if listener is not None:
            listener.append(row)
        if self._pages:
            self._put_into_batch(row, now)

    @contextmanager
    def hearing(self, client: str) -> Iterator[deque[Row]]:
        """Yield what is observed of one client's address, as long as the block runs."""
        received = self._listeners[client] = deque(maxlen=_MOST_RECEIVED)
        try:
            yield received
        finally:
            del self._listeners[client]

    async def serve(self, websocket: WebSocket) -> None:
        """Show a page everything, until it leaves or falls too far behind."""
        offered = websocket.scope["subprotocols"]
        await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        page = self._enter()
        try:
            await page.serve(websocket)
        finally:
            self._pages.discard(page)
        await page.say_why(websocket)

    def _enter(self) -> _Page:
        # who comes now has in its greeting what the others are yet to get
        self._send_batch()
        page = _Page(self._waiting)
        if len(self._pages) < MOST_PAGES:
            self._pages.add(page)
            page.report(self._greeting())
        else:
            page.drop()
        return page

    def _put_into_batch(self, row: Row, now: float) -> None:
        if self._batch is None:
            loop = asyncio.get_running_loop()
            self._fresh_since = now
            self._batch = loop.call_later(BATCH_SECONDS, self._send_batch)
        self._fresh.append(row)
        self._received += 1

    def _send_batch(self) -> None:
        if self._batch is None:
            return
        self._batch.cancel()
        text = self._batch_text()
        self._batch = None
        self._received = 0
        self._fresh.clear()
        for page in tuple(self._pages):
            if not page.report(text):
                self._pages.discard(page)
                self._dropped += 1

    def _greeting(self) -> str:
        now = self._clock()
        return _written(
            "hello",
            now=round(now, 3),
            started=round(self._started, 3),
            counts=self._counts(),
            seconds=self._tally.seconds(now - SECONDS),
            recent=list(self._recent),
        )

    def _batch_text(self) -> str:
        return _written(
            "batch",
            now=round(self._clock(), 3),
            events=list(self._fresh),
            omitted=self._received - len(self._fresh),
            counts=self._counts(),
            seconds=self._tally.seconds(self._fresh_since),
        )

    def _counts(self) -> Row:
        return {**self._tally.total.row(), "dropped_pages": self._dropped}


class _Page:
    """One page: what waits to be sent to it."""

    def __init__(self, waiting: int) -> None:
        """Start with nothing to hear."""
        self._is_slow = False
        self._stay = CancelScope()
        self._queue: asyncio.Queue[str] = asyncio.Queue(waiting)

    def report(self, text: str) -> bool:
        """Put a text in line; say whether there was room for it. If not, it is gone."""
        try:
            self._queue.put_nowait(text)
        except asyncio.QueueFull:
            self.drop()
        return not self._is_slow

    def drop(self) -> None:
        """Send the page away."""
        self._is_slow = True
        self._stay.cancel()

    async def serve(self, websocket: WebSocket) -> None:
        """Send what is in line until the page leaves, or is dropped."""
        with self._stay:
            async with create_task_group() as tasks:
                tasks.start_soon(self._deliver, websocket)
                await _until_it_leaves(websocket)
                self._stay.cancel()

    async def _deliver(self, websocket: WebSocket) -> None:
        try:
            while True:
                await websocket.send_text(await self._queue.get())
        except WebSocketDisconnect:
            self._stay.cancel()

    async def say_why(self, websocket: WebSocket) -> None:
        """Tell a page that was dropped; a server may wait in vain for it to read."""
        if self._is_slow:
            with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
                async with asyncio.timeout(_SECONDS_TO_SAY_SO):
                    await websocket.close(_TRY_AGAIN_LATER)


async def _until_it_leaves(websocket: WebSocket) -> None:
    # what a page says is of no interest
    while (await websocket.receive())["type"] == "websocket.receive":
        pass


def _written(kind: str, **parts: object) -> str:
    return json.dumps({"type": kind, **parts}, separators=(",", ":"))
