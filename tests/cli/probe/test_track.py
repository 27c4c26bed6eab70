"""The steps of a walk as they happen, each with its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ws_handshake.cli.client.dial import BlockedError
from ws_handshake.cli.client.failures import NO_RESPONSE, Failure
from ws_handshake.cli.probe.report import Step
from ws_handshake.cli.probe.track import Track

if TYPE_CHECKING:
    from collections.abc import Iterator


def _ticking() -> Iterator[float]:
    yield from (1.0, 1.5, 4.0, 6.0)


def test_each_step_is_timed_and_reported_at_its_end() -> None:
    ticks, reported = _ticking(), list[object]()
    track = Track(lambda: next(ticks), reported.append, reported.append)

    with track.step("name") as step:
        step.reported, step.facts, step.lines = "an address", {"a": 1}, ("> x",)
    with track.step("tcp") as step:
        step.reported, step.good = "bad", False

    first = Step("name", 0.5, "an address", good=True, facts={"a": 1}, lines=("> x",))
    second = Step("tcp", 2.0, "bad", good=False)
    assert track.steps == [first, second]
    assert reported == ["name", first, "tcp", second]


@pytest.mark.parametrize(
    ("seen", "reported"), [("nothing", "nothing"), (None, NO_RESPONSE.what)]
)
def test_a_step_at_which_the_way_ends_tells_why(
    seen: str | None, reported: str
) -> None:
    track = Track(lambda: 0.0, lambda _: None, lambda _: None)

    with pytest.raises(BlockedError, match="no_response"), track.step("response"):
        raise BlockedError(Failure(NO_RESPONSE, seen))

    assert track.steps == [Step("response", 0.0, reported, good=False)]


def test_a_step_in_which_a_person_gives_up_is_reported_too() -> None:
    track = Track(lambda: 0.0, lambda _: None, lambda _: None)

    with pytest.raises(KeyboardInterrupt), track.step("tcp"):
        raise KeyboardInterrupt

    assert [step.reported for step in track.steps] == ["interrupted"]
