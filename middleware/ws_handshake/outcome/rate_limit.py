"""How often an event may be logged: a token bucket per reason, exactly accounted."""

from __future__ import annotations

import time
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class RateLimit:
    """Lets `burst` events of a kind through at once, then `rate` a second.

    Args:
        clock: returns seconds.
        burst: how many events go through at once.
        rate: how many a second follow.

    Held back events are counted, and the next one that is let through gets the count,
    so that logged + suppressed is always what happened. Kinds are codes of reasons, and
    nothing that a client sends, so there are as many buckets as there are reasons.
    Threads may share it.

    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        burst: int = 50,
        rate: float = 10.0,
    ) -> None:
        """Start with full buckets."""
        self._clock = clock
        self._burst = burst
        self._rate = rate
        self._buckets: dict[str, tuple[float, float]] = {}
        self._suppressed: dict[str, int] = {}
        # reentrant, for a signal handler that drains while its own thread counts
        self._lock = RLock()

    def admit(self, kind: str) -> int | None:
        """Return how many of this kind were held back before it, or None to hold it."""
        with self._lock:
            now = self._clock()
            level, before = self._buckets.get(kind, (float(self._burst), now))
            # a clock that goes back refills nothing
            level = min(self._burst, level + max(0.0, now - before) * self._rate)
            if level < 1:
                self._buckets[kind] = (level, now)
                self._suppressed[kind] = self._suppressed.get(kind, 0) + 1
                return None
            self._buckets[kind] = (level - 1, now)
            return self._suppressed.pop(kind, 0)

    def drain(self) -> Mapping[str, int]:
        """Return, once, what is held back and has not been reported yet, by kind."""
        with self._lock:
            pending, self._suppressed = self._suppressed, {}
            return pending
