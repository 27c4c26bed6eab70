"""Report, what became of a probe: each step with its time, failures, notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ws_handshake.cli.exits import REJECTED, UNREACHED, VALID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.problem import Problem
    from ws_handshake.cli.client.response import Response
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.probe.notes import Note
    from ws_handshake.diagnosis.causes import Cause

_EXITS = {
    "valid": VALID,
    "rejected": REJECTED,
    "faulty": REJECTED,
    "unreached": UNREACHED,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way: what it reported, in words and as facts; `lines` is for -v."""

    name: str
    seconds: float
    reported: str
    good: bool = True
    facts: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that a probe found out; everything in it may be shown."""

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
        """What the verdict is for a script."""
        return _EXITS[self.verdict]
