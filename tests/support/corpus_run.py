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
    from tests.support.wires import Response

_AT_ONCE = 8


@dataclass(frozen=True)
class Run:
    """What one server made of the corpus; `seconds` is how long it took to end."""

    name: str
    responses: tuple[tuple[Case, Response], ...]
    logged: str
    seconds: float

    def events(self) -> list[dict[str, Any]]:
        """Return what was logged as JSON."""
        lines = self.logged.splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def rejected(self) -> list[tuple[Case, Response]]:
        """Return the cases that must be rejected, with their responses."""
        return [
            (case, response)
            for case, response in self.responses
            if isinstance(case.expected, tuple)
        ]

    def having(self, expected: Expected) -> list[tuple[Case, Response]]:
        """Return the cases of which this must come, with their responses."""
        return [
            (case, response)
            for case, response in self.responses
            if case.expected == expected
        ]


def run(
    name: str, options: Sequence[str], cases: Iterable[Case], log: Path, seconds: float
) -> Run:
    """Serve with uvicorn's options, ask every case once, and end the server."""
    cases = tuple(cases)
    with serving(
        ["uvicorn", "--host", "127.0.0.1", "--port", "{port}", *options], log
    ) as server:

        def asked(case: Case) -> Response:
            return ask(server.port, case.data, seconds)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            responses = tuple(pool.map(asked, cases))
        ending = time.monotonic()
    took = time.monotonic() - ending
    return Run(name, tuple(zip(cases, responses, strict=True)), server.logged(), took)


def outcome(response: Response) -> Expected | int | None:
    """Return what came, in the words of a case; else the status, None for nothing."""
    if response.codes:
        return response.codes
    if response.status == 101:
        return "accepted"
    return "app" if response.status == 418 else response.status
