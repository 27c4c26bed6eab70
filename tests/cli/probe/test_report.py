"""What became of a probe, in one word and as an exit status."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.failures import (
    ACCEPT_WRONG,
    CONNECTION_REFUSED,
    NO_RESPONSE,
    RESPONSE_NOT_101,
    Failure,
    FailureKind,
)
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.probe.report import Report

TARGET = parse_target("ws://127.0.0.1/ws")
ACCEPTED, DENIED = Response("1.1", 101), Response("1.1", 403)

VERDICTS: list[tuple[FailureKind | None, Response | None, str, int]] = [
    (None, ACCEPTED, "valid", 0),
    (RESPONSE_NOT_101, DENIED, "rejected", 1),
    (ACCEPT_WRONG, ACCEPTED, "faulty", 1),
    (NO_RESPONSE, None, "faulty", 1),
    (CONNECTION_REFUSED, None, "unreached", 2),
]


@pytest.mark.parametrize(("kind", "response", "verdict", "status"), VERDICTS)
def test_the_verdict_is_one_word_and_the_status_follows(
    kind: FailureKind | None, response: Response | None, verdict: str, status: int
) -> None:
    failures = () if kind is None else (Failure(kind),)
    report = Report(TARGET, (), failures, response=response)

    assert (report.verdict, report.exit_status) == (verdict, status)
