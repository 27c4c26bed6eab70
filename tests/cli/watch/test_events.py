from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.records import accepted, rejected
from ws_handshake.cli.watch.events import Event, has_event_name, is_json, read_event
from ws_handshake.core.reasons import KEY_MISSING
from ws_handshake.diagnosis.cause import Certainty
from ws_handshake.diagnosis.causes import PROXY_STRIPPED_UPGRADE
from ws_handshake.outcome.record import SUBPROTOCOL_NOT_CHOSEN, HandshakeRecord
from ws_handshake.outcome.terminal import line_of
from ws_handshake.structlog import event_of

REJECTED: dict[str, Any] = {
    "event": "websocket.handshake.rejected",
    "timestamp": "2026-11-21T12:00:01Z",
    "error.type": "key_malformed",
    "url.path": "/ws",
    "client.address": "203.0.113.9",
    "websocket.handshake.cause": "hand_made_handshake",
    "websocket.handshake.fix": "Fix it.",
    "websocket.handshake.suppressed": 4,
}
READ = Event(
    outcome="rejected",
    suppressed=4,
    reason="key_malformed",
    cause="hand_made_handshake",
    path="/ws",
    client="203.0.113.9",
    fix="Fix it.",
    time="2026-11-21T12:00:01Z",
)
LINE = json.dumps(REJECTED)
ECS = {
    "@timestamp": "2026-11-21T12:00:01Z",
    "event": {"action": "websocket.handshake.rejected"},
    "error": {"type": "key_malformed"},
    "url": {"path": "/ws"},
    "client": {"address": "203.0.113.9"},
    "websocket": {
        "handshake": {
            "cause": "hand_made_handshake",
            "fix": "Fix it.",
            "suppressed": 4,
        }
    },
}
ROWS = {
    "bare": LINE,
    "journald": f"Nov 21 12:00:01 host app[{{17}}]: {LINE}",
    "CRI": f"2026-11-21T12:00:01.1Z stdout F {LINE}",
    "compose": f"app-1  | {LINE} ",
    "Docker": json.dumps({"log": LINE + "\n", "stream": "stdout", "time": "x"}),
    "journalctl -o json": json.dumps({"MESSAGE": LINE, "_PID": "1"}),
    "twice": json.dumps({"message": json.dumps({"log": LINE})}),
    "ECS": json.dumps(ECS),
    "message": json.dumps(
        {**REJECTED, "message": REJECTED["event"], "event": None, "msg": "x"}
    ),
}


def event(**fields: object) -> Event | None:
    changed = {**REJECTED, **{name.replace("__", "."): v for name, v in fields.items()}}
    return read_event(json.dumps(changed).encode())


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_an_event_is_found_whatever_is_around_it(row: str) -> None:
    assert read_event(row.encode()) == READ


def test_an_acceptance_counts_as_itself() -> None:
    accepted = {"event": "websocket.handshake.accepted", "url.path": "/ws"}
    found = read_event(json.dumps(accepted).encode())
    assert found == Event(outcome="accepted", path="/ws")


def test_a_warning_is_about_an_acceptance() -> None:
    warning = {"websocket.handshake.warning": "subprotocol_not_chosen"}
    found = read_event(
        json.dumps({"event": "websocket.handshake.accepted", **warning}).encode()
    )
    assert found == Event(outcome="accepted", warning="subprotocol_not_chosen")


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (
            "key_malformed",
            Event(
                outcome="rejected",
                is_summary=True,
                suppressed=7,
                reason="key_malformed",
                fix="Send 16 random bytes in standard base64, padding included.",
            ),
        ),
        (
            "subprotocol_not_chosen",
            Event(
                outcome="accepted",
                is_summary=True,
                suppressed=7,
                warning="subprotocol_not_chosen",
            ),
        ),
    ],
)
def test_a_summary_has_only_what_was_suppressed(code: str, wanted: Event) -> None:
    line = {
        "event": "websocket.handshake.suppressed_summary",
        "error.type": code,
        "websocket.handshake.suppressed": 7,
    }
    assert read_event(json.dumps(line).encode()) == wanted


def test_without_a_cause_the_fix_is_the_reasons() -> None:
    found = event(websocket__handshake__fix=None, error__type="key_missing")
    assert found is not None
    assert found.fix == KEY_MISSING.fix
    unknown = event(websocket__handshake__fix=None, error__type="of_tomorrow")
    assert unknown is not None
    assert (unknown.reason, unknown.fix) == ("of_tomorrow", None)


@pytest.mark.parametrize(
    ("number", "suppressed"), [(3, 3), (-3, 0), ("3", 0), (None, 0), (2.5, 0), ([], 0)]
)
def test_a_count_is_a_whole_number(number: object, suppressed: int) -> None:
    found = event(websocket__handshake__suppressed=number)
    assert found is not None
    assert found.suppressed == suppressed


def test_report_only_is_seen() -> None:
    found = event(websocket__handshake__report_only=True)
    assert found is not None
    assert found.report_only


def test_text_is_made_printable_and_short() -> None:
    found = event(url__path="/\x1b[31m\u202e" + "a" * 300, client__address=7)
    assert found is not None
    assert found.path == "/\\x1b[31m\\u202e" + "a" * (256 - 15 - 3) + "..."
    assert found.client is None


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"INFO: 127.0.0.1 - GET /ws",
        b'{"event": "started"}',
        b'{"event": "websocket.handshake.protocol_not_installed"}',
        b'"websocket.handshake.rejected"',
        b'{"event": "websocket.handshake.rejected"',
        b"websocket.handshake.rejected {} {{{ {{{{{",
        b'{"log": {"event": "websocket.handshake."}}',
        b"websocket.handshake. " + b'{"a":' * 100_000,
        b'{"websocket.handshake.": ' + b"9" * 5_000 + b"}",
        b'{"log": "{\\"log\\": \\"{\\\\\\"log\\\\\\": 1, websocket.handshake.}\\"}"}',
        b"\xff\x00websocket.handshake.{",
    ],
)
def test_other_lines_have_no_event(line: bytes) -> None:
    assert read_event(line) is None


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_no_line_raises(before: bytes, after: bytes) -> None:
    read_event(before + b'{"event": "websocket.handshake.rejected"' + after)
    found = read_event(before.replace(b"{", b"") + LINE.encode() + after)
    assert found == READ


CAUSE = PROXY_STRIPPED_UPGRADE.as_certain_as(Certainty.VERY_LIKELY)
RECORDS: dict[str, tuple[HandshakeRecord, int]] = {
    "a cause": (rejected("upgrade_missing", "key_missing", causes=(CAUSE,)), 0),
    "held back": (rejected("key_missing"), 7),
    "nothing known": (rejected("key_missing", client="", path=""), 0),
    "report_only": (replace(rejected("key_missing"), enforced=False), 0),
    "an exception": (
        replace(rejected("internal_error"), error="KeyError in a.py:7"),
        2,
    ),
    "a warning": (replace(accepted(), warning=SUBPROTOCOL_NOT_CHOSEN), 0),
}


@pytest.mark.parametrize("coloured", [False, True])
@pytest.mark.parametrize("name", RECORDS)
def test_the_line_for_a_person_says_what_the_json_says(
    name: str, *, coloured: bool
) -> None:
    level, event, fields = event_of(*RECORDS[name])
    line = line_of(level, event, fields, coloured=coloured)
    found = read_event(f"app-1  | {line}\r".encode().rstrip(b"\r"))
    in_json = read_event(json.dumps({"event": event, **fields}).encode())

    assert found is not None
    assert re.fullmatch(r"[0-9]{2}:[0-9]{2}:[0-9]{2}", found.time or "")
    assert replace(found, time=None) == in_json


def test_the_summary_for_a_person_is_one_too() -> None:
    fields = {"error.type": "key_missing", "websocket.handshake.suppressed": 7}
    line = line_of("warning", "websocket.handshake.suppressed_summary", fields)

    assert read_event(line.encode()) == Event(
        outcome="rejected",
        is_summary=True,
        suppressed=7,
        reason="key_missing",
        fix=KEY_MISSING.fix,
    )


@pytest.mark.parametrize(
    "line",
    [
        "12:00:00 WebSocket handshake protocol not installed: Start it with --http.",
        "12:00:00 WebSocket handshake rejected: of course.",
        "WebSocket handshake ",
    ],
)
def test_what_only_begins_like_a_line_of_ours_is_none(line: str) -> None:
    assert read_event(line.encode()) is None


def test_the_form_of_a_log_shows_in_a_line_without_an_event() -> None:
    assert is_json(b'prefix {"event": "started"} ')
    assert not is_json(b"set {a}")
    assert has_event_name(b"[warning] websocket.handshake.rejected error.type=x")
    assert not has_event_name(b"Started.")
