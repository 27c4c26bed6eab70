"""The live tables: they fit the terminal, keys scroll them, the newest fix is whole."""

from __future__ import annotations

import io
import os
import pty
import re
import termios
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_runs import Terminal
from ws_handshake.cli.screen import Screen
from ws_handshake.cli.watch.events import Event
from ws_handshake.cli.watch.live import Window, shown_live, typed_keys
from ws_handshake.cli.watch.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

FIX = "Forward both fields " * 12 + "to the end."
EVENT = Event(
    outcome="rejected",
    reason="http1_handshake_over_http2",
    cause="proxy_stripped_upgrade",
    path="/api/v1/rooms/" + "a" * 60,
    client="2001:db8:85a3:8d3:1319:8a2e:370:7348",
    fix=FIX,
    time="2026-11-21T12:00:01Z",
)
SIZES = [(80, 24), (120, 40), (60, 20)]


def _console(width: int, height: int) -> tuple[Console, io.StringIO]:
    out = Terminal()
    environ = {"COLUMNS": str(width), "LINES": str(height), "TERM": "xterm"}
    screen = Screen.of(out, io.StringIO(), environ, "never")
    return screen.out, out


def _full() -> Tally:
    tally = Tally(other_lines=3, report_only=1)
    for number in range(30):
        other = replace(EVENT, reason=f"reason_{number}", client=f"203.0.113.{number}")
        tally.add(replace(other, path=f"/{number}", suppressed=number), 5.0)
    tally.add(EVENT, 5.0)
    return tally


def _lines(window: Window, console: Console, out: io.StringIO) -> list[str]:
    out.seek(0)
    out.truncate()
    console.print(window.frame(_full(), 5.0), end="")
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_they_fit_the_terminal_and_the_newest_fix_is_whole(
    width: int, height: int
) -> None:
    console, out = _console(width, height)
    lines = _lines(Window(console), console, out)

    assert len(lines) < height
    assert max(map(len, lines)) <= width
    assert lines[0].startswith("466 rejected, 0 accepted; 466 rejected in the last")
    assert "To fix proxy_stripped_upgrade:" in lines
    assert FIX in " ".join(" ".join(lines).split())


def test_the_keys_reach_every_line() -> None:
    console, out = _console(80, 24)
    window = Window(console)
    seen: list[str] = []
    for key in (
        b"",
        b"j",
        b"\x1b[B",
        b"k",
        b"\x1b[A",
        b" ",
        b"\x1b[6~",
        b"b",
        b"\x1b[5~",
    ):
        window.press(key)
        hint = next(row for row in _lines(window, console, out) if "scroll" in row)
        seen.append(hint.partition(" of ")[0])
    room = int(seen[0].partition("-")[2])

    tops = [int(re.findall(r"\d+", row)[0]) for row in seen]
    assert tops == [1, 2, 3, 2, 1, 1 + room, 1 + 2 * room, 1 + room, 1]


@pytest.mark.parametrize("key", [b"G", b"\x1b[F", b" " * 50])
def test_beyond_the_end_there_is_nothing(key: bytes) -> None:
    console, out = _console(80, 24)
    window = Window(console)
    before = _lines(window, console, out)
    window.press(key)
    last = _lines(window, console, out)
    window.press(b"gkk?")

    hint = next(row for row in last if "scroll" in row)
    end, number = re.findall(r"-(\d+) of (\d+)", hint)[0]
    assert end == number
    assert _lines(window, console, out) == before


def test_what_fits_has_no_hint() -> None:
    console, out = _console(80, 60)
    tally = Tally()
    tally.add(EVENT, 5.0)
    console.print(Window(console).frame(tally, 5.0))

    assert "scroll" not in out.getvalue()
    assert "\n12:00:01  http1_handshake_over_http2 (proxy_stripped_upgrade)" in (
        out.getvalue()
    )


def test_q_ends_it() -> None:
    console, _ = _console(80, 24)
    with pytest.raises(KeyboardInterrupt):
        Window(console).press(b"jq")


@contextmanager
def _terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    monkeypatch.setattr(os, "ctermid", lambda: os.ttyname(theirs))
    try:
        yield ours, theirs
    finally:
        os.close(ours)
        os.close(theirs)


def test_the_keys_come_from_the_terminal_which_is_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with _terminal(monkeypatch) as (ours, theirs):
        before = termios.tcgetattr(theirs)
        with typed_keys() as typed:
            assert typed(0.0) == b""
            os.write(ours, b"j")
            assert typed(10.0) == b"j"
            assert termios.tcgetattr(theirs) != before
        assert termios.tcgetattr(theirs) == before


def test_without_a_terminal_it_waits_and_there_are_no_keys(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "ctermid", lambda: str(tmp_path / "none"))
    with typed_keys() as typed:
        assert typed(0.001) == b""


def test_a_key_is_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    console, out = _console(80, 24)
    tally = _full()
    with _terminal(monkeypatch) as (ours, _), shown_live(tally, console) as pause:
        pause(0.0)
        pause(0.0)
        assert out.getvalue().count("arrows") == 1
        os.write(ours, b"j")
        pause(10.0)

    drawn = re.findall(r"lines \d+-", out.getvalue())
    assert list(dict.fromkeys(drawn)) == ["lines 1-", "lines 2-"]
