"""The report of a run: a summary by kind, one line for each failure, JSON, a badge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ws_handshake.cli.conformance.judgement import DEFINITION, MEANINGS, Kind
from ws_handshake.cli.exits import REJECTED, VALID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.conformance.case import Case
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


def print_report(report: Report, screen: Screen, *, verbose: bool) -> None:
    """Print a summary by kind, then one line for each failure."""
    for line, style in _summary(report, verbose=verbose):
        screen.verbatim(line, style=style)
    if verbose:
        screen.verbatim("")
        screen.print(DEFINITION)
        screen.verbatim("")
    kind = None
    for outcome in report.outcomes if verbose else report.failures:
        if outcome.kind is not kind and not verbose:
            kind = outcome.kind
            screen.verbatim(f"\n{kind}", style="bold red")
        screen.verbatim(_line(outcome), indent=2)
    screen.verbatim("")
    if report.stopped:
        missing = f"{report.not_sent} of {report.chosen}"
        screen.print(f"{missing} were not sent, or not waited for: {report.stopped}.")
    style = "bold red" if report.exit_status else "bold green"
    screen.verbatim(report.badge, style=style)


def print_catalogue(cases: tuple[Case, ...], screen: Screen) -> None:
    """Print one line for each case."""
    for case in cases:
        screen.verbatim(f"{case.name}: {case.sentence} {_expected(case)}")


def _summary(report: Report, *, verbose: bool) -> Iterator[tuple[str, str]]:
    for kind, count in report.counts.items():
        meaning = f"  {MEANINGS[Kind(kind)]}" if verbose or count else ""
        yield f"  {kind:18}{count:4}{meaning}", "red" if count else ""
    yield f"  {'as it should be':18}{report.right:4}", "green"


def _line(outcome: Outcome) -> str:
    case = outcome.case
    return (
        f"{case.name}: {case.sentence} {_expected(case)} Received: {outcome.received}."
    )


def _expected(case: Case) -> str:
    wanted = {
        "accept": "101",
        "reject": f"a rejection, {' '.join(case.codes)}",
        "either": _EITHER,
    }[case.expected]
    return f"Expected: {wanted} ({case.rfc})."
