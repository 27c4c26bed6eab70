"""The subcommand `watch`: counts the handshakes in a log."""

from __future__ import annotations

import sys
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from rich.text import Text
from shtab import FILE

from ws_handshake.cli.exits import REJECTED, UNREACHED, VALID
from ws_handshake.cli.screen import shown
from ws_handshake.cli.watch.events import has_event_name, is_json, read_event
from ws_handshake.cli.watch.live import shown_live
from ws_handshake.cli.watch.source import open_source
from ws_handshake.cli.watch.table import tables
from ws_handshake.cli.watch.tally import Tally
from ws_handshake.core.redaction import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from rich.console import Console

    from ws_handshake.cli.screen import Screen
    from ws_handshake.cli.watch.source import Source

NAME = "watch"
SUMMARY = "Count the handshakes of a log by reason, cause, path and client."
EXAMPLES = """\
examples:
  ws-handshake watch /var/log/app.log            follows the file, like tail -F
  journalctl -u app -o cat -f | ws-handshake watch -
  ws-handshake watch --once --json app.log       the counts, for a script

On a terminal arrows, space and b scroll, q ends.

exit status: 0 no rejection, 1 a rejection, 2 no log that can be read
"""

NO_LINES = "Name a log file, or pipe a log in: journalctl -f | ws-handshake watch -"

READABLE = (
    "It reads the log of the structlog observer, in JSON or in lines for a person; "
    "valid handshakes are in it at level debug only."
)
_COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")

_PAUSE = 0.1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file and the options."""
    file = parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE|-",
        help="a log, in JSON or in lines for a person; - for standard input",
    )
    vars(file)["complete"] = FILE
    parser.add_argument(
        "--once", action="store_true", help="read to the end of the file, and stop"
    )
    parser.add_argument(
        "--json", action="store_true", help="print the counts as one JSON document"
    )
    parser.add_argument(
        *("-q", "--quiet"), action="store_true", help="do not show other lines"
    )


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Watch until the end or Ctrl-C.

    Return 1 if there was a rejection, 2 of a log that cannot be read, else 0.
    """
    if options.file is None and sys.stdin.isatty():
        screen.complain(NO_LINES)
        return UNREACHED
    name: str = options.file or "-"
    try:
        stdin = sys.stdin.fileno() if name == "-" else -1
        source = open_source(name, stdin, once=options.once)
    except OSError as problem:
        screen.complain(f"{shown(name)} cannot be read: {problem.strerror or problem}.")
        return UNREACHED
    tally = Tally()
    with closing(source), suppress(KeyboardInterrupt):
        if screen.out.is_terminal and not options.json:
            write = _silent if options.quiet else _printer(screen.out)
            with shown_live(tally, screen.out) as pause:
                _watch(source, tally, write, pause)
        else:
            write = _silent if options.quiet else _writer(screen.err)
            _watch(source, tally, write, time.sleep)
    if not tally.events and tally.other_lines and not is_json(tally.sample):
        screen.complain(_no_event(shown(name), tally))
        return UNREACHED
    if options.json:
        screen.document(tally.document(time.monotonic()))
    else:
        screen.out.print(tables(tally, time.monotonic()))
    return REJECTED if tally.rejected else VALID


def _no_event(name: str, tally: Tally) -> str:
    """Return why a log cannot be read, and what to do."""
    lines = counted(tally.other_lines, "line")
    start = f"There is no event that can be read in the {lines} of {name}."
    if tally.sample.startswith(_COMPRESSED):
        return f"{start} It is compressed: zcat FILE | ws-handshake watch -"
    if has_event_name(tally.sample):
        return f"{start} Its events are not in JSON: use structlog's JSONRenderer."
    return f"{start} {READABLE}"


def _silent(_line: str) -> None:
    """Write nothing."""


def _watch(
    source: Source,
    tally: Tally,
    write: Callable[[str], None],
    pause: Callable[[float], None],
) -> None:
    """Count every event, and write every other line, until the source ends."""
    while not source.ended:
        lines = source.lines()
        for line in lines or ():
            event = read_event(line)
            if event is None:
                telling = is_json(line) or has_event_name(line)
                tally.add_other(line, is_telling=telling)
                write(_escaped(line))
            else:
                tally.add(event, None if source.catching_up else time.monotonic())
        pause(_PAUSE if lines is None else 0.0)


def _printer(console: Console) -> Callable[[str], None]:
    """Write above the tables."""

    def write(line: str) -> None:
        console.print(Text(line), soft_wrap=True)

    return write


def _writer(console: Console) -> Callable[[str], None]:
    def write(line: str) -> None:
        console.file.write(f"{line}\n")
        console.file.flush()

    return write


def _escaped(line: bytes) -> str:
    """Return the whole line, with everything escaped that could control a terminal."""
    text = line.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable() or character == "\t":
        return character
    return character.encode("unicode_escape").decode("ascii")
