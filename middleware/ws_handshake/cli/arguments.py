"""The parsers that argparse is given: what they complain of never repeats a value."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Parsed = TypeVar("Parsed")


def checked(parse: Callable[[str], Parsed]) -> Callable[[str], Parsed]:
    """Let argparse say what a parser complains of, and not repeat what was given."""

    def parsed(text: str) -> Parsed:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parsed


def up_to(most: float, what: str = "a number") -> Callable[[str], float]:
    """Return a parser of numbers above 0, which calls them `what`."""

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
    """Return a parser of whole numbers from 1."""

    @checked
    def parsed(text: str) -> int:
        number = up_to(most)(text)
        if not number.is_integer():
            raise ValueError(f"give a whole number from 1 to {most}")
        return int(number)

    return parsed
