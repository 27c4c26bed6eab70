"""A probe on the terminal: the steps as they end, then the verdict in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.cli.screen import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.status import Status

    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.problem import Problem, Suspect
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.probe.report import Report, Step
    from ws_handshake.cli.screen import Screen
    from ws_handshake.diagnosis.causes import Cause

_STYLES = {
    "valid": "bold green",
    "rejected": "bold red",
    "faulty": "bold red",
    "unreached": "bold yellow",
}
_WORDS = {
    "valid": "Valid: the handshake is accepted as it must be, and frames get through.",
    "rejected": "Rejected: the server responded, and did not accept the handshake.",
    "faulty": "Faulty: the server was reached, and this is no WebSocket that works.",
    "unreached": "Not reached: no connection to the server came about.",
}
_INDENT = 14
_STEP_INDENT = 23
_SHORT_BODY, _LONG_BODY = 300, 2048


class StepPrinter:
    """Prints each step when it ends, and what is waited for on `err` meanwhile."""

    def __init__(self, screen: Screen, *, quiet: bool, verbose: bool) -> None:
        """Take the screen; `quiet` prints no step, `verbose` its bytes too."""
        self._screen = screen
        self._quiet = quiet
        self._verbose = verbose
        self._status: Status | None = None

    def begin(self, name: str) -> None:
        """Show on a terminal what is waited for."""
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
        style = "" if step.good else "red"
        self._screen.say(step.reported, indent=_STEP_INDENT, lead=lead, style=style)
        for line in step.lines if self._verbose else ():
            self._screen.verbatim(line, indent=_STEP_INDENT, style="dim")


def print_report(report: Report, screen: Screen, *, verbose: bool) -> None:
    """Print what stands below the steps."""
    screen.say("")
    screen.say(_WORDS[report.verdict], style=_STYLES[report.verdict])
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
        screen.say("")
        screen.say(note.what, indent=_INDENT, lead="  note")


def _print_failure(failure: Failure, screen: Screen) -> None:
    screen.say("")
    screen.say(f"{failure.kind.code}: {failure.kind.what}", indent=2, style="bold")
    rows = {"seen": failure.seen, "fix": failure.fix, "see": failure.kind.rfc}
    _print_rows(rows, screen)


def _print_problem(problem: Problem, screen: Screen) -> None:
    """Print all that a rejection of ours says."""
    for violation in problem.violations:
        screen.say("")
        reported = f"{violation.code}: {violation.what}" if violation.what else ""
        screen.say(reported or violation.code, indent=2, style="bold")
        rows = {
            "expected": violation.expected,
            "received": violation.received,
            "fix": violation.fix,
            "see": violation.rfc,
        }
        _print_rows(rows, screen)
    for cause in problem.causes:
        screen.say("")
        screen.say(_heading(cause), indent=2, style="bold")
        _print_rows({"what": cause.detail, "fix": cause.fix}, screen)
    first = problem.causes[:1] or problem.violations[:1]
    for one in first:
        _print_rows({"more": f"ws-handshake explain {one.code}"}, screen)


def _print_cause(cause: Cause, screen: Screen) -> None:
    screen.say("")
    screen.say(_heading(cause), indent=2, style="bold")
    more = f"ws-handshake explain {cause.code}"
    _print_rows({"what": cause.detail, "fix": cause.fix, "more": more}, screen)


def _heading(cause: Cause | Suspect) -> str:
    return f"Cause: {cause.code}, {cause.certainty}"


def _print_body(response: Response, screen: Screen, limit: int) -> None:
    words = b" ".join(response.body.split())
    if words and not words.startswith(b"<"):
        _print_rows({"body": shown(words, limit)}, screen)


def _print_rows(rows: Mapping[str, str | None], screen: Screen) -> None:
    for name, text in rows.items():
        if text:
            screen.say(text, indent=_INDENT, lead=f"    {name}")
