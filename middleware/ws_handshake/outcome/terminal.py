"""A logger for a person at a terminal: one short line for each event."""

from __future__ import annotations

import logging
import os
import sys
import time
from typing import TYPE_CHECKING, Any, TextIO

from ws_handshake.core.reasons import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Fields = Mapping[str, Any]

_OURS = "websocket.handshake."

# Select Graphic Rendition (ECMA-48), as every terminal has it.
_RESET, _BOLD, _DIM = "\x1b[0m", "\x1b[1m", "\x1b[2m"
_RED, _GREEN, _YELLOW, _CYAN = "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m"
_COLOURS = {"info": _CYAN, "warning": _YELLOW, "error": _RED}


class TerminalLogger:
    """Writes rejections and warnings to standard error, and nothing at debug.

    It takes what a structlog logger takes, and needs no configuration.
    """

    # ruff: noqa: ANN401, D102  (a logger's own signatures)
    def is_enabled_for(self, level: int) -> bool:
        return level > logging.DEBUG

    def debug(self, event: str, **fields: Any) -> None:
        """Write nothing: a valid handshake is no news to a person."""

    def info(self, event: str, **fields: Any) -> None:
        _write("info", event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        _write("warning", event, fields)

    def error(self, event: str, **fields: Any) -> None:
        _write("error", event, fields)


def _write(level: str, event: str, fields: Fields) -> None:
    stream: TextIO | None = sys.stderr
    if stream is None:  # a program without a console, as of pythonw.exe
        return
    coloured = _takes_colour(stream)
    # in one piece, so that lines of several threads do not mix
    stream.write(f"{line_of(level, event, fields, coloured=coloured)}\n")
    stream.flush()


def _takes_colour(stream: TextIO) -> bool:
    """Return whether a stream is a terminal whose user wants colours (no-color.org)."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and sys.platform != "win32" and stream.isatty()


def line_of(level: str, event: str, fields: Fields, *, coloured: bool = False) -> str:
    """Return the line of an event: time, status, codes, path, client, cause and fix."""
    parts = [
        (_DIM, time.strftime("%H:%M:%S")),
        (_BOLD + _COLOURS[level], f"WebSocket handshake {_headline(event, fields)}"),
        *(("", sentence) for sentence in _sentences(fields)),
        *((_GREEN, f"Fix: {fix}") for fix in _fix(event, fields)),
    ]
    if coloured:
        return " ".join(f"{colour}{text}{_RESET}" for colour, text in parts)
    return " ".join(text for _, text in parts)


def _headline(event: str, fields: Fields) -> str:
    outcome = event.removeprefix(_OURS).replace("_", " ")
    if f"{_OURS}schema" not in fields:
        code = fields.get("error.type")  # of what was held back; else of the set-up
        return f"{outcome}:" if code is None else f"rejected: {code}."
    if f"{_OURS}report_only" in fields:
        outcome = "to be rejected (report_only)"
    warned = [fields.get(f"{_OURS}warning")]
    codes = ", ".join(fields.get(f"{_OURS}violations", warned))
    where = f" on {fields['url.path']}" if "url.path" in fields else ""
    whose = f" from {fields['client.address']}" if "client.address" in fields else ""
    status = fields.get("http.response.status_code", "nothing sent,")
    return f"{outcome}: {status} {codes}{where}{whose}."


def _sentences(fields: Fields) -> Iterator[str]:
    if cause := fields.get(f"{_OURS}cause"):
        certainty = fields[f"{_OURS}certainty"].replace("_", " ")
        yield f"Cause: {cause} ({certainty})."
    if error := fields.get("exception.type"):
        yield f"{error}."
    if hint := fields.get(f"{_OURS}hint") or fields.get("hint"):
        yield hint
    if suppressed := fields.get(f"{_OURS}suppressed"):
        yield f"{suppressed} more were held back."


def _fix(event: str, fields: Fields) -> Iterator[str]:
    """Yield the fix of the cause, or else that of the first violation."""
    if event == f"{_OURS}rejected":
        yield fields.get(f"{_OURS}fix") or BY_CODE[fields["error.type"]].fix
