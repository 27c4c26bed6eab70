"""A probe as one JSON document."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ws_handshake.cli.client.signs import proxy_of
from ws_handshake.cli.redacted import shown_field
from ws_handshake.cli.screen import shown
from ws_handshake.outcome.problem import suspect

if TYPE_CHECKING:
    from ws_handshake.cli.client.answer import Answer
    from ws_handshake.cli.client.faults import Finding
    from ws_handshake.cli.probe.report import Report, Step

_BODY = 2048


def document_of(report: Report, *, verbose: bool) -> dict[str, object]:
    """Return all of a report; `verbose` adds the bytes to the steps."""
    answer, problem = report.answer, report.problem
    return {
        "url": report.target.shown,
        "verdict": report.verdict,
        "exit_status": report.exit_status,
        "steps": [_step(step, verbose=verbose) for step in report.steps],
        "findings": [_finding(finding) for finding in report.findings],
        "causes": [suspect(cause) for cause in report.causes],
        "remarks": [asdict(note) for note in report.notes],
        "answer": None if answer is None else _answer(answer),
        "problem": None if problem is None else asdict(problem),
    }


def _step(step: Step, *, verbose: bool) -> dict[str, object]:
    told = {
        "step": step.name,
        "seconds": round(step.seconds, 6),
        "ok": step.good,
        "told": step.told,
        **step.facts,
    }
    return {**told, "bytes": list(step.lines)} if verbose else told


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.fault.code,
        "what": finding.fault.what,
        "seen": finding.seen,
        "fix": finding.fix,
        "rfc": finding.fault.rfc,
    }


def _answer(answer: Answer) -> dict[str, object]:
    return {
        "http_version": answer.http_version,
        "status": answer.status,
        "headers": [[shown(n), shown_field(n, v)] for n, v in answer.headers],
        "proxy": proxy_of(answer) or None,
        "body": shown(answer.body, _BODY),
    }
