"""The pages that get the stream: they come and go, and the hub waits for none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_app.inspector.live import hub as live
from demo_app.inspector.live.hub import Hub
from tests.support.live_pages import Page, gone, never, page, play
from tests.support.records import accepted

if TYPE_CHECKING:
    import pytest


def test_what_a_page_sends_is_ignored() -> None:
    async def visit() -> None:
        hub = Hub()
        async with page(hub) as opened:
            opened.incoming.put_nowait({"type": "websocket.receive", "text": "hello"})
            hub.observe(accepted())
            assert len(await opened.until(2)) == 2

    play(visit())


def test_a_page_that_left_gets_nothing_more() -> None:
    async def visit() -> None:
        hub = Hub()
        async with page(hub) as stays:
            async with page(hub) as leaves:
                pass
            hub.observe(accepted())
            await stays.until(2)
            assert len(leaves.texts) == 1

    play(visit())


def test_a_page_that_is_gone_when_it_gets_a_batch_ends_without_an_error() -> None:
    async def visit() -> None:
        await Page(Hub(), gone).served

    play(visit())


def test_a_page_that_does_not_read_is_dropped_and_the_others_do_not_wait() -> None:
    async def visit() -> None:
        hub = Hub(waiting=2)
        slow = Page(hub, never)
        async with page(hub) as quick:
            for number in range(2, 7):
                hub.observe(accepted())
                await quick.until(number)
            await slow.served
            dropped = [text["counts"]["dropped_pages"] for text in quick.texts]
        assert len(slow.texts) == 1
        assert slow.sent[-1] == {"type": "websocket.close", "code": 1013, "reason": ""}
        # one text is on its way and two wait; the fourth does not fit
        assert dropped == [0, 0, 0, 0, 1, 1]

    play(visit())


def test_a_page_that_cannot_be_closed_in_time_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "_SECONDS_TO_CLOSE", 0.05)

    async def visit() -> None:
        hub = Hub(waiting=1)
        slow = Page(hub, never, closes=never)
        async with page(hub) as quick:
            for number in range(2, 5):
                hub.observe(accepted())
                await quick.until(number)
            await slow.served

    play(visit())


def test_there_are_a_hundred_pages_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert live.MOST_PAGES == 100
    monkeypatch.setattr(live, "MOST_PAGES", 1)

    async def visit() -> None:
        hub = Hub()
        async with page(hub):
            second = Page(hub)
            await second.served
        assert [message["type"] for message in second.sent] == [
            "websocket.accept",
            "websocket.close",
        ]
        assert second.sent[-1]["code"] == 1013

    play(visit())
