from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.stopwatch import is_linear
from ws_handshake.core.redaction import counted, measured, path_only, printable, shown


def test_printable_text_is_shown_as_it_is() -> None:
    assert printable(" !09AZaz~") == " !09AZaz~"
    assert printable("") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("caf\xe9", r"caf\xe9"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\r\nb\t\x00", r"a\r\nb\t\x00"),
        ("\x7f\x85\xa0", r"\x7f\x85\xa0"),
        ("\u202e\u2028", r"\u202e\u2028"),
        ("\U0001f600", r"\U0001f600"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_is_not_printable_is_escaped(text: str, expected: str) -> None:
    assert printable(text) == expected


def test_a_long_text_is_cut_and_ends_in_dots() -> None:
    assert printable("a" * 256) == "a" * 256
    assert printable("a" * 257) == "a" * 253 + "..."
    assert printable("abcdef", 5) == "ab..."
    assert printable("abcde", 5) == "abcde"
    assert printable("\xe9\xe9", 5) == r"\x..."


@settings(max_examples=200, deadline=None)
@given(st.text(), st.integers(4, 300))
def test_printable_text_is_ascii_without_control_characters(
    text: str, limit: int
) -> None:
    clean = printable(text, limit)

    assert clean.isascii()
    assert clean == "" or clean.isprintable()
    assert len(clean) <= limit


def test_a_value_is_shown_with_64_characters_at_most() -> None:
    assert shown(b"websocket\xa0\n") == r"websocket\xa0\n"
    assert shown(b"a" * 64) == "a" * 64
    assert shown(b"a" * 65) == "a" * 61 + "..."


def test_of_a_secret_value_only_its_length_is_shown() -> None:
    assert measured([b"secret"]) == "6 characters"
    assert measured([b"s"]) == "1 character"
    assert measured([b""]) == "0 characters"
    assert measured([b"s" * 9000]) == "9,000 characters"


def test_of_several_secret_values_only_their_number_is_shown() -> None:
    assert measured([b"a", b"b"]) == "2 lines"


def test_a_number_stands_with_its_noun_in_singular_or_plural() -> None:
    assert counted(0, "byte") == "0 bytes"
    assert counted(1, "byte") == "1 byte"
    assert counted(12345, "byte") == "12,345 bytes"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/ws", "/ws"),
        ("", ""),
        ("/ws?token=secret", "/ws"),
        ("/ws#secret", "/ws"),
        ("/ws#a?secret", "/ws"),
        ("/ws?secret#secret", "/ws"),
        ("/caf\xe9\n", r"/caf\xe9\n"),
        ("http://u:secret@host/ws", "/ws"),
        ("wss://host:8000", ""),
        ("HTTPS+x.1-y://host/ws/7", "/ws/7"),
        ("/base/http://u:secret@host/ws", "/ws"),
        ("/base/http://host/ws", "/base//ws"),
        ("//u:secret@host/ws", "/ws"),
        ("//ws", "//ws"),
        ("/a//u:secret@host//v:secret@host/b", "/b"),
        ("http://h/a//u:secret@host/b", "/b"),
        ("://u:secret@host/ws", "/ws"),
        ("a://b://u:secret@host/ws", "/ws"),
    ],
)
def test_a_path_is_shown_without_query_fragment_user_or_host(
    path: str, expected: str
) -> None:
    assert path_only(path) == expected


@pytest.mark.parametrize("unit", ["a", "/", "//", "@", "//a@", ":", "a:", "a://", "?"])
def test_the_cost_of_a_path_is_linear_in_its_length(unit: str) -> None:
    small, large = (
        partial(path_only, "/" + (unit * size)[:size]) for size in (8192, 131072)
    )

    assert is_linear(small, large, times=30)
    assert len(path_only("/" + unit * 1000)) <= 256


def test_what_is_as_long_as_the_limit_once_it_is_escaped_is_not_cut() -> None:
    assert printable("\n" + "a" * 6, 8) == r"\naaaaaa"
    assert printable("\n" + "a" * 7, 8) == r"\naaa..."
