"""What a run has shown: a summary by kind, every failure in a line, JSON, a badge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ws_handshake.cli.conformance.judgement import MEANINGS, Kind
from ws_handshake.cli.conformance.naming import DEFINITION
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
    """The outcomes, as the catalogue has them; `stopped` is why some are missing."""

    target: Target
    chosen: int
    outcomes: tuple[Outcome, ...]
    stopped: str | None
    seconds: float

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The outcomes that are faults, by kind."""
        return tuple(o for kind in Kind for o in self.outcomes if o.kind is kind)

    @property
    def counts(self) -> dict[str, int]:
        """How many failures there are of each kind."""
        found = Counter(outcome.kind for outcome in self.failures)
        return {kind.value: found[kind] for kind in Kind}

    @property
    def right(self) -> int:
        """How many came out as they should."""
        return len(self.outcomes) - len(self.failures)

    @property
    def not_sent(self) -> int:
        """How many were not sent, or not waited for."""
        return self.chosen - len(self.outcomes)

    @property
    def badge(self) -> str:
        """The whole in one line."""
        return f"websocket handshake: {self.right}/{self.chosen}"

    @property
    def exit_status(self) -> int:
        """What this is for a script: what was not sent is not known to be valid."""
        return VALID if self.right == self.chosen else REJECTED


def document_of(report: Report) -> dict[str, object]:
    """Return all of it for JSON."""
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
                "came": outcome.came,
            }
            for outcome in report.outcomes
        ],
    }


def entry(case: Case) -> dict[str, object]:
    """Return a case of the catalogue for JSON."""
    return {
        "name": case.name,
        "sentence": case.sentence,
        "expected": case.expected,
        "codes": list(case.codes),
        "rfc": case.rfc,
    }


def print_report(report: Report, screen: Screen, *, verbose: bool) -> None:
    """Print the summary by kind, then every failure in one line."""
    for line, style in _summary(report, verbose=verbose):
        screen.verbatim(line, style=style)
    if verbose:
        screen.verbatim("")
        screen.say(DEFINITION)
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
        screen.say(f"{missing} were not sent, or not waited for: {report.stopped}.")
    style = "bold red" if report.exit_status else "bold green"
    screen.verbatim(report.badge, style=style)


def print_catalogue(cases: tuple[Case, ...], screen: Screen) -> None:
    """Print every case in one line."""
    for case in cases:
        screen.verbatim(f"{case.name}: {case.sentence} {_expected(case)}")


def _summary(report: Report, *, verbose: bool) -> Iterator[tuple[str, str]]:
    for kind, count in report.counts.items():
        meaning = f"  {MEANINGS[Kind(kind)]}" if verbose or count else ""
        yield f"  {kind:18}{count:4}{meaning}", "red" if count else ""
    yield f"  {'as it should be':18}{report.right:4}", "green"


def _line(outcome: Outcome) -> str:
    case = outcome.case
    return f"{case.name}: {case.sentence} {_expected(case)} Came: {outcome.came}."


def _expected(case: Case) -> str:
    wanted = {
        "accept": "101",
        "reject": f"a rejection, {' '.join(case.codes)}",
        "either": _EITHER,
    }[case.expected]
    return f"Expected: {wanted} ({case.rfc})."
