"""The options that say what is sent besides the handshake itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.cli.arguments import checked
from ws_handshake.cli.client.request import (
    Offer,
    parse_header,
    parse_origin,
    parse_subprotocol,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    Header = tuple[bytes, bytes]


def add_offer(
    parser: argparse.ArgumentParser,
    *,
    header: str,
    origin: str,
    parse: Callable[[str], Header] = parse_header,
) -> None:
    """Add --header, --origin and --subprotocol, with the help of the first two.

    `parse` may take fewer headers than can be written.
    """
    parser.add_argument(
        "--header",
        metavar="'NAME: VALUE'",
        type=checked(parse),
        action="append",
        default=[],
        help=header,
    )
    parser.add_argument(
        "--origin", metavar="ORIGIN", type=checked(parse_origin), help=origin
    )
    parser.add_argument(
        "--subprotocol",
        metavar="NAME",
        type=checked(parse_subprotocol),
        action="append",
        default=[],
        help="offer this subprotocol; may be given several times",
    )


def offer_of(options: argparse.Namespace) -> Offer:
    """Return what these options ask for."""
    return Offer(options.origin, tuple(options.subprotocol), tuple(options.header))
