"""The report of a run: a summary by kind, one line for each failure, JSON, a badge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ws_handshake.cli.conformance.judgement import ADVICE, DEFINITION, MEANINGS, Kind
from ws_handshake.cli.exits import REJECTED, VALID

if TYPE_CHECKING:
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.conformance.cases import Case
    from ws_handshake.cli.conformance.judgement import Outcome
    from ws_handshake.cli.screen import Screen

_EITHER = "101 or a rejection"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcomes in the order of the catalogue; `stopped` is why some are missing."""

    target: Target
    chosen: int
    outcomes: tuple[Outcome, ...]
    stopped: str | None
    seconds: float

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The failures, ordered by kind."""
        return tuple(o for kind in Kind for o in self.outcomes if o.kind is kind)

    @property
    def counts(self) -> dict[str, int]:
        """The number of failures of each kind."""
        found = Counter(outcome.kind for outcome in self.failures)
        return {kind.value: found[kind] for kind in Kind}

    @property
    def right(self) -> int:
        """The number of right outcomes."""
        return len(self.outcomes) - len(self.failures)

    @property
    def not_sent(self) -> int:
        """The number of cases that were not sent, or not waited for."""
        return self.chosen - len(self.outcomes)

    @property
    def badge(self) -> str:
        """The result in one line."""
        return f"websocket handshake: {self.right}/{self.chosen}"

    @property
    def exit_status(self) -> int:
        """The exit status of the command; what was not sent counts as a failure."""
        return VALID if self.right == self.chosen else REJECTED


def document_of(report: Report) -> dict[str, object]:
    """Return the report as JSON."""
    return {
        "url": report.target.shown,
        "badge": report.badge,
        "chosen": report.chosen,
        "sent": len(report.outcomes),
        "right": report.right,
        "failures": report.counts,
        "stopped": report.stopped,
        "seconds": round(report.seconds, 3),
        "results": [
            {
                **entry(outcome.case),
                "kind": outcome.kind,
                "status": outcome.status,
                "received": outcome.received,
            }
            for outcome in report.outcomes
        ],
    }


def entry(case: Case) -> dict[str, object]:
    """Return a case of the catalogue as JSON."""
    return {
        "name": case.name,
        "sentence": case.sentence,
        "expected": case.expected,
        "codes": list(case.codes),
        "rfc": case.rfc,
    }


def print_report(report: Report, screen: Screen, *, verbose: bool, quiet: bool) -> None:
    """Print each failure by kind, then the summary and what to do.

    `verbose` prints every handshake, `quiet` none of them.
    """
    if not quiet:
        _print_outcomes(report, screen, verbose=verbose)
    if report.stopped:
        missing = f"{report.not_sent} of {report.chosen}"
        screen.print(f"{missing} were not sent, or not waited for: {report.stopped}.")
        screen.print("")
    for kind, count in report.counts.items():
        row, style = f"  {kind:18}{count:4}", "red" if count else ""
        if verbose or count:
            screen.print(MEANINGS[Kind(kind)], indent=26, lead=row, style=style)
        else:
            screen.verbatim(row)
    screen.verbatim(f"  {'as it should be':18}{report.right:4}", style="green")
    screen.print("")
    style = "bold red" if report.exit_status else "bold green"
    screen.verbatim(report.badge, style=style)
    _print_advice(report, screen)


def _print_outcomes(report: Report, screen: Screen, *, verbose: bool) -> None:
    kind = None
    for outcome in report.outcomes if verbose else report.failures:
        if outcome.kind is not kind and not verbose:
            kind = outcome.kind
            screen.print(str(kind), style="bold red")
        _print_outcome(outcome, screen)
    if verbose:
        screen.print(DEFINITION)
        screen.print("")


def _print_outcome(outcome: Outcome, screen: Screen) -> None:
    case = outcome.case
    screen.print(f"{case.name}: {case.sentence}", indent=2)
    screen.print(f"{_expected(case)} Received: {outcome.received}.", indent=4)
    screen.print("")


def _print_advice(report: Report, screen: Screen) -> None:
    """Say what to do about each kind, and how to see one of them again."""
    if report.failures:
        screen.print("")
        screen.print("What to do:", style="bold")
    for kind in (kind for kind, count in report.counts.items() if count):
        screen.print(ADVICE[Kind(kind)], indent=20, lead=f"  {kind}")
    for outcome in report.failures[:1]:
        again = f"{report.target.shown} --only {outcome.case.name} -v"
        screen.print("One of them alone:", indent=2)
        screen.verbatim(f"ws-handshake conformance {again}", indent=4)


def print_catalogue(cases: tuple[Case, ...], screen: Screen) -> None:
    """Print the cases, each with what must come back."""
    for case in cases:
        screen.print(f"{case.name}: {case.sentence}")
        screen.print(_expected(case), indent=4)


def _expected(case: Case) -> str:
    wanted = {
        "accept": "101",
        "reject": f"a rejection, {' '.join(case.codes)}",
        "either": _EITHER,
    }[case.expected]
    return f"Expected: {wanted} ({case.rfc})."
