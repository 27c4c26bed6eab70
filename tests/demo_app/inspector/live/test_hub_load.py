"""A thousand handshakes a second, ten pages to see them, one that does not read."""

from __future__ import annotations

import asyncio
import json
import socket
import tracemalloc
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from websockets.asyncio.client import connect

from demo_app.inspector.live import hub as live
from demo_app.inspector.live.hub import LARGEST_BATCH, RECENT, WAITING, Hub
from tests.support.demos import asked
from tests.support.handshakes import VALID
from tests.support.inside import running
from tests.support.live_pages import Page, never, play
from tests.support.records import rejected

if TYPE_CHECKING:
    import pytest
    from starlette.requests import Request
    from starlette.responses import Response
    from websockets.asyncio.client import ClientConnection

PAGES = 10
A_SECOND = 1000
SECONDS = 3
ALL = A_SECOND * SECONDS


def flooded(hub: Hub) -> Starlette:
    """Return an application that observes a flood when it is asked for it."""

    async def flood(_request: Request) -> Response:
        record = rejected("key_missing", "version_missing")
        for _ in range(ALL // 10):
            for _ in range(10):
                hub.observe(record)
            await asyncio.sleep(10 / A_SECOND)
        return PlainTextResponse("over\n")

    return Starlette(
        routes=[Route("/flood", flood), WebSocketRoute("/live", hub.serve)]
    )


def listener() -> socket.socket:
    """Listen with small buffers, or the system would hold megabytes for a page."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
    return listening


def one_that_does_not_read(port: int) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    client.sendall(VALID.asked(target=b"/live").wire())
    return client


async def batches(reader: ClientConnection) -> list[Any]:
    """Read until all that was observed has come."""
    received: list[Any] = []
    while sum(len(batch["events"]) + batch["omitted"] for batch in received) < ALL:
        received.append(json.loads(await reader.recv()))
    return received


async def watched(port: int) -> list[list[Any]]:
    """Open ten pages, and return all that each of them got."""
    async with AsyncExitStack() as stack, asyncio.timeout(60):
        readers = [
            await stack.enter_async_context(connect(f"ws://127.0.0.1:{port}/live"))
            for _ in range(PAGES)
        ]
        greetings = [json.loads(await reader.recv())["type"] for reader in readers]
        assert greetings == ["hello"] * PAGES
        flood = asyncio.create_task(asyncio.to_thread(asked, port, "/flood"))
        received = await asyncio.gather(*map(batches, readers))
        assert (await flood).text == "over\n"
    return received


def test_ten_pages_see_a_flood_and_one_that_does_not_read_is_dropped() -> None:
    hub = Hub(waiting=8)
    with listener() as listening, ExitStack() as stack:
        fd = listening.fileno()
        port = stack.enter_context(running(flooded(hub), ws="wsproto", fd=fd))
        stack.enter_context(one_that_does_not_read(port))
        first, *others = asyncio.run(watched(port))
    assert all(other == first for other in others)
    assert {batch["type"] for batch in first} == {"batch"}
    assert max(len(batch["events"]) for batch in first) == LARGEST_BATCH
    assert first[-1]["counts"] == {
        "accepted": 0,
        "rejected": ALL,
        "by_reason": {"key_missing": ALL},
        "dropped_pages": 1,
    }
    numbers = [row["id"] for batch in first for row in batch["events"]]
    assert numbers == sorted(numbers)
    assert numbers[-1] == ALL


def test_a_flood_takes_no_more_memory_the_longer_it_lasts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "BATCH_SECONDS", 0)
    record = rejected("key_missing", "version_missing")

    async def flood(hub: Hub, batches: int) -> int:
        for _ in range(batches):
            for _ in range(RECENT):
                hub.observe(record)
            await asyncio.sleep(0.001)
        return tracemalloc.get_traced_memory()[0]

    async def visit() -> None:
        hub = Hub(clock=lambda: 0.0)
        slow = Page(hub, never)
        await slow.until(1)
        tracemalloc.start()
        try:
            before, after = await flood(hub, 2 * WAITING), await flood(hub, 100)
        finally:
            tracemalloc.stop()
        assert after - before < 100_000
        await slow.served

    play(visit())
