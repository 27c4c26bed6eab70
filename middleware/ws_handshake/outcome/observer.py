"""Observers: the base class, and notifying each whatever becomes of another."""

from __future__ import annotations

import logging
from inspect import iscoroutinefunction
from threading import Lock
from typing import TYPE_CHECKING, Any

from ws_handshake.outcome.harmless import ENDINGS, Harmless, no_coroutine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ws_handshake.outcome.record import HandshakeRecord

_logger = logging.getLogger("ws_handshake")


class Observer:
    """Is notified of handshakes: a log, a metric, a trace. Derive yours from it.

    Only `observe` must be written. What a method raises changes no response; it is
    counted, and logged once.
    """

    def observe(self, record: HandshakeRecord, /) -> None:
        """Take note of an outcome. Every client waits for it, so it must not block.

        Args:
            record: the outcome; nothing in it is raw.

        """

    def wants_accepted(self) -> bool:
        """Return whether it needs an acceptance without a warning; most do not.

        It is asked at each. If no observer needs it, no record is made; one that raises
        gets it.
        """
        return True

    def flush(self) -> None:
        """Report what was held back: the server is shutting down."""

    def observer_failed(self, observer: Observer, /) -> None:
        """Take note that an observer has raised; it may be this one."""


class Notifier:
    """The observers of one middleware; `errors` counts what they raised.

    No method raises, whatever an observer is or does, except for what ends the process.
    An observer that blocks delays everybody.
    """

    def __init__(self, observers: Iterable[Observer]) -> None:
        """Take the observers. Raises ValueError if one cannot observe."""
        # Any: their signatures promise what their code need not keep
        self._observers: tuple[Any, ...] = tuple(observers)
        self.errors = 0
        self._lock = Lock()
        for observer in self._observers:
            _check(observer)

    def wants_accepted(self) -> bool:
        """Return whether any observer needs plain acceptances: a log at info does not.

        One that fails to say gets them.
        """
        for observer in self._observers:
            try:
                wanted = observer.wants_accepted()
                if wanted is not False and no_coroutine(wanted):
                    return True
            except ENDINGS:
                raise
            except BaseException:  # noqa: BLE001  (an observer changes no verdict)
                self._note(observer)
                return True
        return False

    def notify(self, record: HandshakeRecord) -> None:
        """Hand the record to all observers, even if one of them raises."""
        self._each(lambda observer: observer.observe(record))

    def flush(self) -> None:
        """Let the observers report what they held back: the server is shutting down."""
        self._each(lambda observer: observer.flush())

    def _each(self, call: Callable[[Any], object]) -> None:
        for observer in self._observers:
            try:
                no_coroutine(call(observer))
            except ENDINGS:
                raise
            except BaseException:  # noqa: BLE001  (ditto)
                self._note(observer)

    def _note(self, failed: Observer) -> None:
        with self._lock:
            self.errors += 1
            first = self.errors == 1
        if first:
            with Harmless():  # a filter or a handler may raise, too
                _logger.error(
                    "The observer %s failed; handshakes are judged all the same. "
                    "Later failures are counted, not reported.",
                    type(failed).__name__,
                )
        for observer in self._observers:
            with Harmless():  # it has been noted that something fails
                no_coroutine(observer.observer_failed(failed))


def _check(observer: object) -> None:
    observe = None
    with Harmless():  # looking it up may raise
        observe = observer.observe if isinstance(observer, Observer) else None
    inherited = getattr(observe, "__func__", None) is Observer.observe
    if inherited or not callable(observe):
        raise ValueError(
            f"observers has {observer!r}; give instances of classes that derive from "
            "ws_handshake.Observer and have a method observe(record), such as "
            "ws_handshake.structlog.StructlogObserver()."
        )
    if iscoroutinefunction(observe) or iscoroutinefunction(type(observe).__call__):
        raise ValueError(
            f"observers has {observer!r}, whose observe(record) is a coroutine "
            "function, which is not awaited; make it a plain method, which may start a "
            "task: asyncio.get_running_loop().create_task(...)."
        )
