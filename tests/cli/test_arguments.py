"""The parsers that argparse is given, as argparse calls them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pytest

from ws_handshake.cli.arguments import checked, up_to, whole_up_to

if TYPE_CHECKING:
    from collections.abc import Callable


def _parse(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("give a number")
    return int(text)


def test_what_is_parsed_is_returned() -> None:
    assert checked(_parse)("13") == 13


def test_argparse_reports_the_complaint_and_not_what_was_given() -> None:
    assert complaint(checked(_parse), "secret") == "argument --number: give a number"


def complaint(parse: Callable[[str], float], text: str) -> str:
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--number", type=parse)
    with pytest.raises(argparse.ArgumentError) as raised:
        parser.parse_args([f"--number={text}"])
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "number"), [("60", 60.0), ("0.5", 0.5), ("1e-3", 0.001), (" 2 ", 2.0)]
)
def test_a_number_is_above_0_and_not_above_the_most(text: str, number: float) -> None:
    assert up_to(60)(text) == number


@pytest.mark.parametrize("text", ["0", "-1", "60.1", "nan", "inf", "soon", ""])
def test_any_other_is_reported_what_to_give(text: str) -> None:
    reported = "argument --number: give a number above 0, at most 60"
    assert complaint(up_to(60.0), text) == reported


def test_what_is_to_be_given_has_a_name() -> None:
    reported = "argument --number: give a number of seconds above 0, at most 3600"
    assert complaint(up_to(3600.0, "a number of seconds"), "0") == reported


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("32", 32), ("4.0", 4)])
def test_a_whole_number_is_one_however_it_is_written(text: str, number: int) -> None:
    parsed = whole_up_to(32)(text)

    assert parsed == number
    assert isinstance(parsed, int)


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("1.5", "give a whole number from 1 to 32"),
        ("0.5", "give a whole number from 1 to 32"),
        ("0", "give a number above 0, at most 32"),
        ("33", "give a number above 0, at most 32"),
        ("many", "give a number above 0, at most 32"),
    ],
)
def test_what_is_no_whole_number_is_reported_so(text: str, reported: str) -> None:
    assert complaint(whole_up_to(32), text) == f"argument --number: {reported}"
