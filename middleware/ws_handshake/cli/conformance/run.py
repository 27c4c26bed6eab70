"""The bounded run: so many handshakes at once, a second, and in all."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ws_handshake.cli.client.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from ws_handshake.cli.conformance.case import Case
    from ws_handshake.cli.conformance.send import Came

    Send = Callable[[Case, Deadline], Came]

# Who cannot be reached so often in a row is gone.
_LOST = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """`timeout` is for one handshake, `seconds` for all; `rate` is by the second."""

    at_once: int = 4
    rate: float = 50.0
    timeout: float = 2.0
    seconds: float = 60.0


class Run:
    """One run through the cases; `stopped` says why some were not sent."""

    def __init__(
        self,
        send: Send,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the clock."""
        self._send = send
        self._limits = limits
        self._clock = clock
        self._deadline = Deadline(limits.seconds, clock)
        self._pace = Pace(limits.rate, clock)
        self._stop = threading.Event()
        self.stopped: str | None = None

    def results(
        self, cases: Sequence[Case]
    ) -> Generator[tuple[Case, Came], None, None]:
        """Yield what came, as it comes; who stops to listen stops the run."""
        lost = 0
        pool = ThreadPoolExecutor(self._limits.at_once)
        try:  # Ctrl-C may come while they are still handed in
            futures = {pool.submit(self._one, case): case for case in cases}
            for future in as_completed(futures):
                came = future.result()
                if came is None:
                    continue
                lost = lost + 1 if came.blocked else 0
                if lost == _LOST:
                    self.stop("the server could not be reached any more")
                yield futures[future], came
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)

    def stop(self, why: str) -> None:
        """Send nothing more; the first reason counts."""
        self.stopped = self.stopped or why
        self._stop.set()

    def _one(self, case: Case) -> Came | None:
        """Send one when its turn has come; None where the time does not suffice."""
        try:
            if not self._stop.is_set():
                self._wait_for_turn()
            if self._stop.is_set():
                return None
            left = min(self._deadline.left(), self._limits.timeout)
            came = self._send(case, Deadline(left, self._clock))
            if came.response is None:
                self._deadline.left()  # who was not waited for is not silent
        except TimeoutError:
            self.stop(f"the time limit of {self._limits.seconds:g} s was over")
            return None
        return came

    def _wait_for_turn(self) -> None:
        delay = self._pace.delay()
        if delay > self._deadline.left():
            raise TimeoutError
        self._stop.wait(delay)


class Pace:
    """Turns, of which only so many come in a second."""

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        """Let the first come at once."""
        self._step = 1 / rate
        self._clock = clock
        self._next = clock()
        self._lock = threading.Lock()

    def delay(self) -> float:
        """Take a turn, and return how long it is until then."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._step
        return turn - now
