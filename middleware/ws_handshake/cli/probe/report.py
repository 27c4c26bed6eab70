"""The report of a probe: as a value, on the terminal, and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from ws_handshake.cli.client.redacted import shown_field
from ws_handshake.cli.client.signs import proxy_of
from ws_handshake.cli.exits import REJECTED, UNREACHED, VALID
from ws_handshake.cli.screen import shown
from ws_handshake.outcome.problem import row_of_cause

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.status import Status

    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.problem import Problem, Suspect
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.probe.notes import Note
    from ws_handshake.cli.probe.track import Step
    from ws_handshake.cli.screen import Screen
    from ws_handshake.diagnosis.causes import Cause

_EXITS = {
    "valid": VALID,
    "rejected": REJECTED,
    "faulty": REJECTED,
    "unreached": UNREACHED,
}

_STYLES = {
    "valid": "bold green",
    "rejected": "bold red",
    "faulty": "bold red",
    "unreached": "bold yellow",
}
_SENTENCES = {
    "valid": "Valid: the server accepted the handshake, and frames get through.",
    "rejected": "Rejected: the server responded, and did not accept the handshake.",
    "faulty": "Faulty: the server was reached, but the WebSocket does not work.",
    "unreached": "Not reached: there was no connection to the server.",
}
_INDENT = 14
_STEP_INDENT = 23
_SHORT_BODY, _LONG_BODY = 300, 2048


@dataclass(frozen=True, slots=True)
class Report:
    """All that a probe found out."""

    target: Target
    steps: tuple[Step, ...]
    failures: tuple[Failure, ...] = ()
    notes: tuple[Note, ...] = ()
    causes: tuple[Cause, ...] = ()
    response: Response | None = field(default=None, repr=False)
    problem: Problem | None = None

    @property
    def verdict(self) -> str:
        """One word: valid, rejected, faulty or unreached."""
        if any(not failure.kind.reached for failure in self.failures):
            return "unreached"
        if not self.failures:
            return "valid"
        got_response = self.response is not None and not self.response.accepts
        return "rejected" if got_response else "faulty"

    @property
    def exit_status(self) -> int:
        """The exit status of the command."""
        return _EXITS[self.verdict]


class StepPrinter:
    """Prints each step when it ends; meanwhile `err` shows its name."""

    def __init__(self, screen: Screen, *, quiet: bool, verbose: bool) -> None:
        """Take the screen; `quiet` prints no step, `verbose` also its bytes."""
        self._screen = screen
        self._quiet = quiet
        self._verbose = verbose
        self._status: Status | None = None

    def begin(self, name: str) -> None:
        """Show on a terminal which step is under way."""
        if self._screen.err.is_terminal:
            self._status = self._screen.err.status(f"{name} ...")
            self._status.start()

    def end(self, step: Step) -> None:
        """Print the step."""
        if self._status is not None:
            self._status.stop()
        if self._quiet:
            return
        lead = f"  {step.name:8}{step.seconds * 1000:8.1f} ms"
        style = "" if step.ok else "red"
        self._screen.print(step.result, indent=_STEP_INDENT, lead=lead, style=style)
        for line in step.lines if self._verbose else ():
            self._screen.verbatim(line, indent=_STEP_INDENT, style="dim")


def print_report(report: Report, screen: Screen, *, verbose: bool) -> None:
    """Print the verdict, and what explains it."""
    screen.print("")
    screen.print(_SENTENCES[report.verdict], style=_STYLES[report.verdict])
    if report.problem is not None:
        _print_problem(report.problem, screen)
    else:
        for failure in report.failures:
            _print_failure(failure, screen)
        if report.response is not None and report.verdict == "rejected":
            _print_body(report.response, screen, _LONG_BODY if verbose else _SHORT_BODY)
    for cause in report.causes:
        _print_cause(cause, screen)
    for note in report.notes:
        screen.print("")
        screen.print(note.what, indent=_INDENT, lead="  note")


def _print_failure(failure: Failure, screen: Screen) -> None:
    screen.print("")
    screen.print(f"{failure.kind.code}: {failure.kind.what}", indent=2, style="bold")
    rows = {"seen": failure.seen, "fix": failure.fix, "see": failure.kind.rfc}
    _print_rows(rows, screen)


def _print_problem(problem: Problem, screen: Screen) -> None:
    """Print everything in a rejection by our middleware."""
    for violation in problem.violations:
        screen.print("")
        what = f": {violation.what}" if violation.what else ""
        screen.print(f"{violation.code}{what}", indent=2, style="bold")
        rows = {
            "expected": violation.expected,
            "received": violation.received,
            "fix": violation.fix,
            "see": violation.rfc,
        }
        _print_rows(rows, screen)
    for cause in problem.causes:
        screen.print("")
        screen.print(_heading(cause), indent=2, style="bold")
        _print_rows({"what": cause.detail, "fix": cause.fix}, screen)
    for one in problem.causes[:1] or problem.violations[:1]:
        _print_rows({"more": f"ws-handshake explain {one.code}"}, screen)


def _print_cause(cause: Cause, screen: Screen) -> None:
    screen.print("")
    screen.print(_heading(cause), indent=2, style="bold")
    more = f"ws-handshake explain {cause.code}"
    _print_rows({"what": cause.detail, "fix": cause.fix, "more": more}, screen)


def _heading(cause: Cause | Suspect) -> str:
    certainty = str(cause.certainty).replace("_", " ")
    return f"Cause: {cause.code}, {certainty}"


def _print_body(response: Response, screen: Screen, limit: int) -> None:
    words = b" ".join(response.body.split())
    if words and not words.startswith(b"<"):
        _print_rows({"body": shown(words, limit)}, screen)


def _print_rows(rows: Mapping[str, str | None], screen: Screen) -> None:
    for name, text in rows.items():
        if text:
            screen.print(text, indent=_INDENT, lead=f"    {name}")


def document_of(report: Report, *, verbose: bool) -> dict[str, object]:
    """Return the report as JSON; `verbose` adds the bytes to the steps."""
    response, problem = report.response, report.problem
    return {
        "url": report.target.shown,
        "verdict": report.verdict,
        "exit_status": report.exit_status,
        "steps": [_step(step, verbose=verbose) for step in report.steps],
        "failures": [_failure(failure) for failure in report.failures],
        "causes": [row_of_cause(cause) for cause in report.causes],
        "notes": [asdict(note) for note in report.notes],
        "response": None if response is None else _response(response),
        "problem": None if problem is None else asdict(problem),
    }


def _step(step: Step, *, verbose: bool) -> dict[str, object]:
    document = {
        "step": step.name,
        "seconds": round(step.seconds, 6),
        "ok": step.ok,
        "result": step.result,
        **step.facts,
    }
    return {**document, "bytes": list(step.lines)} if verbose else document


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
        "body": shown(response.body, _LONG_BODY),
    }
