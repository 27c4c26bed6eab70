"""The options that say what is sent besides the handshake."""

from __future__ import annotations

import argparse

import pytest

from ws_handshake.cli.client.options import add_offer, offer_of
from ws_handshake.cli.client.request import Offer


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(exit_on_error=False)
    add_offer(made, header="a header of yours", origin="an origin of yours")
    return made


def offered(*argv: str) -> Offer:
    return offer_of(parser().parse_args(argv))


def test_without_an_option_nothing_is_offered() -> None:
    assert offered() == Offer(None, (), ())


def test_headers_and_subprotocols_are_offered_in_their_order() -> None:
    assert offered(
        *("--header", "Cookie: a", "--origin", "https://app.example"),
        *("--subprotocol", "b", "--header", "X-A: c", "--subprotocol", "d"),
    ) == Offer("https://app.example", ("b", "d"), ((b"Cookie", b"a"), (b"X-A", b"c")))


def test_two_parsers_share_no_list() -> None:
    first, second = parser(), parser()
    first.parse_args(["--header", "Cookie: a", "--subprotocol", "b"])

    assert offer_of(second.parse_args([])) == Offer()
    assert offer_of(first.parse_args([])) == Offer()


@pytest.mark.parametrize(
    ("argv", "reported"),
    [
        (["--header", "secret"], "argument --header: write a header as 'Name: value'"),
        (["--origin", "secret\n"], "argument --origin: write an origin as in https://"),
        (["--subprotocol", "secret b"], "argument --subprotocol: a subprotocol is one"),
    ],
)
def test_a_wrong_one_is_reported_and_not_repeated(
    argv: list[str], reported: str
) -> None:
    with pytest.raises(argparse.ArgumentError) as raised:
        offered(*argv)

    assert str(raised.value).startswith(reported)
    assert "secret" not in str(raised.value)


def test_which_headers_are_taken_can_be_said() -> None:
    def none(_text: str) -> tuple[bytes, bytes]:
        raise ValueError("none today")

    made = argparse.ArgumentParser(exit_on_error=False)
    add_offer(made, header="", origin="", parse=none)
    with pytest.raises(argparse.ArgumentError) as raised:
        made.parse_args(["--header", "Cookie: a"])

    assert str(raised.value) == "argument --header: none today"


def test_the_help_is_that_of_whoever_asks() -> None:
    reported = " ".join(parser().format_help().split())

    assert "--header 'NAME: VALUE' a header of yours" in reported
    assert "--origin ORIGIN an origin of yours" in reported
    assert (
        "--subprotocol NAME offer this subprotocol; may be given several times"
        in reported
    )
