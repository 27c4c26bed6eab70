"""The steps of a probe as they happen, each with its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ws_handshake.cli.client.dial import BlockedError
from ws_handshake.cli.client.failures import NO_RESPONSE, Failure
from ws_handshake.cli.probe.track import Step, Track

if TYPE_CHECKING:
    from collections.abc import Iterator


def _ticking() -> Iterator[float]:
    yield from (1.0, 1.5, 4.0, 6.0)


def test_each_step_is_timed_and_reported_at_its_end() -> None:
    ticks, calls = _ticking(), list[object]()
    track = Track(lambda: next(ticks), calls.append, calls.append)

    with track.step("name") as step:
        step.result, step.facts, step.lines = "an address", {"a": 1}, ("> x",)
    with track.step("tcp") as step:
        step.result, step.ok = "bad", False

    first = Step("name", 0.5, "an address", ok=True, facts={"a": 1}, lines=("> x",))
    second = Step("tcp", 2.0, "bad", ok=False)
    assert track.steps == [first, second]
    assert calls == ["name", first, "tcp", second]


@pytest.mark.parametrize(
    ("seen", "result"), [("nothing", "nothing"), (None, NO_RESPONSE.what)]
)
def test_a_step_that_fails_says_why(seen: str | None, result: str) -> None:
    track = Track(lambda: 0.0, lambda _: None, lambda _: None)

    with pytest.raises(BlockedError, match="no_response"), track.step("response"):
        raise BlockedError(Failure(NO_RESPONSE, seen))

    assert track.steps == [Step("response", 0.0, result, ok=False)]


def test_a_step_that_is_interrupted_is_reported_too() -> None:
    track = Track(lambda: 0.0, lambda _: None, lambda _: None)

    with pytest.raises(KeyboardInterrupt), track.step("tcp"):
        raise KeyboardInterrupt

    assert [step.result for step in track.steps] == ["interrupted"]
