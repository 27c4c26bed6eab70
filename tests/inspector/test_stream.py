"""The live stream: batches, and when it ends."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.records import accepted, rejected
from tests.support.sse import Page, page, play, until
from ws_handshake.inspector import stream as streams
from ws_handshake.inspector.records import Records
from ws_handshake.inspector.stream import LARGEST_BATCH


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PAUSE", 0.01)


def test_a_page_is_greeted_with_all_that_is_kept_and_gets_what_is_new() -> None:
    records = Records(100)
    for _ in range(LARGEST_BATCH + 10):
        records.add(accepted())

    async def run() -> None:
        async with page(records) as opened:
            records.add(rejected("key_missing"))
            records.add(rejected("key_missing"))
            await opened.until(2)
        (first, _), *others = opened.batches
        assert first == [*range(1, LARGEST_BATCH + 11)]
        assert [n for numbers, _ in others for n in numbers] == [61, 62]
        counts = others[-1][1]["counts"]
        assert (counts["accepted"], counts["rejected"]) == (60, 2)
        assert opened.sent[0]["status"] == 200
        assert opened.sent[-1] == {"type": "http.response.body", "body": b""}

    play(run())


def test_of_a_flood_the_newest_are_sent_and_all_are_counted() -> None:
    records = Records(100)

    async def run() -> None:
        async with page(records) as opened:
            for _ in range(500):
                records.add(accepted())
            await opened.until(2)
        numbers, counted = opened.batches[1]
        assert numbers == [*range(501 - LARGEST_BATCH, 501)]
        assert (counted["last"], counted["counts"]["accepted"]) == (500, 500)

    play(run())


def test_a_page_that_reads_slowly_delays_no_other_and_misses_the_oldest() -> None:
    records = Records(5)

    async def run() -> None:
        async with page(records) as slow, page(records) as fast:
            slow.reads.clear()
            for _ in range(20):
                records.add(accepted())
                await fast.until(2)
            slow.reads.set()
            await slow.until(2)
            await until(lambda: slow.batches[-1][1]["last"] == 20)
        assert len(slow.batches) <= len(fast.batches)

    play(run())


def test_a_page_that_does_not_read_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "SECONDS_TO_SEND", 0.05)
    records = Records(5)

    async def run() -> None:
        opened = Page(records)
        await opened.until(1)
        opened.reads.clear()
        records.add(accepted())
        await opened.served
        assert len(opened.sent) == 2

    play(run())


def test_it_ends_when_it_is_over() -> None:
    async def run() -> None:
        opened = Page(Records(5))
        await opened.until(1)
        opened.over = True
        await opened.served
        assert opened.sent[-1] == {"type": "http.response.body", "body": b""}

    play(run())


def test_where_no_server_shows_its_end_it_ends_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "LONGEST", 0.05)

    async def run() -> None:
        opened = Page(Records(5))
        await opened.served
        assert opened.sent[-1] == {"type": "http.response.body", "body": b""}

    play(run())


def test_it_ends_with_the_server_that_shows_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Server:
        should_exit = False

    server = Server()
    monkeypatch.setattr(streams, "server_that_runs_here", lambda: server)
    monkeypatch.setattr(streams, "LONGEST", 0.0)

    async def run() -> None:
        opened = Page(Records(5))
        await opened.until(1)
        await asyncio.sleep(0.05)
        assert not opened.served.done()
        server.should_exit = True
        await opened.served

    play(run())


def test_a_cancelled_stream_leaves_no_task() -> None:
    async def run() -> None:
        before = asyncio.all_tasks()
        opened = Page(Records(5))
        await opened.until(1)
        opened.served.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opened.served
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == before

    play(run())
