"""The options that several subcommands have."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pytest

from tests.support.tls import certify
from ws_handshake.cli.client.options import (
    add_offer,
    checked,
    offer_of,
    up_to,
    whole_up_to,
)
from ws_handshake.cli.client.request import Offer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
        *("--subprotocol", "b", "-H", "X-A: c", "--subprotocol", "d"),
    ) == Offer("https://app.example", ("b", "d"), ((b"Cookie", b"a"), (b"X-A", b"c")))


def test_two_parsers_share_no_list() -> None:
    first, second = parser(), parser()
    first.parse_args(["--header", "Cookie: a", "--subprotocol", "b"])

    assert offer_of(second.parse_args([])) == Offer()
    assert offer_of(first.parse_args([])) == Offer()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            ["--header", "secret"],
            "argument -H/--header: write a header as 'Name",
        ),
        (["--origin", "secret\n"], "argument --origin: write an origin as in https://"),
        (["--subprotocol", "secret b"], "argument --subprotocol: a subprotocol is one"),
    ],
)
def test_a_wrong_value_is_reported_and_not_repeated(
    argv: list[str], message: str
) -> None:
    with pytest.raises(argparse.ArgumentError) as raised:
        offered(*argv)

    assert str(raised.value).startswith(message)
    assert "secret" not in str(raised.value)


def test_headers_may_stand_in_a_file(tmp_path: Path) -> None:
    names = tmp_path / "names"
    names.write_text("X-A: 1\u2028\u0085\n \nX-B: 2\n", encoding="utf-8")
    offer = offered("-H", "X-C;", "-H", f"@{names}", "-H", "X-D: 3")

    assert offer.headers == (
        (b"X-C", b" "),
        (b"X-A", "1\u2028\u0085".encode()),
        (b"X-B", b"2"),
        (b"X-D", b"3"),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff", "there are no headers in UTF-8 in this file"),
        (b"secret", "write a header as 'Name: value', in one line and without control"),
        (None, "the file cannot be read: no such file or directory"),
    ],
)
def test_a_file_without_headers_is_reported(
    content: bytes | None, message: str, tmp_path: Path
) -> None:
    names = tmp_path / "names"
    if content is not None:
        names.write_bytes(content)
    with pytest.raises(argparse.ArgumentError) as raised:
        offered("-H", f"@{names}")

    assert message in str(raised.value)
    assert "secret" not in str(raised.value)


def test_which_headers_are_taken_can_be_said() -> None:
    def none(_text: str) -> tuple[bytes, bytes]:
        raise ValueError("none today")

    made = argparse.ArgumentParser(exit_on_error=False)
    add_offer(made, header="", origin="", parse=none)
    with pytest.raises(argparse.ArgumentError) as raised:
        made.parse_args(["--header", "Cookie: a"])

    assert str(raised.value) == "argument -H/--header: none today"


def test_the_help_of_headers_and_origin_is_handed_in() -> None:
    output = " ".join(parser().format_help().split())

    assert "--header 'NAME: VALUE' a header of yours" in output
    assert "--origin ORIGIN an origin of yours" in output
    assert (
        "--subprotocol NAME offer this subprotocol; may be given several times"
        in output
    )


def _parse(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("give a number")
    return int(text)


def test_what_is_parsed_is_returned() -> None:
    assert checked(_parse)("13") == 13


def test_argparse_prints_the_message_and_not_the_value() -> None:
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
def test_any_other_text_is_rejected_with_what_to_give(text: str) -> None:
    message = "argument --number: give a number above 0, at most 60"
    assert complaint(up_to(60.0), text) == message


def test_a_message_names_what_to_give() -> None:
    message = "argument --number: give a number of seconds above 0, at most 3600"
    assert complaint(up_to(3600.0, "a number of seconds"), "0") == message


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("32", 32), ("4.0", 4)])
def test_a_whole_number_is_one_however_it_is_written(text: str, number: int) -> None:
    parsed = whole_up_to(32)(text)

    assert parsed == number
    assert isinstance(parsed, int)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.5", "give a whole number from 1 to 32"),
        ("0.5", "give a whole number from 1 to 32"),
        ("0", "give a number above 0, at most 32"),
        ("33", "give a number above 0, at most 32"),
        ("many", "give a number above 0, at most 32"),
    ],
)
def test_what_is_not_a_whole_number_is_rejected(text: str, message: str) -> None:
    assert complaint(whole_up_to(32), text) == f"argument --number: {message}"


def test_a_file_of_certificates_is_read_before_anything_is_sent(
    tmp_path: Path,
) -> None:
    made, empty = certify(tmp_path), tmp_path / "empty.pem"
    empty.write_text("", encoding="utf-8")

    assert parser().parse_args(["--cacert", str(made.path)]).cacert == str(made.path)
    assert parser().parse_args([]).cacert is None
    assert _complaint(str(empty)) == (
        "argument --cacert: there is no certificate in PEM form in this file"
    )
    assert _complaint(str(tmp_path / "none.pem")) == (
        "argument --cacert: the file cannot be read: no such file or directory"
    )


def _complaint(name: str) -> str:
    with pytest.raises(argparse.ArgumentError) as raised:
        parser().parse_args(["--cacert", name])
    return str(raised.value)


def test_any_certificate_is_accepted_by_two_names_of_one_option() -> None:
    given = [
        parser().parse_args(argv).insecure for argv in (["-k"], ["--insecure"], [])
    ]

    assert given == [True, True, False]
