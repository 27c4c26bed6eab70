"""Tells every observer of an outcome, whatever becomes of one of them."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ws_handshake.refusal import HandshakeRecord, Observer

_logger = logging.getLogger("ws_handshake")


class Announcer:
    """The observers of one middleware; `errors` counts what they raised."""

    def __init__(self, observers: Iterable[Observer]) -> None:
        """Take the observers. Raises ValueError if one cannot observe."""
        self._observers = tuple(observers)
        self.errors = 0
        for observer in self._observers:
            if isinstance(observer, type) or not callable(
                getattr(observer, "observe", None)
            ):
                raise ValueError(
                    f"observers has {observer!r}; give instances with a method "
                    "observe(record), such as ws_handshake.journal.Journal()."
                )
        self._hearing = tuple(
            getattr(observer, "hears_acceptances", _yes) for observer in self._observers
        )

    def hears_acceptances(self) -> bool:
        """Say whether anybody listens to what went well: a log at info does not."""
        for hears in self._hearing:  # noqa: SIM110  (any() costs as much as the rest)
            if hears():
                return True
        return False

    def tell(self, record: HandshakeRecord) -> None:
        """Tell all observers; one that raises keeps none of the others from hearing."""
        for observer in self._observers:
            try:
                observer.observe(record)
            except Exception:  # noqa: BLE001  (an observer changes no verdict)
                self._note(observer)

    def flush(self) -> None:
        """Let the observers that hold something back tell it: the server goes down."""
        for observer in self._observers:
            try:
                getattr(observer, "flush", _nothing)()
            except Exception:  # noqa: BLE001  (ditto)
                self._note(observer)

    def _note(self, failed: Observer) -> None:
        self.errors += 1
        if self.errors == 1:
            _logger.error(
                "The observer %s failed; handshakes are judged all the same. "
                "Later failures are counted, not told.",
                type(failed).__name__,
            )
        for observer in self._observers:
            with suppress(Exception):  # it has been noted that something fails
                getattr(observer, "notice_failure", _nothing)(failed)


def _nothing(_failed: Observer | None = None) -> None:
    pass


def _yes() -> bool:
    return True
