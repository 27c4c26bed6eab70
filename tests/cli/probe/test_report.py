"""What became of a probe, in one word and as an exit status."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.answer import Answer
from ws_handshake.cli.client.faults import (
    ACCEPT_WRONG,
    ANSWER_NOT_101,
    CONNECTION_REFUSED,
    NO_ANSWER,
    Fault,
    Finding,
)
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.probe.report import Report

TARGET = parse_target("ws://127.0.0.1/ws")
ACCEPTED, DENIED = Answer("1.1", 101), Answer("1.1", 403)

VERDICTS: list[tuple[Fault | None, Answer | None, str, int]] = [
    (None, ACCEPTED, "sound", 0),
    (ANSWER_NOT_101, DENIED, "refused", 1),
    (ACCEPT_WRONG, ACCEPTED, "faulty", 1),
    (NO_ANSWER, None, "faulty", 1),
    (CONNECTION_REFUSED, None, "unreached", 2),
]


@pytest.mark.parametrize(("fault", "answer", "verdict", "status"), VERDICTS)
def test_the_verdict_is_one_word_and_the_status_follows(
    fault: Fault | None, answer: Answer | None, verdict: str, status: int
) -> None:
    findings = () if fault is None else (Finding(fault),)
    report = Report(TARGET, (), findings, answer=answer)

    assert (report.verdict, report.exit_status) == (verdict, status)
