"""Tells every observer of an outcome, whatever becomes of one of them."""

from __future__ import annotations

import logging
from inspect import iscoroutinefunction
from threading import Lock
from typing import TYPE_CHECKING, Any

from ws_handshake.outcome.harmless import ENDINGS, Harmless, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ws_handshake.outcome.record import HandshakeRecord, Observer

_logger = logging.getLogger("ws_handshake")


class Notifier:
    """The observers of one middleware; `errors` counts what they raised.

    No method raises, whatever an observer is or does; but for what ends the process. An
    observer that blocks delays everybody.
    """

    def __init__(self, observers: Iterable[Observer]) -> None:
        """Take the observers. Raises ValueError if one cannot observe."""
        self._observers: tuple[Any, ...] = tuple(observers)
        self.errors = 0
        self._lock = Lock()
        for observer in self._observers:
            _check(observer)

    def wants_accepted(self) -> bool:
        """Return whether anybody listens to what went well: a log at info does not.

        Who fails to say is taken to listen.
        """
        for observer in self._observers:
            try:
                response = getattr(observer, "wants_accepted", _yes)()
                if response is not False and plain(response):
                    return True
            except ENDINGS:
                raise
            except BaseException:  # noqa: BLE001  (an observer changes no verdict)
                self._note(observer)
                return True
        return False

    def notify(self, record: HandshakeRecord) -> None:
        """Tell all observers; one that raises keeps none of the others from hearing."""
        for observer in self._observers:
            try:
                plain(observer.observe(record))
            except ENDINGS:
                raise
            except BaseException:  # noqa: BLE001  (ditto)
                self._note(observer)

    def flush(self) -> None:
        """Let the observers that hold something back tell it: the server goes down."""
        for observer in self._observers:
            try:
                plain(getattr(observer, "flush", _nothing)())
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
                plain(getattr(observer, "observer_failed", _nothing)(failed))


def _check(observer: Observer) -> None:
    observe = None
    with Harmless():
        observe = getattr(observer, "observe", None)
    if isinstance(observer, type) or not callable(observe):
        raise ValueError(
            f"observers has {observer!r}; give instances with a method "
            "observe(record), such as ws_handshake.structlog.StructlogObserver()."
        )
    if iscoroutinefunction(observe) or iscoroutinefunction(type(observe).__call__):
        raise ValueError(
            f"observers has {observer!r}, whose observe(record) is a coroutine "
            "function, which is not awaited; make it a plain method, which may start a "
            "task: asyncio.get_running_loop().create_task(...)."
        )


def _nothing(_failed: Observer | None = None) -> None:
    pass


def _yes() -> bool:
    return True
