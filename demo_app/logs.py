"""The demo's log: one line per handshake, for a person or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from ws_handshake.structlog import ACCEPTED, REJECTED

if TYPE_CHECKING:
    from typing import TextIO

    from structlog.typing import EventDict, Processor, WrappedLogger

_VIOLATIONS = "websocket.handshake.violations"

# What a person looks for first, under shorter names; LOG=json has all fields.
_SHORT = {
    "http.response.status_code": "status",
    _VIOLATIONS: "why",
    "websocket.handshake.received": "received",
    "url.path": "path",
    "websocket.handshake.suppressed": "suppressed",
    "exception.type": "error",
}

_FRAME = ("event", "level", "timestamp")


def configure(*, as_json: bool, stream: TextIO) -> dict[str, Any]:
    """Configure structlog, and return what makes uvicorn's log look the same.

    uvicorn's own lines come through the same processors, warnings and worse only: its
    access log would report every handshake a second time.
    """
    common: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(
            fmt="iso" if as_json else "%H:%M:%S", utc=as_json
        ),
    ]
    last = _as_json() if as_json else _for_a_person(colors=stream.isatty())
    structlog.configure(
        processors=[*common, *last],
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    return _for_the_standard_library(common, last, stream)


def _as_json() -> list[Processor]:
    return [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]


def _for_a_person(*, colors: bool) -> list[Processor]:
    # the variables of a traceback may hold what a client sent
    plain = structlog.dev.ConsoleRenderer(
        colors=colors,
        sort_keys=False,
        exception_formatter=structlog.dev.plain_traceback,
    )
    return [_shortened, plain]


def _shortened(_logger: WrappedLogger, _method: str, fields: EventDict) -> EventDict:
    """Keep those fields of a handshake that a person looks for first."""
    if fields["event"] not in {ACCEPTED, REJECTED}:
        return fields
    why = ", ".join(fields.get(_VIOLATIONS, ()))
    known = {**fields, _VIOLATIONS: why}
    short = {new: known[old] for old, new in _SHORT.items() if known.get(old)}
    return {name: fields[name] for name in _FRAME} | short


def _for_the_standard_library(
    common: list[Processor], last: list[Processor], stream: TextIO
) -> dict[str, Any]:
    logger = {"handlers": ["terminal"], "level": "WARNING", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": common,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *last,
                ],
            }
        },
        "handlers": {
            "terminal": {
                "class": "logging.StreamHandler",
                "formatter": "structlog",
                "stream": stream,
            }
        },
        "loggers": dict.fromkeys(("uvicorn", "ws_handshake", "asyncio"), logger),
    }
