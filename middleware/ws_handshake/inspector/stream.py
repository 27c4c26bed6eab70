"""The live stream, as Server-Sent Events: what happens goes to every open page.

It waits for no page, and it ends as soon as the server shuts down: an open page must
not keep it from that.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from ws_handshake.inspector.responses import HEADERS
from ws_handshake.inspector.shutdown import server_that_runs_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.asgi.scope import Message, Receive, Send
    from ws_handshake.inspector.records import Kept, Records

PAUSE = 0.2
LARGEST_BATCH = 50

# A page that takes nothing for so long is dropped; its browser connects again.
SECONDS_TO_SEND = 5.0
# Where it does not show that the server shuts down. The browser connects again, too.
LONGEST = 5.0

_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream"), *HEADERS],
}


async def stream(
    records: Records, receive: Receive, send: Send, is_over: Callable[[], bool]
) -> None:
    """Send what is kept, then what is new, until the page leaves or `is_over`.

    Each record is a message, and the event `counts` ends a batch.
    """
    leaving = asyncio.create_task(_until_it_leaves(receive))
    ends = _ending(is_over)
    try:
        with suppress(TimeoutError):
            await _send(send, _START)
            await _send_batches(records, send, leaving, ends)
            await _send(send, {"type": "http.response.body", "body": b""})
    finally:
        leaving.cancel()


async def _send_batches(
    records: Records,
    send: Send,
    leaving: asyncio.Task[None],
    ends: Callable[[], bool],
) -> None:
    last, since, most = 0, 0.0, None  # at first all that is kept
    while True:
        began = records.now()
        batch = records.since(last, most)
        if batch or most is None:
            await _send(send, _part(batch, records.counts(since)))
            last = batch[-1].number if batch else last
            since, most = began, LARGEST_BATCH
        await asyncio.wait([leaving], timeout=PAUSE)
        if leaving.done() or ends():
            return


def _part(batch: list[Kept], counts: str) -> Message:
    messages = (f"id: {number}\ndata: {text}\n\n" for number, text in batch)
    text = f"{''.join(messages)}event: counts\ndata: {counts}\n\n"
    body = text.encode("ascii")
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _send(send: Send, message: Message) -> None:
    async with asyncio.timeout(SECONDS_TO_SEND):
        await send(message)


def _ending(is_over: Callable[[], bool]) -> Callable[[], bool]:
    """Return what says whether it is time to end, of this server as far as it shows."""
    server = server_that_runs_here()
    clock = asyncio.get_running_loop().time
    latest = clock() + LONGEST
    if server is None:
        return lambda: is_over() or clock() >= latest
    return lambda: is_over() or server.should_exit


async def _until_it_leaves(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
