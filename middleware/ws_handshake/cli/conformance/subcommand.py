"""The subcommand `conformance`: its options, and what they start."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ws_handshake.cli.client.options import add_offer, checked, up_to, whole_up_to
from ws_handshake.cli.client.request import parse_header
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.exits import UNREACHED, VALID
from ws_handshake.cli.screen import shown

if TYPE_CHECKING:
    import argparse

    from ws_handshake.cli.conformance.cases import Case
    from ws_handshake.cli.screen import Screen

    Header = tuple[bytes, bytes]

NAME = "conformance"
SUMMARY = "Send valid and broken handshakes to your server, and report how it did."
EXAMPLES = """\
examples:
  ws-handshake conformance ws://127.0.0.1:8000/ws
  ws-handshake conformance ws://127.0.0.1:8000/ws --only key_malformed -v
  ws-handshake conformance wss://staging.example.com/ws --yes -H 'Cookie: ...'
  ws-handshake conformance ws://127.0.0.1:8000/ws --badge
  ws-handshake conformance --list

This is for your own servers: most of what it sends is broken on purpose. It
asks before it sends to another machine, and is limited in number, rate and
time.

exit status: 0 all right, 1 failures, 2 not reached or wrong arguments
"""

# What the catalogue itself sends and changes.
_OURS = (
    *(b"host", b"upgrade", b"connection", b"content-length", b"transfer-encoding"),
    *(b"sec-websocket-key", b"sec-websocket-version", b"sec-websocket-extensions"),
)
_OPTIONS = {b"origin": "--origin", b"sec-websocket-protocol": "--subprotocol"}

_MOST_AT_ONCE, _HIGHEST_RATE = 32, 500.0
_LONGEST_WAIT, _LONGEST_RUN = 60.0, 600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the URL, what to send, the limits, and how to print."""
    parser.add_argument(
        "url",
        metavar="URL",
        nargs="?",
        type=checked(parse_target),
        help="of your own server: ws:// or wss://; also :8000/ws",
    )
    _add_what(parser)
    _add_limits(parser)
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="print one JSON document")
    output.add_argument("--badge", action="store_true", help="print one line only")
    output.add_argument(
        *("-v", "--verbose"), action="store_true", help="show every handshake"
    )
    output.add_argument(
        *("-q", "--quiet"), action="store_true", help="print the summary only"
    )


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Print the catalogue or send it, and return the exit status."""
    # h11 takes a while to import, and --help need not wait for it
    from ws_handshake.cli.conformance.cases import CASES  # noqa: PLC0415  (ditto)

    cases = _chosen(CASES, options.only)
    if isinstance(cases, str):
        screen.complain(
            f"No handshake has the code or name {shown(cases)}.{_meant(cases, CASES)} "
            "--list prints all."
        )
        return UNREACHED
    if options.list:
        return _list(cases, screen, as_json=options.json)
    if options.url is None:
        screen.complain(
            "Give the URL of your server, as in ws://127.0.0.1:8000/ws, or --list."
        )
        return UNREACHED
    from ws_handshake.cli.conformance.trial import Trial  # noqa: PLC0415  (ditto)

    return Trial(options, screen).of(cases)


def _chosen(cases: tuple[Case, ...], only: list[str]) -> tuple[Case, ...] | str:
    """Return the chosen cases, or the first name that does not exist."""
    known = {name for case in cases for name in (case.name, *case.codes)}
    unknown = [name for name in only if name not in known]
    if unknown:
        return unknown[0]
    wanted = set(only)
    return tuple(c for c in cases if not only or wanted & {c.name, *c.codes})


def _meant(name: str, cases: tuple[Case, ...]) -> str:
    known = {word for case in cases for word in (case.name, *case.codes)}
    like = get_close_matches(name, sorted(known), 1)
    return f" Did you mean {like[0]}?" if like else ""


def _list(cases: tuple[Case, ...], screen: Screen, *, as_json: bool) -> int:
    from ws_handshake.cli.conformance.report import (  # noqa: PLC0415  (as above)
        entry,
        print_catalogue,
    )

    if as_json:
        screen.document([entry(case) for case in cases])
    else:
        print_catalogue(cases, screen)
    return VALID


def _add_what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--yes",
        action="store_true",
        help="the server is yours: do not ask, even if it is on another machine",
    )
    parser.add_argument(
        "--list", action="store_true", help="print the catalogue, and send nothing"
    )
    parser.add_argument(
        "--only",
        metavar="CODE",
        action="append",
        default=[],
        help="send only handshakes with this code or name; may be given several times",
    )
    add_offer(
        parser,
        header="send this header with every handshake, for example a cookie",
        origin="an origin that the server allows",
        parse=_parse_header,
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=up_to(_LONGEST_WAIT),
        default=2.0,
        help="for each handshake (default: 2)",
    )
    parser.add_argument(
        "--time-limit",
        metavar="SECONDS",
        type=up_to(_LONGEST_RUN),
        default=60.0,
        help="for all of them (default: 60)",
    )
    parser.add_argument(
        "--at-once",
        metavar="N",
        type=whole_up_to(_MOST_AT_ONCE),
        default=4,
        help="connections at once (default: 4)",
    )
    parser.add_argument(
        "--rate",
        metavar="N",
        type=up_to(_HIGHEST_RATE),
        default=50.0,
        help="handshakes per second (default: 50)",
    )


def _parse_header(text: str) -> Header:
    name, value = parse_header(text)
    if name.lower() in _OURS:
        raise ValueError("the handshakes set this header themselves")
    if name.lower() in _OPTIONS:
        raise ValueError(f"use {_OPTIONS[name.lower()]} for this header")
    return name, value
