"""Reads the events of the structlog observer from log lines, in both forms.

One is JSON. A line may have a prefix, as journald, Docker and Kubernetes write it, or
be JSON that has the line as a member, or have the dotted names as nested objects (ECS).
The other is the line for a person at a terminal, as `outcome/terminal.py` writes it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ws_handshake.cli.screen import shown
from ws_handshake.core.reasons import BY_CODE
from ws_handshake.outcome.event import ACCEPTED, REJECTED, SUPPRESSED
from ws_handshake.outcome.record import SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED

if TYPE_CHECKING:
    from collections.abc import Iterator

    Document = dict[str, object]

_EVENTS = frozenset([ACCEPTED, REJECTED, SUPPRESSED])
_NAMES = ("event", "message", "msg", "event.action", "body")
_TIMES = ("timestamp", "@timestamp", "time")
_AROUND = ("log", "MESSAGE", "message", "msg")
_OURS = "websocket.handshake."
_WARNINGS = frozenset([SUBPROTOCOL_NOT_CHOSEN.code, SUBPROTOCOL_NOT_OFFERED.code])
# A prefix may contain braces, and log lines may be nested in log lines.
_TRIES = 4
_DEPTH = 3

_TERMINAL = "WebSocket handshake "
_colour = re.compile(r"\x1b\[[0-9;]*m|\\u001b\[[0-9;]*m|#033\[[0-9;]*m")
_terminal = re.compile(
    r"(?:(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2}) )?WebSocket handshake "
    r"(?P<outcome>rejected|accepted|to be rejected \(report_only\)): "
    r"(?:[0-9]{3}|nothing sent,) (?P<code>[a-z0-9_]+)(?:, [a-z0-9_]+)*"
    r"(?: on (?P<path>[/*].*?))??(?: from (?P<client>[0-9A-Za-z.:%\[\]]+))?"
    r"\.(?P<rest>(?: .*)?)$"
)
_terminal_summary = re.compile(
    r"WebSocket handshake rejected: (?P<code>[a-z0-9_]+)\. "
    r"(?P<number>[0-9]+) more were held back\."
)
_terminal_cause = re.compile(r"^ Cause: (?P<cause>[a-z0-9_]+) \([a-z ]+\)\.")
_held_back = re.compile(r" ([0-9]+) more were held back\.(?: Fix: |$)")

_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a line says about handshakes; all text is printable and short.

    `suppressed` is how many lines the rate limit held back before this one. A summary
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
    found = next((_event(found) for found in _documents(text, _DEPTH)), None)
    return found or _event_for_a_person(text)


def _event_for_a_person(line: str) -> Event | None:
    """Return the event in a line for a person at a terminal."""
    text = _colour.sub("", line) if _TERMINAL in line else ""
    if summary := _terminal_summary.search(text):
        fields = {"event": SUPPRESSED, "error.type": summary["code"]}
        return _event({**fields, f"{_OURS}suppressed": int(summary["number"])})
    whole = _terminal.search(text)
    return _event(_fields_of(whole, whole["rest"])) if whole else None


def _fields_of(whole: re.Match[str], rest: str) -> Document:
    """Return the fields of a line; what is not in it stays None."""
    accepted = whole["outcome"] == "accepted"
    cause, held_back = _terminal_cause.search(rest), _held_back.search(rest)
    fix = "" if accepted else rest.rpartition(" Fix: ")[2]
    return {
        "event": ACCEPTED if accepted else REJECTED,
        f"{_OURS}warning" if accepted else "error.type": whole["code"],
        "url.path": whole["path"],
        "client.address": whole["client"],
        "time": whole["time"],
        f"{_OURS}report_only": "report_only" in whole["outcome"],
        f"{_OURS}cause": cause and cause["cause"],
        f"{_OURS}fix": fix,
        f"{_OURS}suppressed": int(held_back[1]) if held_back else 0,
    }


def is_json(line: bytes) -> bool:
    """Return whether a line is from a log in JSON, with or without an event of ours."""
    return line.rstrip().endswith(b"}") and b'{"' in line


def has_event_name(line: bytes) -> bool:
    """Return whether a line names an event of ours, in whatever form."""
    return _OURS.encode() in line


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
    known = BY_CODE.get(reason or "")
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
        fix=_text(document, f"{_OURS}fix") or (known.fix if known else None),
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
