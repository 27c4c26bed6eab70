"""The live stream: every handshake goes to every page that is open.

The hub waits for no page. What happens within a tenth of a second goes out as one text,
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
from ws_handshake import Observer
from ws_handshake.inspector.tally import SECONDS, Tally

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

# How many events one trial may get, if it sends several requests at once.
_MOST_EVENTS = 8

# RFC 6455 section 7.4.1, and its registry: try again later.
_TRY_AGAIN_LATER = 1013
_SECONDS_TO_CLOSE = 1


class Hub(Observer):
    """Observes the handshakes, and serves the pages that show them."""

    def __init__(
        self, clock: Callable[[], float] = time.time, *, waiting: int = WAITING
    ) -> None:
        """Start counting; `waiting` is how many batches may wait for each page."""
        self._clock = clock
        self._waiting = waiting
        self._started = clock()
        self._numbers = count(1)
        self._tally = Tally()
        self._recent: deque[Row] = deque(maxlen=RECENT)
        self._fresh: deque[Row] = deque(maxlen=LARGEST_BATCH)
        self._fresh_since = 0.0
        self._observed = 0
        self._events_by_client: dict[str, deque[Row]] = {}
        self._pages: set[_Page] = set()
        self._dropped = 0
        self._batch: asyncio.TimerHandle | None = None

    def observe(self, record: HandshakeRecord, /) -> None:
        """Take note of a handshake; it goes out with the next batch."""
        now = self._clock()
        request = record.request
        events = self._events_by_client.get(request.client_address or "")
        own = record.rejection is None and request.path == PATH
        row = row_of(record, next(self._numbers), now, own=own)
        self._tally.add(record, now)
        self._recent.append(row)
        if events is not None:
            events.append(row)
        if self._pages:
            self._put_into_batch(row, now)

    @contextmanager
    def events_of(self, client: str) -> Iterator[deque[Row]]:
        """Yield the events of one client's address, which come until the block ends."""
        events = self._events_by_client[client] = deque(maxlen=_MOST_EVENTS)
        try:
            yield events
        finally:
            del self._events_by_client[client]

    async def serve(self, websocket: WebSocket) -> None:
        """Send a page everything, until it leaves or falls too far behind."""
        offered = websocket.scope["subprotocols"]
        await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        page = self._enter()
        try:
            await page.serve(websocket)
        finally:
            self._pages.discard(page)
        await page.close_if_dropped(websocket)

    def _enter(self) -> _Page:
        # a new page has in its greeting what the next batch brings to the others
        self._send_batch()
        page = _Page(self._waiting)
        if len(self._pages) < MOST_PAGES:
            self._pages.add(page)
            page.enqueue(self._greeting())
        else:
            page.drop()
        return page

    def _put_into_batch(self, row: Row, now: float) -> None:
        if self._batch is None:
            loop = asyncio.get_running_loop()
            self._fresh_since = now
            self._batch = loop.call_later(BATCH_SECONDS, self._send_batch)
        self._fresh.append(row)
        self._observed += 1

    def _send_batch(self) -> None:
        if self._batch is None:
            return
        self._batch.cancel()
        text = self._batch_text()
        self._batch = None
        self._observed = 0
        self._fresh.clear()
        for page in tuple(self._pages):
            if not page.enqueue(text):
                self._pages.discard(page)
                self._dropped += 1

    def _greeting(self) -> str:
        now = self._clock()
        return _as_json(
            "hello",
            now=round(now, 3),
            started=round(self._started, 3),
            counts=self._counts(),
            seconds=self._tally.seconds(now - SECONDS),
            recent=list(self._recent),
        )

    def _batch_text(self) -> str:
        return _as_json(
            "batch",
            now=round(self._clock(), 3),
            events=list(self._fresh),
            omitted=self._observed - len(self._fresh),
            counts=self._counts(),
            seconds=self._tally.seconds(self._fresh_since),
        )

    def _counts(self) -> Row:
        return {**self._tally.total.row(), "dropped_pages": self._dropped}


class _Page:
    """One page: what waits to be sent to it."""

    def __init__(self, waiting: int) -> None:
        """Start with an empty queue."""
        self._dropped = False
        self._serving = CancelScope()
        self._queue: asyncio.Queue[str] = asyncio.Queue(waiting)

    def enqueue(self, text: str) -> bool:
        """Queue a text; drop the page, and return False, if there is no room for it."""
        try:
            self._queue.put_nowait(text)
        except asyncio.QueueFull:
            self.drop()
        return not self._dropped

    def drop(self) -> None:
        """Stop serving the page."""
        self._dropped = True
        self._serving.cancel()

    async def serve(self, websocket: WebSocket) -> None:
        """Send what is queued until the page leaves, or is dropped."""
        with self._serving:
            async with create_task_group() as tasks:
                tasks.start_soon(self._deliver, websocket)
                await _until_it_leaves(websocket)
                self._serving.cancel()

    async def _deliver(self, websocket: WebSocket) -> None:
        try:
            while True:
                await websocket.send_text(await self._queue.get())
        except WebSocketDisconnect:
            self._serving.cancel()

    async def close_if_dropped(self, websocket: WebSocket) -> None:
        """Close a dropped page with a code that says why, without waiting for long."""
        if self._dropped:
            with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
                async with asyncio.timeout(_SECONDS_TO_CLOSE):
                    await websocket.close(_TRY_AGAIN_LATER)


async def _until_it_leaves(websocket: WebSocket) -> None:
    # what a page sends is ignored
    while (await websocket.receive())["type"] == "websocket.receive":
        pass


def _as_json(kind: str, **parts: object) -> str:
    return json.dumps({"type": kind, **parts}, separators=(",", ":"))
