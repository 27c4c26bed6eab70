"""A page of the inspector: the other end of one stream of Server-Sent Events."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, closing, contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from ws_handshake.inspector.stream import stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from http.client import HTTPResponse

    from ws_handshake.asgi.scope import Message
    from ws_handshake.inspector.records import Records

_LEAVES = {"type": "http.disconnect"}


class Page:
    """The other end of a stream."""

    def __init__(self, records: Records) -> None:
        self.sent: list[Message] = []
        self.over = False
        self.reads = asyncio.Event()
        self.reads.set()
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        self.incoming.put_nowait({"type": "http.request", "body": b""})
        self.served = asyncio.create_task(
            stream(records, self.incoming.get, self._send, lambda: self.over)
        )

    @property
    def batches(self) -> list[tuple[list[int], Any]]:
        """The numbers of each batch, and its counts."""
        return [_batch(m["body"].decode()) for m in self.sent[1:] if m["body"]]

    async def until(self, number: int) -> None:
        """Wait until so many batches have come."""
        await until(lambda: len(self.batches) >= number)

    async def _send(self, message: Message) -> None:
        await self.reads.wait()
        self.sent.append(message)


def _batch(text: str) -> tuple[list[int], Any]:
    *records, counted, rest = text.split("\n\n")
    assert rest == ""
    event, data = counted.split("\n")
    assert event == "event: counts"
    return [_number(record) for record in records], json.loads(data[6:])


def _number(record: str) -> int:
    number, data = record.split("\n")
    assert json.loads(data.removeprefix("data: "))["event"].startswith("websocket.")
    return int(number.removeprefix("id: "))


@asynccontextmanager
async def page(records: Records) -> AsyncIterator[Page]:
    """Open a page, greeted already, until the block ends."""
    opened = Page(records)
    await opened.until(1)
    yield opened
    opened.incoming.put_nowait(_LEAVES)
    await opened.served


def play(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(coroutine, 30))


@contextmanager
def streamed(port: int, path: str = "/_handshakes/stream") -> Iterator[HTTPResponse]:
    """Open a stream of a real server until the block ends, and yield the response."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        with connection.getresponse() as response:
            yield response


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true; it is no event that can be waited for."""
    while True:
        if true():
            return
        await asyncio.sleep(0.01)
