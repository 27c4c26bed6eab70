"""The command, run in this process: what it prints and how it ends."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

from ws_handshake.cli import main


@dataclass(frozen=True)
class Run:
    """Exit status, and what went to the two streams."""

    status: int
    out: str
    err: str


def run(*argv: str) -> Run:
    """Run `ws-handshake` with these arguments; argparse exits by SystemExit."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(argv)
        except SystemExit as left:
            status = int(left.code or 0)
    return Run(status, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Probed:
    """A probe's JSON document, and its exit status."""

    status: int
    document: dict[str, Any]

    @property
    def verdict(self) -> str:
        """The one word."""
        return str(self.document["verdict"])

    @property
    def codes(self) -> list[str]:
        """The codes of all failures."""
        return [failure["code"] for failure in self.document["failures"]]

    @property
    def seen(self) -> str | None:
        """What was seen of the only failure."""
        (failure,) = self.document["failures"]
        seen: str | None = failure["seen"]
        return seen

    @property
    def fix(self) -> str:
        """The fix of the only failure."""
        (failure,) = self.document["failures"]
        return str(failure["fix"])

    @property
    def causes(self) -> list[tuple[str, str]]:
        """Code and certainty of each cause."""
        return [(c["code"], c["certainty"]) for c in self.document["causes"]]

    @property
    def notes(self) -> list[str]:
        """The codes of all notes."""
        return [note["code"] for note in self.document["notes"]]

    def step(self, name: str) -> dict[str, Any]:
        """Return the step of this name."""
        (found,) = (s for s in self.document["steps"] if s["step"] == name)
        return dict(found)

    @property
    def steps(self) -> list[str]:
        """The names of the steps."""
        return [step["step"] for step in self.document["steps"]]


def probe(url: str, *options: str) -> Probed:
    """Probe with --json."""
    done = run("probe", url, "--json", *options)
    assert done.err == ""
    return Probed(done.status, json.loads(done.out))
