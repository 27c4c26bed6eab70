from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ws_handshake.outcome.rate_limit import RateLimit


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def opened(limit: RateLimit, kind: str, times: int) -> int:
    return sum(limit.admit(kind) is not None for _ in range(times))


def test_a_burst_goes_through_at_once_and_no_more() -> None:
    limit = RateLimit(Clock())

    assert opened(limit, "key_missing", 200) == 50


def test_burst_and_rate_can_be_chosen() -> None:
    clock = Clock()
    limit = RateLimit(clock, burst=3, rate=2.0)

    assert opened(limit, "a", 10) == 3
    clock.now += 0.49
    assert opened(limit, "a", 10) == 0
    clock.now += 0.02
    assert opened(limit, "a", 10) == 1


def test_after_the_burst_ten_a_second_go_through() -> None:
    clock = Clock()
    limit = RateLimit(clock)
    opened(limit, "a", 60)
    admitted = 0
    for _ in range(1000):
        clock.now += 0.01
        admitted += opened(limit, "a", 1)

    assert admitted in {99, 100}


def test_a_gate_at_rest_fills_up_to_one_burst() -> None:
    clock = Clock()
    limit = RateLimit(clock)
    opened(limit, "a", 60)
    clock.now += 86400.0

    assert opened(limit, "a", 200) == 50


def test_what_was_held_back_is_reported_by_the_next_one_once() -> None:
    clock = Clock()
    limit = RateLimit(clock, burst=1, rate=1.0)

    assert limit.admit("a") == 0
    assert [limit.admit("a"), limit.admit("a")] == [None, None]
    clock.now += 2.0
    assert limit.admit("a") == 2
    assert limit.admit("a") is None
    clock.now += 1.0
    assert limit.admit("a") == 1
    clock.now += 1.0
    assert limit.admit("a") == 0


def test_each_kind_has_a_gate_of_its_own() -> None:
    limit = RateLimit(Clock(), burst=1)

    assert [limit.admit("a"), limit.admit("a"), limit.admit("b")] == [0, None, 0]
    assert limit.drain() == {"a": 1}


def test_what_has_not_been_reported_is_drained_once() -> None:
    clock = Clock()
    limit = RateLimit(clock, burst=1)
    opened(limit, "a", 4)
    opened(limit, "b", 2)

    assert limit.drain() == {"a": 3, "b": 1}
    assert limit.drain() == {}
    clock.now += 1.0
    assert limit.admit("a") == 0


def test_a_clock_that_goes_back_refills_nothing() -> None:
    clock = Clock()
    limit = RateLimit(clock, burst=5)
    opened(limit, "a", 5)
    clock.now -= 500.0

    assert opened(limit, "a", 10) == 0
    clock.now += 0.11
    assert opened(limit, "a", 10) == 1


steps = st.lists(
    st.tuples(
        st.sampled_from(["key_missing", "host_missing", "internal_error"]),
        st.integers(1, 30),
        st.sampled_from([0.0, 0.05, 0.1, 1.0, 3600.0, -0.05, -1.0, -3600.0])
        | st.floats(-100.0, 100.0),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(steps, st.integers(1, 20), st.floats(0.1, 50.0))
def test_said_and_suppressed_is_always_what_happened(
    script: list[tuple[str, int, float, bool]], burst: int, rate: float
) -> None:
    clock = Clock()
    limit = RateLimit(clock, burst=burst, rate=rate)
    happened, admitted, suppressed = Counter[str](), Counter[str](), Counter[str]()
    for kind, times, seconds, drained in script:
        for _ in range(times):
            happened[kind] += 1
            before = limit.admit(kind)
            if before is not None:
                admitted[kind] += 1
                suppressed[kind] += before
        clock.now += seconds
        if drained:
            suppressed.update(limit.drain())
    suppressed.update(limit.drain())

    assert {k: admitted[k] + suppressed[k] for k in happened} == dict(happened)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.floats(0.0, 2.0), min_size=1, max_size=200),
    st.integers(1, 20),
    st.floats(0.1, 50.0),
)
def test_no_more_than_the_burst_and_the_rate_go_through(
    pauses: list[float], burst: int, rate: float
) -> None:
    clock = Clock()
    limit = RateLimit(clock, burst=burst, rate=rate)
    admitted = 0
    for pause in pauses:
        clock.now += pause
        admitted += opened(limit, "a", 3)

    assert admitted <= burst + rate * (clock.now - 1000.0) + 1e-6


@pytest.mark.parametrize("rate", [0.1, 10.0, 1000.0])
def test_the_first_of_a_kind_always_goes_through(rate: float) -> None:
    assert RateLimit(Clock(-5.0), burst=1, rate=rate).admit("a") == 0
