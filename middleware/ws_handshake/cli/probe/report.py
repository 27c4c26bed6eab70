"""The report of a probe: as a value, on the terminal, and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from ws_handshake.cli.client.redacted import shown_field
from ws_handshake.cli.client.signs import responder_of, text_of
from ws_handshake.cli.exits import REJECTED, UNREACHED, VALID
from ws_handshake.cli.screen import shown
from ws_handshake.diagnosis.cause import Certainty
from ws_handshake.outcome.problem import row_of_cause

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.status import Status

    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.problem import Problem, Violation
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.probe.frames import Opened
    from ws_handshake.cli.probe.notes import Note
    from ws_handshake.cli.probe.track import Step
    from ws_handshake.cli.screen import Screen
    from ws_handshake.diagnosis.cause import Cause

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
    opened: Opened | None = field(default=None, repr=False)
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
            self._screen.fold(line, indent=_STEP_INDENT, style="dim")


def print_report(report: Report, screen: Screen, *, verbose: bool) -> None:
    """Print the verdict, and what explains it."""
    screen.print(_sentence(report), style=_STYLES[report.verdict])
    cause_first = any(cause.certainty > Certainty.POSSIBLE for cause in report.causes)
    if cause_first:
        _print_causes(report.causes, screen)
    if report.problem is not None:
        for violation in report.problem.violations:
            is_first = not report.causes and violation is report.problem.violations[0]
            _print_violation(violation, screen, has_more=is_first)
    else:
        for failure in report.failures:
            _print_failure(failure, screen)
        if report.response is not None and report.verdict == "rejected":
            _print_response(report.response, screen, verbose=verbose)
    if not cause_first:
        _print_causes(report.causes, screen)
    for note in report.notes:
        screen.print("")
        screen.print(note.what, indent=_INDENT, lead="  note")


def _sentence(report: Report) -> str:
    """Return the verdict in a sentence; without a connection, why there was none."""
    headlines = [failure.kind.headline for failure in report.failures[:1]]
    target = report.target
    sentence = "".join(headlines) or _SENTENCES[report.verdict]
    return sentence.format(host=shown(target.host), port=target.port)


def _print_failure(failure: Failure, screen: Screen) -> None:
    screen.print("")
    screen.print(f"{failure.kind.code}: {failure.kind.what}", indent=2, style="bold")
    rows = {"seen": failure.seen, "fix": failure.fix, "see": failure.kind.rfc}
    _print_rows(rows, screen)


def _print_violation(violation: Violation, screen: Screen, *, has_more: bool) -> None:
    """Print a violation that our middleware found, and where more is to be read."""
    screen.print("")
    what = f": {violation.what}" if violation.what else ""
    screen.print(f"{violation.code}{what}", indent=2, style="bold")
    rows = {
        "expected": violation.expected,
        "received": violation.received,
        "fix": violation.fix,
        "see": violation.rfc,
        "more": f"ws-handshake explain {violation.code}" if has_more else None,
    }
    _print_rows(rows, screen)


def _print_causes(causes: tuple[Cause, ...], screen: Screen) -> None:
    for cause in causes:
        screen.print("")
        certainty = str(cause.certainty).replace("_", " ")
        screen.print(f"Cause: {cause.code}, {certainty}", indent=2, style="bold")
        more = f"ws-handshake explain {cause.code}" if cause is causes[0] else None
        _print_rows({"what": cause.detail, "fix": cause.fix}, screen)
        for config in cause.config:
            screen.print(f"{config.place}:", indent=_INDENT, lead="    lines")
            for line in config.lines.splitlines():
                screen.verbatim(line, indent=_INDENT + 2)
        _print_rows({"more": more}, screen)


def _print_response(response: Response, screen: Screen, *, verbose: bool) -> None:
    """Print who responded, and the words of the body."""
    by = responder_of(response)
    text = shown(text_of(response), _LONG_BODY if verbose else _SHORT_BODY)
    _print_rows({"from": by.words if by else None}, screen)
    if text:
        screen.print(text, indent=_INDENT, lead="    body", breaks=True)


def _print_rows(rows: Mapping[str, str | None], screen: Screen) -> None:
    for name, text in rows.items():
        if text:
            screen.print(text, indent=_INDENT, lead=f"    {name}")


def document_of(report: Report, *, verbose: bool) -> dict[str, object]:
    """Return the report as JSON; `verbose` adds the bytes to the steps.

    `failures` are what the probe found, `violations` what our middleware says.
    """
    response = report.response
    violations = report.problem.violations if report.problem else ()
    return {
        "url": report.target.shown,
        "verdict": report.verdict,
        "exit_status": report.exit_status,
        "steps": [_step(step, verbose=verbose) for step in report.steps],
        "failures": [_failure(failure) for failure in report.failures],
        "violations": [asdict(violation) for violation in violations],
        "causes": [row_of_cause(cause) for cause in report.causes],
        "notes": [asdict(note) for note in report.notes],
        "response": None if response is None else _response(response),
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
    by = responder_of(response)
    return {
        "http_version": response.http_version,
        "status": response.status,
        "headers": [[shown(n), shown_field(n, v)] for n, v in response.headers],
        "from": None if by is None else by.name,
        "by_itself": by is not None and by.by_itself,
        "body": shown(response.body, _LONG_BODY),
        "text": shown(text_of(response), _LONG_BODY),
    }
