"""How a parser of ours becomes one of argparse's."""

from __future__ import annotations

import argparse
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
