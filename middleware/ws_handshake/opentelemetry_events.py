"""A logger for the structlog observer whose events go to OpenTelemetry's logs API."""

from __future__ import annotations

import logging
from time import time_ns
from typing import TYPE_CHECKING, NoReturn

import structlog
from opentelemetry._logs import LogRecord, SeverityNumber

if TYPE_CHECKING:
    from opentelemetry._logs import Logger
    from structlog.typing import EventDict

    from ws_handshake import structlog as ours

_SEVERITIES = {
    "info": SeverityNumber.INFO,
    "warning": SeverityNumber.WARN,
    "error": SeverityNumber.ERROR,
}


def emitting(logger: Logger) -> ours.Logger:
    """Return a structlog logger that emits to `logger`, from info upwards.

    Trace and span are those of the current context.
    """

    def emit(_logger: object, method: str, fields: EventDict) -> NoReturn:
        name: str = fields.pop("event")
        severity = _SEVERITIES[method]
        record = LogRecord(
            timestamp=time_ns(),
            severity_number=severity,
            severity_text=severity.name,
            body=name,
            attributes=fields,
            event_name=name,
        )
        logger.emit(record)
        raise structlog.DropEvent  # or structlog would print it, too

    wrapped: ours.Logger = structlog.wrap_logger(
        None,
        processors=[emit],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    return wrapped
