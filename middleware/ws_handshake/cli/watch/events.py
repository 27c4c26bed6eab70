"""Reads the events of the structlog observer from log lines.

A line may have a prefix, as journald, Docker and Kubernetes write it, or be JSON that
has the line as a member, or have the dotted names as nested objects (ECS).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ws_handshake.cli.screen import shown
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.outcome.record import SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED
from ws_handshake.structlog import ACCEPTED, REJECTED, SUPPRESSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    Document = dict[str, object]

_EVENTS = frozenset([ACCEPTED, REJECTED, SUPPRESSED])
_NAMES = ("event", "message", "msg", "event.action", "body")
_TIMES = ("timestamp", "@timestamp", "time")
_AROUND = ("log", "MESSAGE", "message", "msg")
_OURS = "websocket.handshake."
_WARNINGS = frozenset([SUBPROTOCOL_NOT_CHOSEN.code, SUBPROTOCOL_NOT_OFFERED.code])
_FIXES = {reason.code: reason.fix for reason in CATALOGUE}
# A prefix may contain braces, and log lines may be nested in log lines.
_TRIES = 4
_DEPTH = 3

_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a line says about handshakes; all text is printable and short.

    `suppressed` is how many lines the flood gate held back before this one. A summary
    at shutdown has only this number, and is not a handshake itself.
    """

    outcome: Literal["accepted", "rejected"]
    is_summary: bool = False
    suppressed: int = 0
    report_only: bool = False
    reason: str | None = None
    warning: str | None = None
    cause: str | None = None
    path: str | None = None
    client: str | None = None
    fix: str | None = None
    time: str | None = None


def read_event(line: bytes) -> Event | None:
    """Return the event in a line, or None. Never raises."""
    text = line.decode("utf-8", "replace")
    return next((_event(found) for found in _documents(text, _DEPTH)), None)


def _documents(text: str, depth: int) -> Iterator[Document]:
    """Yield our events among the JSON objects in `text` and in their members."""
    begin = text.find("{") if _OURS in text and depth else -1
    for _ in range(_TRIES):
        if begin < 0:
            return
        try:
            found, _end = _decoder.raw_decode(text, begin)
        except (ValueError, RecursionError):
            begin = text.find("{", begin + 1)
            continue
        if _name_of(found):
            yield found
        for inner in _AROUND:
            value = found.get(inner)
            yield from _documents(value, depth - 1) if isinstance(value, str) else ()
        return


def _name_of(document: Document) -> str | None:
    """Return the name of the event, if it is one of ours."""
    for member in _NAMES:
        name = _field(document, member)
        if isinstance(name, str) and name in _EVENTS:
            return name
    return None


def _event(document: Document) -> Event:
    name = _name_of(document)
    reason = _text(document, "error.type")
    warning = _text(document, f"{_OURS}warning")
    if name == SUPPRESSED and reason in _WARNINGS:
        reason, warning = None, reason
    accepted = name == ACCEPTED or (name == SUPPRESSED and reason is None)
    return Event(
        outcome="accepted" if accepted else "rejected",
        is_summary=name == SUPPRESSED,
        suppressed=_number(document, f"{_OURS}suppressed"),
        report_only=_field(document, f"{_OURS}report_only") is True,
        reason=reason,
        warning=warning,
        cause=_text(document, f"{_OURS}cause"),
        path=_text(document, "url.path"),
        client=_text(document, "client.address"),
        fix=_text(document, f"{_OURS}fix") or _FIXES.get(reason or ""),
        time=next(filter(None, (_text(document, name) for name in _TIMES)), None),
    )


def _field(document: Document, name: str) -> object:
    """Return the member with a dotted name, flat or nested."""
    if name in document:
        return document[name]
    found: object = document
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _text(document: Document, name: str) -> str | None:
    value = _field(document, name)
    return shown(value) if isinstance(value, str) and value else None


def _number(document: Document, name: str) -> int:
    value = _field(document, name)
    return value if isinstance(value, int) and value > 0 else 0
