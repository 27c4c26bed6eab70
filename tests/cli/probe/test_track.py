"""The steps of a walk as they happen, each with its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ws_handshake.cli.client.dial import BlockedError
from ws_handshake.cli.client.faults import NO_ANSWER, Finding
from ws_handshake.cli.probe.report import Step
from ws_handshake.cli.probe.track import Track

if TYPE_CHECKING:
    from collections.abc import Iterator


def _ticking() -> Iterator[float]:
    yield from (1.0, 1.5, 4.0, 6.0)


def test_each_step_is_timed_and_told_at_its_end() -> None:
    ticks, told = _ticking(), list[object]()
    track = Track(lambda: next(ticks), told.append, told.append)

    with track.step("name") as step:
        step.told, step.facts, step.lines = "an address", {"a": 1}, ("> x",)
    with track.step("tcp") as step:
        step.told, step.good = "bad", False

    first = Step("name", 0.5, "an address", good=True, facts={"a": 1}, lines=("> x",))
    second = Step("tcp", 2.0, "bad", good=False)
    assert track.steps == [first, second]
    assert told == ["name", first, "tcp", second]


@pytest.mark.parametrize(
    ("seen", "told"), [("nothing", "nothing"), (None, NO_ANSWER.what)]
)
def test_a_step_at_which_the_way_ends_tells_why(seen: str | None, told: str) -> None:
    track = Track(lambda: 0.0, lambda _: None, lambda _: None)

    with pytest.raises(BlockedError, match="no_answer"), track.step("response"):
        raise BlockedError(Finding(NO_ANSWER, seen))

    assert track.steps == [Step("response", 0.0, told, good=False)]


def test_a_step_in_which_a_person_gives_up_is_told_too() -> None:
    track = Track(lambda: 0.0, lambda _: None, lambda _: None)

    with pytest.raises(KeyboardInterrupt), track.step("tcp"):
        raise KeyboardInterrupt

    assert [step.told for step in track.steps] == ["interrupted"]
