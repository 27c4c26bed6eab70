"""What the inspector keeps: rows that the log has, too, the newest and no more."""

from __future__ import annotations

import json
from io import StringIO
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from tests.support.records import accepted, rejected
from ws_handshake.cli.watch.events import read_event
from ws_handshake.diagnosis.causes import OLD_DRAFT
from ws_handshake.inspector.records import Records, row_of
from ws_handshake.outcome.problem import problem
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from ws_handshake.outcome.record import HandshakeRecord

NOON = 1_796_040_000.25

REJECTED = rejected("version_unsupported", "key_missing", causes=(OLD_DRAFT,))


def logged(record: HandshakeRecord) -> Any:
    """Return the line of a log in JSON, parsed."""
    stream = StringIO()
    logger = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.JSONRenderer(),
        ],
    )
    StructlogObserver(logger).observe(record)
    return json.loads(stream.getvalue())


@pytest.mark.parametrize("record", [accepted(), REJECTED, rejected("key_missing")])
def test_a_row_is_the_event_of_the_log_and_the_problem_that_the_client_got(
    record: HandshakeRecord,
) -> None:
    row = row_of(record, NOON)
    got = row.pop("problem", None)
    assert row.pop("timestamp") == "2026-11-30T12:00:00.250Z"
    assert row == logged(record)
    assert got == (None if record.rejection is None else problem(record.rejection))


@pytest.mark.parametrize("record", [accepted(), REJECTED, rejected("key_missing")])
def test_watch_reads_in_a_row_what_it_reads_in_the_log(record: HandshakeRecord) -> None:
    line = {"timestamp": "2026-11-30T12:00:00.250Z", **logged(record)}
    kept = json.dumps(row_of(record, NOON)).encode()
    event = read_event(kept)
    assert event is not None
    assert event == read_event(json.dumps(line).encode())
    # and the messages of the stream, too
    assert read_event(b"data: " + kept) == event


def test_the_newest_are_kept_and_no_more() -> None:
    records = Records(3)
    for _ in range(5):
        records.add(accepted())
    assert [kept.number for kept in records.since(0)] == [3, 4, 5]
    assert [kept.number for kept in records.since(0, 2)] == [4, 5]
    assert [kept.number for kept in records.since(4)] == [5]
    assert records.since(5) == []
    (kept,) = records.since(4)
    assert json.loads(kept.text)["event"] == "websocket.handshake.accepted"


def test_all_are_counted_in_all_and_by_the_second() -> None:
    now = [NOON]
    records = Records(1, lambda: now[0])
    records.add(REJECTED)
    now[0] += 2
    records.add(accepted())
    first = {"t": 1_796_040_000, "accepted": 0, "rejected": 1}
    second = {"t": 1_796_040_002, "accepted": 1, "rejected": 0, "by_reason": {}}
    assert json.loads(records.counts()) == {
        "started": NOON,
        "now": NOON + 2,
        "last": 2,
        "counts": {
            "accepted": 1,
            "rejected": 1,
            "by_reason": {"version_unsupported": 1},
        },
        "seconds": [{**first, "by_reason": {"version_unsupported": 1}}, second],
    }
    assert json.loads(records.counts(records.now()))["seconds"] == [second]
    now[0] += 1000
    assert json.loads(records.counts())["seconds"] == []


def test_threads_may_share_them() -> None:
    records = Records(10)

    def add() -> None:
        for _ in range(200):
            records.add(accepted())
            assert len(records.since(0)) <= 10

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [kept.number for kept in records.since(0)] == [*range(791, 801)]
    assert json.loads(records.counts())["counts"]["accepted"] == 800
