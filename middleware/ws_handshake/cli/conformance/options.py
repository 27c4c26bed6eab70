"""The options of `conformance`, each checked where it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.cli.arguments import checked, up_to, whole_up_to
from ws_handshake.cli.client.options import add_offer
from ws_handshake.cli.client.request import parse_header
from ws_handshake.cli.client.target import parse_target

if TYPE_CHECKING:
    import argparse

    Header = tuple[bytes, bytes]

# What the catalogue itself sends and bends.
_OURS = (
    *(b"host", b"upgrade", b"connection", b"content-length", b"transfer-encoding"),
    *(b"sec-websocket-key", b"sec-websocket-version", b"sec-websocket-extensions"),
)
_OPTIONS = {b"origin": "--origin", b"sec-websocket-protocol": "--subprotocol"}

_MOST_AT_ONCE, _HIGHEST_RATE = 32, 500.0
_LONGEST_WAIT, _LONGEST_RUN = 60.0, 600.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the URL, what to send, and the bounds."""
    parser.add_argument("url", metavar="URL", nargs="?", type=checked(parse_target))
    _add_what(parser)
    _add_bounds(parser)
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="print one JSON document")
    shown.add_argument("--badge", action="store_true", help="print one line only")
    shown.add_argument(
        "-v", "--verbose", action="store_true", help="show every handshake"
    )


def _add_what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--yes",
        action="store_true",
        help="the server is yours: do not ask, although it is not on this machine",
    )
    parser.add_argument(
        "--list", action="store_true", help="print the catalogue, and send nothing"
    )
    parser.add_argument(
        "--only",
        metavar="CODE",
        action="append",
        default=[],
        help="only handshakes with this code or name; may be given several times",
    )
    add_offer(
        parser,
        header="send this header with every handshake, a cookie for instance",
        origin="an origin that the server allows",
        parse=_parse_header,
    )
    parser.add_argument("--insecure", action="store_true", help="take any certificate")


def _add_bounds(parser: argparse.ArgumentParser) -> None:
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
        help="so many connections at once (default: 4)",
    )
    parser.add_argument(
        "--rate",
        metavar="N",
        type=up_to(_HIGHEST_RATE),
        default=50.0,
        help="so many handshakes a second (default: 50)",
    )


def _parse_header(text: str) -> Header:
    name, value = parse_header(text)
    if name.lower() in _OURS:
        raise ValueError("this header belongs to the handshakes that are sent")
    if name.lower() in _OPTIONS:
        raise ValueError(f"use {_OPTIONS[name.lower()]} for this header")
    return name, value
