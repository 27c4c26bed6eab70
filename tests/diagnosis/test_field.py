"""Handshakes that failed for real people, as they arrived, and what we say of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.field_reports import FOLDER, REQUESTS, answered, reports

if TYPE_CHECKING:
    from tests.support.field_reports import Report

PROTOCOLS = ("H11Protocol", "HttpToolsProtocol")

REPORTS = {report.name: report for kind in REQUESTS for report in reports(kind)}
each_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
each_protocol = pytest.mark.parametrize("protocol", PROTOCOLS)


@each_protocol
@each_report
def test_what_failed_for_somebody_is_explained(report: Report, protocol: str) -> None:
    answer = answered(report, protocol)
    response = answer.response

    if response.status is None:  # its head never ended: there is no one to respond to
        assert answer.log_line["websocket.handshake.violations"] == list(report.codes)
        return
    assert response.codes == report.codes
    if not report.codes:
        assert response.status == (404 if report.passed_on else 101)
        return
    body = response.body.decode("ascii")
    problem = json.loads(body)
    cause = problem.get("cause", {})
    found = (cause.get("code"), cause.get("certainty"))
    assert found == (report.cause, report.certainty)
    assert problem["detail"].startswith(report.begins)
    assert [words for words in report.says if words not in body] == []
    read = body + json.dumps(answer.log_line)
    assert [words for words in report.never if words in read] == []


def test_a_handshake_is_passed_on_where_it_is_none() -> None:
    passed_on = [r.number for r in REPORTS.values() if r.passed_on]

    assert passed_on == ["F103", "F10", "F122"]


def test_every_request_has_its_row() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == REPORTS.keys()
