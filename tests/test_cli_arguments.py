"""A parser of ours, as argparse calls it."""

from __future__ import annotations

import argparse

import pytest

from ws_handshake.cli.arguments import checked


def _parse(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("give a number")
    return int(text)


def test_what_is_parsed_is_returned() -> None:
    assert checked(_parse)("13") == 13


def test_argparse_tells_the_complaint_and_not_what_was_given() -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--number", type=checked(_parse))
    with pytest.raises(argparse.ArgumentError) as raised:
        parser.parse_args(["--number", "secret"])
    assert str(raised.value) == "argument --number: give a number"
