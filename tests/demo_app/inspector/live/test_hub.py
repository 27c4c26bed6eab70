"""The stream of handshakes: a greeting, then batches."""

from __future__ import annotations

import asyncio

import pytest

from demo_app.inspector.live import hub as live
from demo_app.inspector.live.hub import Hub
from tests.support.live_pages import page, play
from tests.support.records import accepted, rejected

NOW = 1_000_000.25


def clock() -> float:
    return NOW


def test_a_new_page_is_greeted_with_all_that_has_happened() -> None:
    async def visit() -> None:
        hub = Hub(clock)
        hub.observe(rejected("key_missing"))
        hub.observe(accepted())
        async with page(hub) as opened:
            (hello,) = opened.texts
        recent = hello.pop("recent")
        assert hello == {
            "type": "hello",
            "now": NOW,
            "started": NOW,
            "counts": {
                "accepted": 1,
                "rejected": 1,
                "by_reason": {"key_missing": 1},
                "dropped_pages": 0,
            },
            "seconds": [
                {
                    "t": 1_000_000,
                    "accepted": 1,
                    "rejected": 1,
                    "by_reason": {"key_missing": 1},
                }
            ],
        }
        assert [(row["id"], row["outcome"]) for row in recent] == [
            (1, "rejected"),
            (2, "accepted"),
        ]

    play(visit())


def test_two_hundred_events_and_two_minutes_are_kept() -> None:
    async def visit() -> None:
        now = iter(range(10_000))
        hub = Hub(lambda: float(next(now)))
        for _ in range(1000):
            hub.observe(accepted())
        async with page(hub) as opened:
            (hello,) = opened.texts
        assert [row["id"] for row in hello["recent"]] == [*range(801, 1001)]
        assert [row["t"] for row in hello["seconds"]] == [*range(881, 1001)]
        assert hello["counts"]["accepted"] == 1000

    play(visit())


@pytest.mark.parametrize(
    ("offered", "taken"), [(["live.v1"], "live.v1"), (["live.v2"], None), ([], None)]
)
def test_the_subprotocol_is_taken_where_it_is_offered(
    offered: list[str], taken: str | None
) -> None:
    async def visit() -> None:
        async with page(Hub(), subprotocols=offered) as opened:
            assert opened.sent[0]["type"] == "websocket.accept"
            assert opened.sent[0]["subprotocol"] == taken

    play(visit())


def test_what_happens_within_a_tenth_of_a_second_comes_in_one_batch() -> None:
    async def visit() -> None:
        hub = Hub(clock)
        async with page(hub) as one, page(hub) as two:
            for _ in range(3):
                hub.observe(rejected("key_missing"))
            texts = await one.until(2)
            assert texts[1:] == (await two.until(2))[1:]
        (batch,) = texts[1:]
        assert [row["id"] for row in batch.pop("events")] == [1, 2, 3]
        by_reason = {"key_missing": 3}
        assert batch == {
            "type": "batch",
            "now": NOW,
            "omitted": 0,
            "counts": {
                "accepted": 0,
                "rejected": 3,
                "by_reason": by_reason,
                "dropped_pages": 0,
            },
            "seconds": [
                {
                    "t": 1_000_000,
                    "accepted": 0,
                    "rejected": 3,
                    "by_reason": by_reason,
                }
            ],
        }

    play(visit())


def test_of_a_flood_the_newest_are_sent_and_the_others_are_counted() -> None:
    async def visit() -> None:
        hub = Hub()
        async with page(hub) as opened:
            for _ in range(1000):
                hub.observe(accepted())
            _, batch = await opened.until(2)
        assert [row["id"] for row in batch["events"]] == [*range(951, 1001)]
        assert batch["omitted"] == 950

    play(visit())


def test_when_nothing_happens_nothing_is_sent() -> None:
    async def visit() -> None:
        hub = Hub()
        async with page(hub) as opened:
            await asyncio.sleep(3 * live.BATCH_SECONDS)
            assert len(opened.texts) == 1
            hub.observe(accepted())
            await opened.until(2)
            await asyncio.sleep(3 * live.BATCH_SECONDS)
            assert len(opened.texts) == 2

    play(visit())


def test_what_is_in_a_greeting_is_not_in_the_next_batch_as_well() -> None:
    async def visit() -> None:
        hub = Hub()
        async with page(hub) as early:
            hub.observe(accepted())
            async with page(hub) as late:
                assert [row["id"] for row in late.texts[0]["recent"]] == [1]
                _, batch = await early.until(2)
                hub.observe(accepted())
                _, next_batch = await late.until(2)
        assert [row["id"] for row in batch["events"]] == [1]
        assert [row["id"] for row in next_batch["events"]] == [2]

    play(visit())


def test_the_pages_own_acceptance_is_marked_and_nothing_else() -> None:
    async def visit() -> None:
        hub = Hub()
        hub.observe(accepted(path="/live"))
        hub.observe(accepted(path="/live/"))
        hub.observe(rejected("key_missing", path="/live"))
        async with page(hub) as opened:
            (hello,) = opened.texts
        assert [row["own"] for row in hello["recent"]] == [True, False, False]

    play(visit())


def test_a_trial_gets_the_events_of_its_own_client_and_only_a_few() -> None:
    hub = Hub()
    with hub.events_of("127.0.0.2") as events:
        for client in ("127.0.0.3", "127.0.0.2", "127.0.0.1"):
            hub.observe(accepted(client))
    hub.observe(accepted("127.0.0.2"))
    assert [row["id"] for row in events] == [2]
    with hub.events_of("127.0.0.2") as events:
        for _ in range(100):
            hub.observe(accepted("127.0.0.2"))
    assert len(events) == 8
