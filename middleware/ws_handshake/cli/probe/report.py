"""Report, what became of a probe: each step with its time, findings, notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ws_handshake.cli.exits import REFUSED, SOUND, UNREACHED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ws_handshake.cli.client.answer import Answer
    from ws_handshake.cli.client.faults import Finding
    from ws_handshake.cli.client.problem import Problem
    from ws_handshake.cli.client.target import Target
    from ws_handshake.cli.probe.notes import Note
    from ws_handshake.diagnosis.causes import Cause

_EXITS = {"sound": SOUND, "refused": REFUSED, "faulty": REFUSED, "unreached": UNREACHED}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way: what it told, in words and as facts; `lines` is for -v."""

    name: str
    seconds: float
    told: str
    good: bool = True
    facts: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that a probe found out; everything in it may be shown."""

    target: Target
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    causes: tuple[Cause, ...] = ()
    answer: Answer | None = field(default=None, repr=False)
    problem: Problem | None = None

    @property
    def verdict(self) -> str:
        """One word: sound, refused, faulty or unreached."""
        if any(not finding.fault.reached for finding in self.findings):
            return "unreached"
        if not self.findings:
            return "sound"
        was_answered = self.answer is not None and not self.answer.accepts
        return "refused" if was_answered else "faulty"

    @property
    def exit_status(self) -> int:
        """What the verdict is for a script."""
        return _EXITS[self.verdict]
