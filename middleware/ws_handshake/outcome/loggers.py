"""One event to a logger of any kind: structlog's, the standard library's, another."""

from __future__ import annotations

import asyncio
import json
import logging
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any

from ws_handshake.outcome.harmless import ENDINGS, Harmless, no_coroutine

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    Fields = Mapping[str, object]

_standard = logging.getLogger("ws_handshake")

# The loop keeps only a weak reference to a task.
_running: set[asyncio.Task[object]] = set()


def write(logger: object, level: str, event: str, fields: Fields) -> None:
    """Log an event. Raises whatever the logger raises.

    One that takes no fields, such as a plain `logging.Logger`, gets a line of text; so
    does the standard library's `ws_handshake` where a logger does not take that either.
    """
    try:
        returned = getattr(logger, level)(event, **fields)
    except (AttributeError, TypeError):
        returned = _write_line(logger, level, _line(event, fields))
    if iscoroutine(returned):
        _start(returned)


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
            getattr(_standard, level)(_line(event, fields))


def takes_debug(logger: object) -> bool:
    """Return whether a logger takes debug events. Never raises.

    One that does not say, or fails to, counts as one that does. Only a method of its
    class is called: structlog's generic logger has every name, and logs the call.
    """
    try:
        bind = getattr(logger, "bind", None)
        kind = type(logger := logger if bind is None else no_coroutine(bind()))
        for name in ("is_enabled_for", "isEnabledFor"):
            if hasattr(kind, name):
                return bool(no_coroutine(getattr(logger, name)(logging.DEBUG)))
    except ENDINGS:
        raise
    except BaseException:  # noqa: BLE001  (ditto)
        return True
    return True


def _write_line(logger: object, level: str, line: str) -> object:
    returned: object
    try:
        returned = getattr(logger, level)(line)
    except (AttributeError, TypeError):
        returned = getattr(_standard, level)(line)
    return returned


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
