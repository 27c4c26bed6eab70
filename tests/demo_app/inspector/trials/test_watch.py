"""The records of one client, which is how a trial finds its own."""

from __future__ import annotations

from structlog.testing import capture_logs

from demo_app.inspector.trials.watch import Watch, event_row
from tests.support.records import accepted, rejected
from ws_handshake.diagnosis.causes import OLD_DRAFT
from ws_handshake.structlog import StructlogObserver


def test_only_the_records_of_a_client_that_is_watched_are_kept() -> None:
    watch = Watch()
    first, second = accepted(client="127.0.0.2"), rejected("key_missing")
    with watch.records_of("127.0.0.2") as records:
        watch.observe(first)
        watch.observe(second)
        assert records == [first]
    watch.observe(first)
    assert records == [first]


def test_of_a_client_that_sends_many_the_first_eight_are_kept() -> None:
    watch = Watch()
    with watch.records_of("127.0.0.2") as records:
        for _ in range(9):
            watch.observe(accepted(client="127.0.0.2"))
    assert len(records) == 8


def test_a_rejection_has_the_line_of_the_terminal_and_all_fields_of_the_log() -> None:
    record = rejected("version_unsupported", causes=(OLD_DRAFT,))
    row = event_row(record)
    assert str(row["line"])[8:] == (
        " WebSocket handshake rejected: 400 version_unsupported on /ws from "
        "203.0.113.9. Cause: old_draft (certain). Fix: Update the client, or the "
        "library that it uses."
    )
    with capture_logs() as logged:
        StructlogObserver().observe(record)
    (event,) = logged
    event["level"] = event.pop("log_level")
    assert row["fields"] == event


def test_an_acceptance_has_no_line_on_the_terminal() -> None:
    assert event_row(accepted())["line"] is None
