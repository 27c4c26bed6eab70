"""Deadline, the time by which everything must be over."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Deadline:
    """So many seconds from now on; the clock is handed in."""

    def __init__(
        self, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start to count."""
        self.clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Return how many seconds are left; TimeoutError if none are."""
        left = self._end - self.clock()
        if left <= 0:
            raise TimeoutError
        return left

    def part(self, share: float, most: float = math.inf) -> Deadline:
        """Return a deadline that takes only a share of what is left."""
        left = (self._end - self.clock()) * share
        return Deadline(min(left, most), self.clock)
