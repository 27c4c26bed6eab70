"""The record of a handshake as one row of the page's table."""

from __future__ import annotations

from structlog.testing import capture_logs

from demo_app.inspector.live.events import row_of
from tests.support.records import accepted, rejected
from ws_handshake.diagnosis.causes import OLD_DRAFT
from ws_handshake.structlog import StructlogObserver


def test_an_acceptance_has_neither_codes_nor_a_fix() -> None:
    row = row_of(accepted(), 7, 12.34567, own=True)
    fields = row.pop("fields")
    assert row == {
        "id": 7,
        "time": 12.346,
        "outcome": "accepted",
        "own": True,
        "client": "203.0.113.9",
        "path": "/ws",
        "status": 101,
        "user_agent": None,
        "codes": [],
        "cause": None,
        "fix": None,
    }
    assert isinstance(fields, dict)
    assert fields["event"] == "websocket.handshake.accepted"
    assert fields["level"] == "debug"


def test_a_rejection_has_its_codes_and_the_fix_of_the_first() -> None:
    row = row_of(rejected("key_missing", "version_missing"), 1, 0, own=False)
    assert row["codes"] == ["key_missing", "version_missing"]
    assert row["cause"] is None
    assert row["fix"] == (
        "Send Sec-WebSocket-Key with 16 fresh random bytes in base64."
    )
    assert row["status"] == 400


def test_the_fix_of_a_cause_comes_before_that_of_a_violation() -> None:
    row = row_of(rejected("version_unsupported", causes=(OLD_DRAFT,)), 1, 0, own=False)
    assert row["cause"] == "old_draft"
    assert row["fix"] == "Update the client, or the library that it uses."


def test_the_fields_are_exactly_those_that_the_log_gets() -> None:
    record = rejected("version_unsupported", causes=(OLD_DRAFT,))
    with capture_logs() as logged:
        StructlogObserver().observe(record)
    (event,) = logged
    event["level"] = event.pop("log_level")
    assert row_of(record, 1, 0, own=False)["fields"] == event
