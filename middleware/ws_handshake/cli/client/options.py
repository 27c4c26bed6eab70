"""Options that several subcommands have, and the parsers of their values.

No message repeats a value, which may be a secret.
"""

from __future__ import annotations

import argparse
import math
import ssl
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from shtab import FILE

from ws_handshake.cli.client.request import (
    Offer,
    parse_header,
    parse_origin,
    parse_subprotocol,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Header = tuple[bytes, bytes]

Parsed = TypeVar("Parsed")


def add_offer(
    parser: argparse.ArgumentParser,
    *,
    header: str,
    origin: str,
    parse: Callable[[str], Header] = parse_header,
) -> None:
    """Add --header, --origin, --subprotocol, --insecure and --cacert.

    The help of the first two differs.

    `parse` may be stricter than `parse_header`.
    """
    parser.add_argument(
        *("-H", "--header"),
        metavar="'NAME: VALUE'",
        type=checked(partial(_headers, parse)),
        action="extend",
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
    parser.add_argument(
        *("-k", "--insecure"), action="store_true", help="accept any certificate"
    )
    cacert = parser.add_argument(
        "--cacert",
        metavar="FILE",
        type=checked(parse_cacert),
        help="trust the certificates in this file (PEM), and no others",
    )
    vars(cacert)["complete"] = FILE


def _headers(parse: Callable[[str], Header], text: str) -> list[Header]:
    """Parse a header, or `@FILE` with one in each line, as in curl."""
    if not text.startswith("@"):
        return [parse(text)]
    try:
        # not splitlines: a value may have what Unicode takes for the end of a line
        lines = Path(text[1:]).read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise ValueError(_unreadable(error)) from None
    except ValueError:
        raise ValueError("there are no headers in UTF-8 in this file") from None
    return [parse(line) for line in lines if line.strip(" \t")]


def _unreadable(error: OSError) -> str:
    return f"the file cannot be read: {(error.strerror or 'failed').lower()}"


def parse_cacert(name: str) -> str:
    """Return the name of a file of certificates; ValueError if there are none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(name)
    except ssl.SSLError:
        raise ValueError("there is no certificate in PEM form in this file") from None
    except OSError as error:
        raise ValueError(_unreadable(error)) from None
    return name


def offer_of(options: argparse.Namespace) -> Offer:
    """Return the values of these options."""
    return Offer(options.origin, tuple(options.subprotocol), tuple(options.header))


def checked(parse: Callable[[str], Parsed]) -> Callable[[str], Parsed]:
    """Let argparse print the parser's message, without the value."""

    def parsed(text: str) -> Parsed:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parsed


def up_to(most: float, what: str = "a number") -> Callable[[str], float]:
    """Return a parser of numbers above 0; `what` names one in its message."""

    @checked
    def parsed(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not 0 < number <= most:
            raise ValueError(f"give {what} above 0, at most {most:g}")
        return number

    return parsed


def whole_up_to(most: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from 1 to `most`."""

    @checked
    def parsed(text: str) -> int:
        number = up_to(most)(text)
        if not number.is_integer():
            raise ValueError(f"give a whole number from 1 to {most}")
        return int(number)

    return parsed
