"""A probe as one JSON document."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ws_handshake.cli.client.signs import proxy_of
from ws_handshake.cli.redacted import shown_field
from ws_handshake.cli.screen import shown
from ws_handshake.outcome.problem import row_of_cause

if TYPE_CHECKING:
    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.probe.report import Report, Step

_BODY = 2048


def document_of(report: Report, *, verbose: bool) -> dict[str, object]:
    """Return all of a report; `verbose` adds the bytes to the steps."""
    response, problem = report.response, report.problem
    return {
        "url": report.target.shown,
        "verdict": report.verdict,
        "exit_status": report.exit_status,
        "steps": [_step(step, verbose=verbose) for step in report.steps],
        "failures": [_failure(failure) for failure in report.failures],
        "causes": [row_of_cause(cause) for cause in report.causes],
        "warnings": [asdict(note) for note in report.notes],
        "response": None if response is None else _response(response),
        "problem": None if problem is None else asdict(problem),
    }


def _step(step: Step, *, verbose: bool) -> dict[str, object]:
    reported = {
        "step": step.name,
        "seconds": round(step.seconds, 6),
        "ok": step.good,
        "reported": step.reported,
        **step.facts,
    }
    return {**reported, "bytes": list(step.lines)} if verbose else reported


def _failure(failure: Failure) -> dict[str, object]:
    return {
        "code": failure.kind.code,
        "what": failure.kind.what,
        "seen": failure.seen,
        "fix": failure.fix,
        "rfc": failure.kind.rfc,
    }


def _response(response: Response) -> dict[str, object]:
    proxy = proxy_of(response)
    return {
        "http_version": response.http_version,
        "status": response.status,
        "headers": [[shown(n), shown_field(n, v)] for n, v in response.headers],
        "proxy": None if proxy is None else proxy.name,
        "body": shown(response.body, _BODY),
    }
