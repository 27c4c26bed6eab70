"""How long a call takes, on a machine that does other things as well."""

from __future__ import annotations

import operator
import statistics
import sys
import time
import timeit
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[[], object]


def seconds(call: Call, runs: int = 9) -> list[float]:
    """Measure processor time, without the tracer, whose cost for each line is not ours.

    It is taken off and put back within one line, or the next would not be covered.
    """
    timer = time.thread_time
    measured = partial(timeit.repeat, call, timer=timer, number=1, repeat=runs)
    untraced, traced = (
        partial(sys.settrace, None),
        partial(sys.settrace, sys.gettrace()),
    )
    steps: list[Callable[[], Any]] = [untraced, measured, traced]
    _, times, _ = map(operator.call, steps)
    return list(times)


def takes_less_than(limit: float, call: Call) -> bool:
    """Return whether the fastest of many runs is faster than so many seconds."""
    return any(min(seconds(call)) < limit for _ in range(100))


def is_linear(small: Call, large: Call, *, times: float = 20) -> bool:
    """Return whether 16 times the bytes take at most so many times as long."""
    return any(_ratio(small, large) <= times for _ in range(10))


def _ratio(small: Call, large: Call) -> float:
    # below 20 us the clock and the fixed part of the cost are what is measured
    base = max(statistics.median(seconds(small)), 20e-6)
    return statistics.median(seconds(large)) / base
