"""One subcommand, run in this process: its input and its output."""

from __future__ import annotations

import argparse
import io
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from unittest.mock import patch

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
    """Run a subcommand with these arguments."""
    parser = argparse.ArgumentParser()
    subcommand.add_arguments(parser)
    out, err = (Terminal(), Terminal()) if terminal else (io.StringIO(), io.StringIO())
    environ = {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "xterm"}
    screen = Screen.of(out, err, environ)
    given: Any = Input(b"", typed=True) if stdin is None else stdin
    with patch("sys.stdin", given):
        status = subcommand.run(parser.parse_args(argv), screen)
    return Output(status, out.getvalue(), err.getvalue())
