"""One event to a logger of any kind: structlog's, the standard library's, another."""

from __future__ import annotations

import asyncio
import json
import logging
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any

from ws_handshake.outcome.harmless import ENDINGS, Harmless, plain

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    Fields = Mapping[str, object]

_plain = logging.getLogger("ws_handshake")

# The loop keeps only a weak reference to a task.
_running: set[asyncio.Task[object]] = set()


def write(logger: object, level: str, event: str, fields: Fields) -> None:
    """Log an event. Raises whatever the logger raises.

    One that takes no fields, such as a plain `logging.Logger`, gets a line of text; so
    does the standard library's `ws_handshake` where a logger does not take that either.
    """
    try:
        response = getattr(logger, level)(event, **fields)
    except (AttributeError, TypeError):
        response = _write_line(logger, level, _line(event, fields))
    if iscoroutine(response):
        _start(response)


def write_anyhow(logger: object, level: str, event: str, fields: Fields) -> None:
    """Log an event, whatever the logger does: never raises.

    What it fails to take goes to the standard library's `ws_handshake`.
    """
    try:
        write(logger, level, event, fields)
    except ENDINGS:
        raise
    except BaseException:  # noqa: BLE001  (a logger may raise anything)
        with Harmless():
            getattr(_plain, level)(_line(event, fields))


def takes_debug(logger: object) -> bool:
    """Return whether a logger takes debug events. Never raises.

    One that does not say so, or fails to, is taken to. Only a method of its class is
    asked: structlog's generic logger has one of every name, and logs what it is asked.
    """
    try:
        bind = getattr(logger, "bind", None)
        kind = type(logger := logger if bind is None else plain(bind()))
        for name in ("is_enabled_for", "isEnabledFor"):
            if hasattr(kind, name):
                return bool(plain(getattr(logger, name)(logging.DEBUG)))
    except ENDINGS:
        raise
    except BaseException:  # noqa: BLE001  (ditto)
        return True
    return True


def _write_line(logger: object, level: str, line: str) -> object:
    response: object
    try:
        response = getattr(logger, level)(line)
    except (AttributeError, TypeError):
        response = getattr(_plain, level)(line)
    return response


def _line(event: str, fields: Fields) -> str:
    return f"{event} {json.dumps(fields, default=str)}"


def _start(coroutine: Coroutine[Any, Any, object]) -> None:
    """Let the event loop finish what an async logger has begun."""
    try:
        task = asyncio.get_running_loop().create_task(coroutine)
    except BaseException:
        coroutine.close()  # or Python warns that it was never awaited
        raise
    _running.add(task)
    task.add_done_callback(_forget)


def _forget(task: asyncio.Task[object]) -> None:
    _running.discard(task)
    if not task.cancelled():
        task.exception()  # or asyncio logs a traceback
