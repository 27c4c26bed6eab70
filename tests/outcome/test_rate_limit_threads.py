from __future__ import annotations

import sys
import threading
from collections import Counter
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from ws_handshake.outcome.rate_limit import RateLimit

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("key_missing", "host_missing")
THREADS, EACH = 8, 2_000


@contextmanager
def impatient() -> Iterator[None]:
    """Let the interpreter change threads as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-9)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def test_what_threads_ask_together_is_said_or_counted_exactly_once() -> None:
    ticks = count()
    limit = RateLimit(lambda: next(ticks) / 1000, burst=3, rate=100.0)
    admitted, held_back = [0] * THREADS, [0] * THREADS
    start = threading.Barrier(THREADS)

    def ask(number: int) -> None:
        start.wait()
        for turn in range(EACH):
            before = limit.admit(KINDS[turn % 2])
            if before is not None:
                admitted[number] += 1
                held_back[number] += before
            if turn % 50 == 0:
                held_back[number] += sum(limit.drain().values())

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(THREADS)]
    with impatient():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    rest = sum(limit.drain().values())
    assert sum(admitted) + sum(held_back) + rest == THREADS * EACH


def test_threads_get_no_more_through_than_the_burst() -> None:
    limit = RateLimit(lambda: 0.0, burst=1000)
    admitted: Counter[int] = Counter()
    start = threading.Barrier(THREADS)

    def ask(number: int) -> None:
        start.wait()
        for _ in range(EACH):
            admitted[number] += limit.admit("key_missing") is not None

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(THREADS)]
    with impatient():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert admitted.total() == 1000
    assert limit.drain() == {"key_missing": THREADS * EACH - 1000}


def test_who_interrupts_the_gate_in_its_own_thread_does_not_hang() -> None:
    drained: list[object] = []

    def clock() -> float:
        # as a signal handler may that flushes the log while an event is counted
        drained.append(limit.drain())
        return 0.0

    limit = RateLimit(clock)

    assert limit.admit("key_missing") == 0
    assert drained == [{}]
