"""The log: one structlog event per handshake, in OpenTelemetry's names.

It configures nothing: processors, renderers and levels are the application's. As long
as structlog is not configured, rejections are lines for a person at the terminal.

Events of one reason are limited in rate: `websocket.handshake.suppressed` of the next
one says how many were held back. What none follows is reported a second later, at
shutdown, or when Python ends.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from ws_handshake.outcome.event import (
    ACCEPTED,
    REJECTED,
    SCHEMA,
    SUPPRESSED,
    Event,
    event_of,
    limited_by,
)
from ws_handshake.outcome.harmless import no_coroutine
from ws_handshake.outcome.late_summary import LateSummary
from ws_handshake.outcome.loggers import takes_debug, write
from ws_handshake.outcome.observer import Observer
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.outcome.terminal import TerminalLogger

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.outcome.record import HandshakeRecord

__all__ = [
    "ACCEPTED",
    "REJECTED",
    "SCHEMA",
    "SUPPRESSED",
    "Event",
    "Logger",
    "RateLimit",
    "StructlogObserver",
    "event_of",
]

# How long a level is believed.
_SECOND = 1.0


class Logger(Protocol):
    """As much of a structlog logger as the structlog observer uses."""

    # ruff: noqa: ANN401, D102  (structlog's own signatures)
    def debug(self, event: str, **fields: Any) -> Any: ...
    def info(self, event: str, **fields: Any) -> Any: ...
    def warning(self, event: str, **fields: Any) -> Any: ...
    def error(self, event: str, **fields: Any) -> Any: ...


class StructlogObserver(Observer):
    """Writes every outcome to structlog: rejections at warning, valid ones at debug.

    Args:
        logger: any structlog logger; one that takes no fields, as the standard
            library's, has them in its message. The default is that of
            `structlog.get_logger` or, as long as structlog is not configured, lines
            for a terminal.
        rate_limit: how often a reason is logged; by default 50 at once, then 10 a
            second.
        on_suppressed: called with the code of every event that is held back.

    """

    def __init__(
        self,
        logger: Logger | None = None,
        *,
        rate_limit: RateLimit | None = None,
        on_suppressed: Callable[[str], None] | None = None,
    ) -> None:
        """Take a logger and a limit; neither is configured here."""
        self._logger: Logger = (
            structlog.get_logger("ws_handshake") if logger is None else logger
        )
        self._is_default = logger is None
        self._rate_limit = RateLimit() if rate_limit is None else rate_limit
        self._on_suppressed = on_suppressed
        self._takes_debug = False
        self._level_known_until = 0.0
        self._late_summary = LateSummary(self, StructlogObserver._write_summary)

    def observe(self, record: HandshakeRecord, /) -> None:
        """Write one event, unless the rate limit holds it back."""
        code = limited_by(record)
        if code is None:
            if self.wants_accepted():  # or its fields would be worked out in vain
                write(self._current_logger(), *event_of(record))
            return
        suppressed = self._rate_limit.admit(code)
        if suppressed is not None:
            write(self._current_logger(), *event_of(record, suppressed))
            return
        self._late_summary.schedule()
        if self._on_suppressed is not None:
            returned: object = self._on_suppressed(code)
            no_coroutine(returned)

    def wants_accepted(self) -> bool:
        """Return whether the logger takes debug events, as far as it says.

        Every handshake asks, and structlog would make a logger each time: it is asked
        once a second, so a level that is changed at run time counts after one.
        """
        now = time.monotonic()
        if now >= self._level_known_until:
            self._takes_debug = takes_debug(self._current_logger())
            self._level_known_until = now + _SECOND
        return self._takes_debug

    def flush(self) -> None:
        """Report how many events were held back and not reported yet, by reason."""
        self._write_summary()

    def _current_logger(self) -> Logger:
        """Return the logger; an application may configure structlog after us."""
        if self._is_default and not structlog.is_configured():
            return _terminal
        return self._logger

    def _write_summary(self) -> None:
        for code, number in self._rate_limit.drain().items():
            fields = {"error.type": code, "websocket.handshake.suppressed": number}
            write(self._current_logger(), "warning", SUPPRESSED, fields)


_terminal = TerminalLogger()
