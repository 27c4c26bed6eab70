"""A record, as its observers get it."""

from __future__ import annotations

from dataclasses import replace

from tests.support.asgi import RecordingObserver
from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.core.reasons import (
    HOST_MISSING,
    METHOD_NOT_GET,
)
from ws_handshake.core.violation import Violation
from ws_handshake.outcome.record import HandshakeRecord, RequestFacts, nothing_known
from ws_handshake.outcome.rejection import Rejection

REJECTION = Rejection((Violation(METHOD_NOT_GET, "POST"), Violation(HOST_MISSING)))


def test_a_record_is_given_to_an_observer() -> None:
    recorder = RecordingObserver()
    record = HandshakeRecord(
        outcome="rejected",
        layer="asgi",
        status=405,
        enforced=True,
        rejection=Rejection(judge(VALID.asked(method="POST").head()).violations),
        describe=nothing_known,
    )
    recorder.observe(record)

    assert recorder.records == [record]
    assert record.error is None


def test_facts_of_a_request_are_worked_out_once_and_only_when_read() -> None:
    asked: list[str] = []

    def describe() -> RequestFacts:
        asked.append("asked")
        return nothing_known()

    record = HandshakeRecord(
        outcome="accepted",
        layer="asgi",
        status=101,
        enforced=True,
        rejection=None,
        describe=describe,
    )
    assert asked == []
    assert record.request is record.request
    assert asked == ["asked"]


def test_a_hint_is_worked_out_once_and_only_when_it_is_read() -> None:
    asked: list[str] = []

    def suggest() -> str:
        asked.append("asked")
        return "a hint"

    record = HandshakeRecord(
        outcome="rejected",
        layer="asgi",
        status=403,
        enforced=True,
        rejection=None,
        describe=nothing_known,
        suggest=suggest,
    )
    copied = replace(record, status=404)
    assert asked == []
    assert [record.hint, record.hint] == ["a hint", "a hint"]
    assert asked == ["asked"]
    assert copied.hint == "a hint"


def test_a_record_has_no_hint_unless_it_is_given_one() -> None:
    record = HandshakeRecord(
        outcome="accepted",
        layer="asgi",
        status=101,
        enforced=True,
        rejection=None,
        describe=nothing_known,
    )

    assert record.hint is None
