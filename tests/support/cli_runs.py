"""The command, or one subcommand of it, run in this process: what it prints."""

from __future__ import annotations

import argparse
import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from unittest.mock import patch

from ws_handshake.cli import main
from ws_handshake.cli.screen import Screen

if TYPE_CHECKING:

    class Subcommand(Protocol):
        """What is used here of a subcommand's module."""

        def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
        def run(self, options: argparse.Namespace, screen: Screen) -> int: ...


@dataclass(frozen=True)
class Output:
    """Exit status, and what went to the two streams."""

    status: int
    out: str
    err: str


def run(*argv: str) -> Output:
    """Run `ws-handshake` with these arguments; argparse exits by SystemExit."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(argv)
        except SystemExit as left:
            status = int(left.code or 0)
    return Output(status, out.getvalue(), err.getvalue())


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


class Terminal(io.StringIO):
    """A stream that a person reads."""

    def isatty(self) -> bool:
        return True


class Input(io.TextIOWrapper):
    """Standard input: bytes, from a person or from a program."""

    def __init__(self, data: bytes, *, typed: bool) -> None:
        super().__init__(io.BytesIO(data))
        self._typed = typed

    def isatty(self) -> bool:
        return self._typed


class Piped(Input):
    """Standard input that comes through a pipe, with a number of its own."""

    def __init__(self, data: bytes) -> None:
        super().__init__(b"", typed=False)
        self._reading, writing = os.pipe()
        with open(writing, "wb") as pipe:  # noqa: PTH123  (a number, and no path)
            pipe.write(data)

    def fileno(self) -> int:
        return self._reading


def asked(
    subcommand: Subcommand,
    *argv: str,
    stdin: Input | None = None,
    terminal: bool = False,
    columns: int = 100,
) -> Output:
    """Run one subcommand by itself with these arguments."""
    parser = argparse.ArgumentParser()
    subcommand.add_arguments(parser)
    out, err = (Terminal(), Terminal()) if terminal else (io.StringIO(), io.StringIO())
    environ = {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "xterm"}
    screen = Screen.of(out, err, environ)
    given: Any = Input(b"", typed=True) if stdin is None else stdin
    with patch("sys.stdin", given):
        status = subcommand.run(parser.parse_args(argv), screen)
    return Output(status, out.getvalue(), err.getvalue())
