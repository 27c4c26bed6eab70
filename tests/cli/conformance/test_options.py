"""The options of `conformance`."""

from __future__ import annotations

import argparse

import pytest

from ws_handshake.cli.conformance.options import add_options


def parse(*argv: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_options(parser)
    return parser.parse_args(["ws://127.0.0.1/ws", *argv])


def complaint(*argv: str) -> str:
    with pytest.raises(argparse.ArgumentError) as raised:
        parse(*argv)
    return str(raised.value)


def test_the_defaults_are_gentle() -> None:
    options = parse()
    bounds = (options.at_once, options.rate, options.timeout, options.time_limit)
    assert bounds == (4, 50.0, 2.0, 60.0)
    assert options.url.shown == "ws://127.0.0.1/ws"
    assert (options.yes, options.list, options.insecure) == (False, False, False)
    assert (options.only, options.header, options.subprotocol) == ([], [], [])
    assert options.origin is None


def test_bounds_can_be_set() -> None:
    given = "--at-once 8 --rate 0.5 --timeout 60 --time-limit 600"
    options = parse(*given.split())
    bounds = (options.at_once, options.rate, options.timeout, options.time_limit)
    assert bounds == (8, 0.5, 60.0, 600.0)


def test_what_every_handshake_gets_can_be_given_several_times() -> None:
    options = parse("--header", "Cookie: a", "--header", "X-A: b", "--subprotocol", "c")
    assert options.header == [(b"Cookie", b"a"), (b"X-A", b"b")]
    assert options.subprotocol == ["c"]


@pytest.mark.parametrize(
    ("argv", "reported"),
    [
        (["--at-once", "0"], "give a number above 0, at most 32"),
        (["--at-once", "33"], "give a number above 0, at most 32"),
        (["--at-once", "1.5"], "give a whole number from 1 to 32"),
        (["--rate", "501"], "give a number above 0, at most 500"),
        (["--rate", "many"], "give a number above 0, at most 500"),
        (["--timeout", "nan"], "give a number above 0, at most 60"),
        (["--time-limit", "-1"], "give a number above 0, at most 600"),
    ],
)
def test_bounds_have_bounds(argv: list[str], reported: str) -> None:
    assert complaint(*argv) == f"argument {argv[0]}: {reported}"


@pytest.mark.parametrize(
    ("header", "reported"),
    [
        ("no secret", "write a header as 'Name: value', in one line and without"),
        ("Upgrade: x", "this header belongs to the handshakes that are sent"),
        ("HOST: x", "this header belongs to the handshakes that are sent"),
        ("Origin: x", "use --origin for this header"),
        ("Sec-WebSocket-Protocol: x", "use --subprotocol for this header"),
    ],
)
def test_a_header_that_would_bend_the_catalogue_is_not_taken(
    header: str, reported: str
) -> None:
    assert complaint("--header", header).startswith(f"argument --header: {reported}")


def test_a_complaint_does_not_repeat_what_was_given() -> None:
    assert "secret" not in complaint("--header", "secret")


def test_one_way_to_print_can_be_chosen() -> None:
    assert "not allowed with" in complaint("--json", "--badge")
