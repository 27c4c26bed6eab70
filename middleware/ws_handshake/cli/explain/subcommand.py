"""The subcommand `explain`: judges a pasted request, or prints the page of a code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from shtab import FILE

from ws_handshake.cli.exits import REJECTED, UNREACHED, VALID
from ws_handshake.cli.explain.explained import explain
from ws_handshake.cli.explain.meaning import meaning_of_message, print_meaning
from ws_handshake.cli.explain.pages import entries_of, nearest, print_codes, print_pages
from ws_handshake.cli.explain.report import complaint, document, print_all
from ws_handshake.cli.pasted.recognition import (
    READABLE,
    recognise,
    recognise_message,
    why_unrecognised,
)
from ws_handshake.cli.screen import shown

if TYPE_CHECKING:
    import argparse

    from ws_handshake.cli.screen import Screen

NAME = "explain"
SUMMARY = "Judge a pasted request, or print the page of a code."
EXAMPLES = """\
examples:
  ws-handshake explain request.txt       a request head, or copied headers
  ws-handshake explain server.log        the requests in a log, or its errors
  ws-handshake explain devtools.har      every handshake in it
  pbpaste | ws-handshake explain -       "Copy as cURL", from the clipboard
  ws-handshake explain key_malformed     the page of a reason or a cause
  ws-handshake explain                   the list of all codes
"""

LIMIT = 1_048_576

TOO_LARGE = (
    "This is larger than 1 MiB. To save a smaller HAR file, filter the network panel "
    "for WS first."
)
NO_HANDSHAKE = "There is no WebSocket handshake in this HAR file."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the argument and the options."""
    what = parser.add_argument(
        "what",
        nargs="?",
        metavar="FILE|-|CODE",
        help="a file with a request, - for standard input, or a code",
    )
    vars(what)["complete"] = FILE
    parser.add_argument("--full", action="store_true", help="print all of a long page")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Explain; return 0 for valid, 1 for rejected, 2 if nothing could be read."""
    what: str | None = options.what
    if what is None and sys.stdin.isatty():
        print_codes(screen, as_json=options.json)
        return VALID
    entries = entries_of(what or "")
    if entries:
        print_pages(screen, entries, as_json=options.json, full=options.full)
        return VALID
    try:
        data = _read(what or "-", screen)
    except OSError as problem:
        return _complain(screen, options, _unreadable(what or "-", problem))
    if what is None and not data.strip():
        print_codes(screen, as_json=options.json)
        return VALID
    return _judge(data, options, screen)


def _read(what: str, screen: Screen) -> bytes:
    """Read one byte more than the limit, to see whether it is passed."""
    if what == "-":
        if sys.stdin.isatty():
            screen.complain("Paste a request, and end it with Ctrl-D.")
        return sys.stdin.buffer.read(LIMIT + 1)
    with Path(what).open("rb") as file:
        return file.read(LIMIT + 1)


def _judge(data: bytes, options: argparse.Namespace, screen: Screen) -> int:
    if len(data) > LIMIT:
        return _complain(screen, options, TOO_LARGE)
    pasted = recognise(data)
    message = recognise_message(data) if pasted is None else None
    if message is not None:
        meaning = meaning_of_message(message)
        print_meaning(screen, meaning, as_json=options.json)
        return VALID if meaning.valid else REJECTED
    if pasted is None:
        sentence = f"{why_unrecognised(data)} {READABLE}"
        return _complain(screen, options, sentence)
    if not pasted.requests:
        return _complain(screen, options, NO_HANDSHAKE)
    explained = [explain(request) for request in pasted.requests]
    if options.json:
        screen.document(document(pasted.kind, explained))
    else:
        print_all(screen, pasted.kind, explained)
    return VALID if all(one.valid for one in explained) else REJECTED


def _unreadable(what: str, problem: OSError) -> str:
    name = shown(what)
    if not isinstance(problem, FileNotFoundError):
        return f"{name} cannot be read: {problem.strerror}."
    like = nearest(what)
    meant = f" Did you mean {like}?" if like else ""
    return (
        f"There is no code and no file called {name}.{meant} "
        "ws-handshake explain lists the codes."
    )


def _complain(screen: Screen, options: argparse.Namespace, sentence: str) -> int:
    if options.json:
        screen.document(complaint(sentence))
    else:
        screen.complain(sentence)
    return UNREACHED
