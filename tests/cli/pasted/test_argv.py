from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ws_handshake.cli.pasted.argv import read_argv


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"a 'b c' d\ e", ["a", "b c", "d e"]),
        ("a \\\n b \\\r\n c", ["a", "b", "c"]),
        ("a'b'\"c\"d", ["abcd"]),
        ("'' \"\" x", ["", "", "x"]),
        (r""""a \" \$ \x" """, [r'a " $ \x']),
        ('"a\\\nb"', ["ab"]),
        (r"$'it\'s\n\t\\ \x41\101 \q'", ["it's\n\t\\ AA q"]),
        (r"$'\u0021\u00e9'", ["!\xc3\xa9"]),
        (r"$'\777'", ["\xff"]),
        ('$"a" $b', ["a", "$b"]),
        ("a; b", ["a"]),
        ("a | b", ["a"]),
        ("a\nb", ["a"]),
        ("'open", ["open"]),
        ('"open\\', ["open"]),
        ("$'open\\", ["open"]),
        ("back\\", ["back\\"]),
    ],
)
def test_words_are_split_as_bash_does(text: str, words: list[str]) -> None:
    assert read_argv(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('^"a b^" ^\n ^"c^%^41^"', ["a b", "c%41"]),
        ('^"say \\^"hi\\^"^"', ['say "hi"']),
        ('^"a^\n\nb^" c\nd', ["a\nb", "c"]),
        ('"a b" ^\r\n "c ""d"" \\"e\\" \\\\"', ["a b", 'c "d" "e" \\']),
        ('"50"%"off" ^\n x', ["50%off", "x"]),
        ('a ^\n "open\\', ["a", "open"]),
        ('^"a^" ^& b', ["a"]),
    ],
)
def test_words_are_split_as_cmd_does(text: str, words: list[str]) -> None:
    assert read_argv(text) == words


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\0^", max_codepoint=255))))
def test_what_shlex_quotes_is_read_as_it_was(words: list[str]) -> None:
    assert read_argv(" ".join(map(shlex.quote, words))) == words
