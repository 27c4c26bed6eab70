"""The command line: the parser, its subcommands, and which of them runs."""

from __future__ import annotations

import argparse
import os
import re
import sys
from difflib import get_close_matches
from importlib.metadata import version
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, get_args

from ws_handshake.cli.conformance import subcommand as conformance
from ws_handshake.cli.exits import UNREACHED, VALID
from ws_handshake.cli.explain import subcommand as explain
from ws_handshake.cli.probe import subcommand as probe
from ws_handshake.cli.screen import Color, Screen, shown
from ws_handshake.cli.watch import subcommand as watch
from ws_handshake.core.redaction import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = "ws-handshake"
SHELLS = ("bash", "zsh", "fish", "tcsh")

_WIDTH = 80
# The sentences of argparse, and ours.
_PLAINER = (
    (re.compile("^the following arguments are required: (.+)"), r"\1 is missing"),
    (re.compile("^(.+): expected one argument"), r"\1 needs a value"),
    (re.compile("^(.+): not allowed with argument (.+)"), r"\2 excludes \1"),
    (re.compile("(?s)^(.+): ignored explicit argument .+"), r"\1 takes no value"),
)
# What hands that know curl type, and ours.
_CURLS = {
    **dict.fromkeys(("-u", "--user"), "-H 'Authorization: ...'"),
    **dict.fromkeys(("-A", "--user-agent"), "-H 'User-Agent: ...'"),
    **dict.fromkeys(("-b", "--cookie"), "-H 'Cookie: ...'"),
    **dict.fromkeys(("-m", "--max-time", "--connect-timeout"), "--timeout"),
    **dict.fromkeys(("-s", "--silent"), "-q"),
    **dict.fromkeys(("-i", "-I", "--include"), "-v"),
}
_HELP = "Show the help of a subcommand."
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
    whole = parser()
    options, unknown = whole.parse_known_args(whole.named_first(argv))
    chosen: Subcommand | None = options.subcommand
    asked = whole.named(chosen.NAME if chosen else options.topic)
    if unknown:
        asked.error(asked.not_known(unknown))
    if chosen is None:
        asked.print_help()
        return VALID
    screen = Screen.of(sys.stdout, sys.stderr, os.environ, options.color)
    return chosen.run(options, screen)


def parser() -> CommandParser:
    """Return the parser of the whole command line."""
    whole = CommandParser(
        prog=PROGRAM,
        description="Checks WebSocket opening handshakes from outside the server.",
        epilog=_EXAMPLES,
    )
    whole.set_defaults(subcommand=None, topic=None)
    _add_version(whole, "print the version")
    whole.add_argument(
        "--print-completion",
        action=_PrintCompletion,
        choices=SHELLS,
        metavar="SHELL",
        help=f"print a script that completes this command in {', '.join(SHELLS)}",
    )
    _add_color(whole, "auto")
    added = whole.add_subparsers(title="subcommands", metavar="SUBCOMMAND")
    for subcommand in SUBCOMMANDS:
        one = added.add_parser(
            subcommand.NAME,
            help=subcommand.SUMMARY,
            description=subcommand.SUMMARY,
            epilog=subcommand.EXAMPLES,
        )
        one.set_defaults(subcommand=subcommand)
        subcommand.add_arguments(one)
        _add_color(one, argparse.SUPPRESS)
        _add_version(one, argparse.SUPPRESS)
        whole.subcommands[subcommand.NAME] = one
    about = added.add_parser("help", help=_HELP, description=_HELP)
    topics = list(whole.subcommands)
    about.add_argument("topic", nargs="?", choices=topics, metavar="SUBCOMMAND")
    return whole


def _add_version(parser: argparse.ArgumentParser, text: str) -> None:
    said = f"{PROGRAM} {version(PROGRAM)}"
    names = ("-V", "--version")
    parser.add_argument(*names, action="version", version=said, help=text)


def _add_color(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--color",
        choices=get_args(Color),
        default=default,
        metavar="WHEN",
        help="auto (on a terminal), always or never",
    )


class CommandParser(argparse.ArgumentParser):
    """Says in plain English what is wrong, suggests what was meant, repeats no value.

    A value may be a secret, and a terminal may be recorded.
    """

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  (argparse's own)
        """Make a parser that shows its examples as they are."""
        super().__init__(formatter_class=_Layout, allow_abbrev=False, **settings)
        self.subcommands: dict[str, CommandParser] = {}

    def named(self, name: str | None) -> CommandParser:
        """Return the parser of a subcommand, or this one."""
        return self.subcommands.get(name or "", self)

    def named_first(self, argv: Sequence[str]) -> list[str]:
        """Return the arguments with the subcommand first: options may stand before."""
        named = [place for place, word in enumerate(argv) if word in self.subcommands]
        first = named[0] if named and argv[0].startswith("-") else 0
        return [*argv[first : first + 1], *argv[:first], *argv[first + 1 :]]

    def error(self, message: str) -> NoReturn:
        """Print the message, and where to look; exit with status 2."""
        said = message.removeprefix("argument ")
        for pattern, sentence in _PLAINER:
            said = pattern.sub(sentence, said)
        sentence = said if said.endswith(("?", ".")) else f"{said}."
        for line in (f"{self.prog}: {sentence}", f"Try: {self.prog} --help"):
            rows = wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
            sys.stderr.write("".join(f"{row}\n" for row in rows))
        raise SystemExit(UNREACHED)

    def not_known(self, words: Sequence[str]) -> str:
        """Return a sentence on what the parser does not know."""
        known = self._options()
        options = [word.partition("=")[0] for word in words if word.startswith("-")]
        if not options or any(option in known for option in options):  # behind "--"
            be = "is" if len(words) == 1 else "are"
            return f"there {be} {counted(len(words), 'argument')} too many"
        # a value may stand right behind a short option
        name = options[0] if options[0].startswith("--") else options[0][:2]
        ours = _CURLS.get(name, "")
        if ours.partition(" ")[0] in known:
            return f"there is no option {name}. Did you mean {ours}?"
        return f"there is no option {shown(name)}{_like(name, known)}"

    def _options(self) -> list[str]:
        return list(self._option_string_actions)

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401
        choices = list(action.choices or [])
        if not choices or value in choices:
            return
        if action.metavar != "SUBCOMMAND":
            raise argparse.ArgumentError(action, f"choose from {', '.join(choices)}")
        if "/" in value or ":" in value:  # an address
            sentence = f"name the subcommand first: {PROGRAM} probe URL"
        else:
            as_option = [f"--{value}"] if f"--{value}" in self._options() else []
            like = _like(value, choices) or _like(f"--{value}", as_option)
            sentence = f"there is no subcommand {shown(value)}{like}"
        raise argparse.ArgumentError(None, sentence)


class _Layout(argparse.RawDescriptionHelpFormatter):
    """Lists the subcommands without a line for the place where one stands."""

    def _format_action(self, action: argparse.Action) -> str:
        formatted = super()._format_action(action)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  (there is no public name)
            return formatted.partition("\n")[2]
        return formatted


def _like(word: str, words: Sequence[str]) -> str:
    like = get_close_matches(word.lower(), words, 1)
    return f". Did you mean {like[0]}?" if like else ""


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
