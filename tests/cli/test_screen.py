"""The two streams, and text made safe for a terminal."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_runs import Terminal
from ws_handshake.cli.screen import Color, Screen

if TYPE_CHECKING:
    from collections.abc import Mapping

TERM: Mapping[str, str] = {"TERM": "xterm-256color", "COLUMNS": "60"}


def _screen(
    stream: type[io.StringIO] = io.StringIO, environ: Mapping[str, str] = TERM
) -> tuple[Screen, io.StringIO, io.StringIO]:
    out, err = stream(), stream()
    return Screen.of(out, err, environ), out, err


def test_prose_is_broken_between_words_and_indented() -> None:
    screen, out, _ = _screen()
    screen.print(
        "one two three four five six seven eight nine ten", indent=30, lead="  x"
    )

    assert out.getvalue() == (
        "  x                           one two three four five six\n"
        "                              seven eight nine ten\n"
    )


def test_an_empty_line_is_a_line() -> None:
    screen, out, _ = _screen()
    screen.print("")

    assert out.getvalue() == "\n"


def test_prose_is_never_wider_than_a_person_reads() -> None:
    screen, out, _ = _screen(environ={"COLUMNS": "500"})
    screen.print("word " * 60)

    assert max(map(len, out.getvalue().splitlines())) <= 100


def test_a_line_that_is_verbatim_is_not_broken() -> None:
    screen, out, _ = _screen()
    screen.verbatim("x" * 200, indent=2)

    assert out.getvalue() == "  " + "x" * 200 + "\n"


def test_neither_markup_nor_emoji_is_interpreted() -> None:
    screen, out, _ = _screen()
    screen.print("[red]:smile:[/red] [/nothing] 127.0.0.1")
    screen.out.print("[bold]:smile:[/bold]")

    assert out.getvalue() == (
        "[red]:smile:[/red] [/nothing] 127.0.0.1\n[bold]:smile:[/bold]\n"
    )


def test_complaints_go_to_the_other_stream() -> None:
    screen, out, err = _screen()
    screen.complain("something is wrong")

    assert (out.getvalue(), err.getvalue()) == ("", "something is wrong\n")


COLOURS = [
    (Terminal, TERM, "auto", True),
    (io.StringIO, TERM, "auto", False),
    (Terminal, {**TERM, "NO_COLOR": "1"}, "auto", False),
    (Terminal, {**TERM, "TERM": "dumb"}, "auto", False),
    (io.StringIO, {**TERM, "FORCE_COLOR": "1"}, "auto", True),
    (io.StringIO, {**TERM, "FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False),
    (io.StringIO, {**TERM, "NO_COLOR": "1"}, "always", True),
    (Terminal, {**TERM, "FORCE_COLOR": "1"}, "never", False),
    (io.StringIO, {**TERM, "CLICOLOR_FORCE": "1"}, "auto", True),
    (io.StringIO, {**TERM, "CLICOLOR_FORCE": "0"}, "auto", False),
    (Terminal, {**TERM, "CLICOLOR": "0"}, "auto", False),
    (Terminal, {**TERM, "CLICOLOR": "1"}, "auto", True),
]


@pytest.mark.parametrize(("stream", "environ", "color", "colours"), COLOURS)
def test_colours_are_for_those_who_want_them(
    stream: type[io.StringIO],
    environ: Mapping[str, str],
    color: Color,
    *,
    colours: bool,
) -> None:
    out = stream()
    screen = Screen.of(out, stream(), environ, color)
    screen.print("red", style="bold red")

    assert ("\x1b[1;31m" in out.getvalue()) is colours
    assert ("\x1b" in out.getvalue()) is colours
    assert screen.err.is_terminal is (stream is Terminal)


def test_a_line_that_is_folded_goes_on_further_in() -> None:
    screen, out, _ = _screen()
    screen.fold("a: " + "x" * 80, indent=10)
    screen.fold("")

    assert out.getvalue() == (f"          a: {'x' * 47}\n            {'x' * 33}\n\n")


def test_a_width_of_zero_is_none() -> None:
    out = io.StringIO()
    Screen.of(out, io.StringIO(), {"COLUMNS": "0"}).print("here", breaks=True)

    assert out.getvalue() == "here\n"


def test_a_long_word_is_broken_where_that_is_wanted() -> None:
    screen, out, _ = _screen()
    screen.print("x" * 80, indent=8, lead="    body", breaks=True)

    assert out.getvalue() == f"    body{'x' * 52}\n        {'x' * 28}\n"


def test_a_document_is_json_in_ascii() -> None:
    screen, out, _ = _screen()
    value = {"a": ["\x1b", "é", "x" * 300]}
    screen.document(value)

    assert json.loads(out.getvalue()) == value
    assert out.getvalue().isascii()
    assert "\x1b" not in out.getvalue()


def test_a_closed_pipe_raises() -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    screen = Screen.of(Gone(), io.StringIO(), {})
    with pytest.raises(BrokenPipeError):
        screen.print("x")
    screen.print("y")  # it keeps quiet from now on
