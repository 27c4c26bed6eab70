"""The command line: the parser, its subcommands, and which of them runs."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Protocol

from ws_handshake.cli.conformance import subcommand as conformance
from ws_handshake.cli.exits import VALID
from ws_handshake.cli.explain import subcommand as explain
from ws_handshake.cli.probe import subcommand as probe
from ws_handshake.cli.screen import Screen
from ws_handshake.cli.watch import subcommand as watch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PROGRAM = "ws-handshake"
SHELLS = ("bash", "zsh", "tcsh")

_EXAMPLES = """\
examples:
  ws-handshake probe wss://example.com/ws
  ws-handshake explain key_malformed
  ws-handshake conformance ws://127.0.0.1:8000/ws
  journalctl -u app -o cat -f | ws-handshake watch -

exit status: 0 valid, 1 rejected or faulty, 2 not reached or wrong arguments
"""


class Subcommand(Protocol):
    """What the module of a subcommand must have."""

    @property
    def NAME(self) -> str:  # noqa: N802  (a constant of the module)
        """The word on the command line."""
        ...

    @property
    def SUMMARY(self) -> str:  # noqa: N802  (a constant of the module)
        """What it does, in a sentence."""
        ...

    @property
    def EXAMPLES(self) -> str:  # noqa: N802  (a constant of the module)
        """Examples, printed below its help."""
        ...

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the subcommand's arguments to its parser."""
        ...

    def run(self, options: argparse.Namespace, screen: Screen) -> int:
        """Run it, and return the exit status."""
        ...


def run(argv: Sequence[str]) -> int:
    """Parse the arguments and run the subcommand; SystemExit if they are wrong."""
    options = parser().parse_args(argv)
    chosen: Subcommand = options.subcommand
    return chosen.run(options, Screen.of(sys.stdout, sys.stderr, os.environ))


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    whole = _parser(
        argparse.ArgumentParser,
        prog=PROGRAM,
        description="Checks WebSocket opening handshakes from outside the server.",
        epilog=_EXAMPLES,
    )
    whole.add_argument(
        "--version", action="version", version=f"%(prog)s {version(PROGRAM)}"
    )
    whole.add_argument(
        "--print-completion",
        action=_PrintCompletion,
        choices=SHELLS,
        help="print a script that completes this command in a shell",
    )
    added = whole.add_subparsers(
        title="subcommands", metavar="SUBCOMMAND", required=True
    )
    for subcommand in SUBCOMMANDS:
        one = _parser(
            added.add_parser,
            subcommand.NAME,
            help=subcommand.SUMMARY,
            description=subcommand.SUMMARY,
            epilog=subcommand.EXAMPLES,
        )
        one.set_defaults(subcommand=subcommand)
        subcommand.add_arguments(one)
    return whole


def _parser(
    make: Callable[..., argparse.ArgumentParser], *arguments: str, **settings: str
) -> argparse.ArgumentParser:
    return make(
        *arguments,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        **settings,
    )


class _PrintCompletion(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        _namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        _option_string: str | None = None,
    ) -> None:
        import shtab  # noqa: PLC0415  (nothing else needs it)

        sys.stdout.write(shtab.complete(parser, shell=str(values)))
        parser.exit(VALID)


SUBCOMMANDS: tuple[Subcommand, ...] = (probe, explain, conformance, watch)
