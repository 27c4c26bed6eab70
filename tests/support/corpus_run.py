"""Sends the corpus to a server, and keeps what came back and what was logged."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.wires import ask, serving

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tests.support.corpus_case import Case, Expected
    from tests.support.wires import Answer

_AT_ONCE = 8


@dataclass(frozen=True)
class Run:
    """What one server made of the corpus; `seconds` is how long it took to end."""

    name: str
    answers: tuple[tuple[Case, Answer], ...]
    logged: str
    seconds: float

    def events(self) -> list[dict[str, Any]]:
        """Return what was logged as JSON."""
        lines = self.logged.splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def refused(self) -> list[tuple[Case, Answer]]:
        """Return the cases that must be refused, with their answers."""
        return [
            (case, answer)
            for case, answer in self.answers
            if isinstance(case.expected, tuple)
        ]

    def having(self, expected: Expected) -> list[tuple[Case, Answer]]:
        """Return the cases of which this must come, with their answers."""
        return [
            (case, answer) for case, answer in self.answers if case.expected == expected
        ]


def run(
    name: str, options: Sequence[str], cases: Iterable[Case], log: Path, seconds: float
) -> Run:
    """Serve with uvicorn's options, ask every case once, and end the server."""
    cases = tuple(cases)
    with serving(
        ["uvicorn", "--host", "127.0.0.1", "--port", "{port}", *options], log
    ) as server:

        def asked(case: Case) -> Answer:
            return ask(server.port, case.data, seconds)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            answers = tuple(pool.map(asked, cases))
        ending = time.monotonic()
    took = time.monotonic() - ending
    return Run(name, tuple(zip(cases, answers, strict=True)), server.logged(), took)


def outcome(answer: Answer) -> Expected | int | None:
    """Return what came, in the words of a case; else the status, None for nothing."""
    if answer.codes:
        return answer.codes
    if answer.status == 101:
        return "accepted"
    return "app" if answer.status == 418 else answer.status
