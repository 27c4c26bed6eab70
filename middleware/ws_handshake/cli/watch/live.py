"""The tables on a terminal, kept up to date: they fit it, and keys scroll them."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live
from rich.segment import Segment, Segments
from rich.text import Text

from ws_handshake.cli.watch.table import live_tables, newest_fix

if sys.platform != "win32":
    import termios
    import tty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from ws_handshake.cli.watch.tally import Tally

    Typed = Callable[[float], bytes]

_REFRESH = 0.25
_LEAST = 3
_HINT = "lines {}-{} of {}: arrows, space and b scroll, q ends"

_key = re.compile(rb"\x1b\[[0-9;]*[A-Z~]|.", re.DOTALL)
_LINES = {b"j": 1, b"\x1b[B": 1, b"k": -1, b"\x1b[A": -1}
_PAGES = {b" ": 1, b"\x1b[6~": 1, b"b": -1, b"\x1b[5~": -1}
_ENDS = {b"g": -1, b"\x1b[H": -1, b"G": 1, b"\x1b[F": 1}


@contextmanager
def shown_live(tally: Tally, console: Console) -> Iterator[Callable[[float], None]]:
    """Show the tables until the block ends.

    Yields a function that waits so many seconds for a key, and draws if it is time to.
    """
    window, due = Window(console), 0.0
    with (
        typed_keys() as typed,
        Live(console=console, auto_refresh=False, transient=True) as live,
    ):

        def pause(seconds: float) -> None:
            nonlocal due
            keys = typed(seconds)
            window.press(keys)
            now = time.monotonic()
            if keys or now >= due:
                due = now + _REFRESH
                live.update(window.frame(tally, now), refresh=True)

        yield pause


class Window:
    """The part of the tables that fits a terminal; the newest fix stands below it."""

    def __init__(self, console: Console) -> None:
        """Begin at the top."""
        self._console = console
        self._top = self._room = self._number = 0

    def press(self, keys: bytes) -> None:
        """Scroll as the keys say; KeyboardInterrupt for `q`."""
        for key in _key.findall(keys):
            if key == b"q":
                raise KeyboardInterrupt
            move = _LINES.get(key, 0) + _PAGES.get(key, 0) * self._room
            self._top += move + _ENDS.get(key, 0) * self._number
            self._top = max(min(self._top, self._number - self._room), 0)

    def frame(self, tally: Tally, now: float) -> Group:
        """Return what is visible now: never more lines than the terminal has."""
        lines = self._console.render_lines(live_tables(tally, now), pad=False)
        below = self._console.render_lines(newest_fix(tally.last), pad=False)
        # the last line of the terminal is the cursor's
        room = self._console.height - len(below) - 1
        hint = Text("")
        if len(lines) > room:
            room = max(room - 1, _LEAST)
            top, end = self._top + 1, min(self._top + room, len(lines))
            hint = Text(_HINT.format(top, end, len(lines)), "dim")
        self._room, self._number = room, len(lines)
        shown = lines[self._top : self._top + room]
        return Group(_joined(shown), *([hint] if hint else []), _joined(below))


def _joined(lines: list[list[Segment]]) -> Segments:
    return Segments([part for line in lines for part in (*line, Segment.line())])


@contextmanager
def typed_keys() -> Iterator[Typed]:
    """Yield a function that waits so many seconds, and returns what was typed.

    The log may come through standard input, so the keys come from the terminal itself.
    """
    terminal = _terminal()
    if terminal is None:
        yield _no_keys
        return
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield lambda seconds: _read(terminal, seconds)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        os.close(terminal)


def _terminal() -> int | None:
    try:
        return os.open(os.ctermid(), os.O_RDONLY)
    except (AttributeError, OSError):  # Windows has none, and a service neither
        return None


def _read(terminal: int, seconds: float) -> bytes:
    ready, _, _ = select.select([terminal], [], [], seconds)
    return os.read(terminal, 64) if ready else b""


def _no_keys(seconds: float) -> bytes:
    time.sleep(seconds)
    return b""
