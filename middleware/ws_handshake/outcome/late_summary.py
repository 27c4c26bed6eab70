"""Has what a log holds back reported, though no event and no shutdown may follow."""

from __future__ import annotations

import asyncio
import atexit
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import ReferenceType, ref

from ws_handshake.outcome.harmless import Harmless
from ws_handshake.outcome.observer import Observer

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T", bound=Observer)

# How long what is held back waits for an event to follow.
_SECONDS = 1.0


class LateSummary(Generic[T]):
    """Calls an observer later, and does not keep it alive.

    An application may have no lifespan, and uvicorn dies of SIGTERM before Python can
    end: so `write` is called by a timer, too, and not only `flush` when Python ends.
    `flush` may be overridden to wait, for which the loop has no time.
    """

    def __init__(self, observer: T, write: Callable[[T], None]) -> None:
        """Take an observer, and what writes its summary without `flush`."""
        self._observer = ref(observer)
        self._write = write
        self._at_exit = False
        self._due = 0.0

    def schedule(self) -> None:
        """Have what is held back from now on reported a second later at most."""
        now = time.monotonic()
        if now < self._due:
            return
        if not self._at_exit:
            self._at_exit = True
            # as late as this, so that it comes before the log's own shutdown
            atexit.register(_call, self._observer, _flush)
        self._due = now + _SECONDS
        with suppress(RuntimeError):  # no event loop of asyncio's
            loop = asyncio.get_running_loop()
            loop.call_later(_SECONDS, _call, self._observer, self._write)


def _flush(observer: Observer) -> None:
    observer.flush()


def _call(alive: ReferenceType[T], report: Callable[[T], None]) -> None:
    with Harmless():
        if (observer := alive()) is not None:
            report(observer)
