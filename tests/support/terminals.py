"""What the command shows on a terminal of some size, and a picture of that as SVG."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from itertools import groupby
from threading import Timer
from typing import TYPE_CHECKING, NamedTuple
from unittest.mock import patch
from xml.sax.saxutils import escape

import pyte
from pyte.modes import LNM

from tests.support.cli_runs import Input, Terminal
from ws_handshake.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyte.screens import Char

_LEFT_ALONE = ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")


class Size(NamedTuple):
    """The columns and rows of a terminal."""

    columns: int
    rows: int


class Theme(NamedTuple):
    """The colours of a terminal: paper, ink, and the names that programs use."""

    name: str
    paper: str
    ink: str
    colours: dict[str, str]


# As Visual Studio Code shows them.
LIGHT = Theme(
    "light",
    "#ffffff",
    "#1f2328",
    {
        "black": "#000000",
        "red": "#cd3131",
        "green": "#107c10",
        "brown": "#949800",
        "blue": "#0451a5",
        "magenta": "#bc05bc",
        "cyan": "#0598bc",
        "white": "#555555",
        "brightblack": "#666666",
    },
)
DARK = Theme(
    "dark",
    "#1e1e1e",
    "#d4d4d4",
    {
        "black": "#000000",
        "red": "#f14c4c",
        "green": "#23d18b",
        "brown": "#e5e510",
        "blue": "#3b8eea",
        "magenta": "#d670d6",
        "cyan": "#29b8db",
        "white": "#e5e5e5",
        "brightblack": "#8c8c8c",
    },
)

_WIDE, _HIGH, _SIZE = 8.4, 18, 14


class Following(Input):
    """Standard input of a program that goes on for so long that tables are drawn."""

    def __init__(self, data: bytes) -> None:
        super().__init__(b"", typed=False)
        self._reading, writing = os.pipe()
        os.write(writing, data)
        Timer(0.8, os.close, [writing]).start()

    def fileno(self) -> int:
        return self._reading


def written(*argv: str, size: Size, stdin: Input | None = None) -> list[str]:
    """Run the command on a terminal; return what it wrote, piece by piece."""
    pieces: list[str] = []

    class Recorded(Terminal):
        def write(self, text: str) -> int:
            pieces.append(text)
            return len(text)

    environ = {name: os.environ[name] for name in os.environ if name not in _LEFT_ALONE}
    environ |= {"COLUMNS": str(size.columns), "LINES": str(size.rows), "TERM": "xterm"}
    stream = Recorded()
    with (
        patch.dict(os.environ, environ, clear=True),
        patch("sys.stdin", stdin or Input(b"", typed=True)),
        redirect_stdout(stream),
        redirect_stderr(stream),
        _threads_not_traced(),
    ):
        try:
            main(argv)
        except SystemExit as left:
            assert not left.code  # noqa: PT017  (what --help does)
    return pieces


@contextmanager
def _threads_not_traced() -> Iterator[None]:
    """Keep coverage out of the threads of a command.

    While one of hundreds ended, coverage and greenlet waited for each other for ever.
    """
    tracer = threading.gettrace()
    threading.settrace(None)
    yield
    threading.settrace(tracer)


def shown(pieces: Iterable[str], size: Size) -> pyte.Screen:
    """Return the screen after these pieces."""
    screen = pyte.Screen(size.columns, size.rows)
    screen.set_mode(LNM)
    stream = pyte.Stream(screen)
    for piece in pieces:
        stream.feed(piece)
    return screen


def svg(screen: pyte.Screen, theme: Theme) -> str:
    """Draw a screen; nothing in the picture is loaded from elsewhere."""
    wide, high = screen.columns * _WIDE + 16, screen.lines * _HIGH + 16
    font = f'font-family="ui-monospace, Menlo, monospace" font-size="{_SIZE}"'
    view = f'viewBox="0 0 {wide:g} {high}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {view} {font}>',
        f'<rect width="100%" height="100%" rx="6" fill="{theme.paper}"/>',
    ]
    for row in range(screen.lines):
        cells = [screen.buffer[row][column] for column in range(screen.columns)]
        column = 0
        for style, run in groupby(cells, key=lambda cell: cell._replace(data="")):
            text = "".join(cell.data for cell in run)
            if text.strip():
                lines.append(_drawn(text, column, row, style, theme))
            column += len(text)
    return "\n".join([*lines, "</svg>", ""])


def _drawn(text: str, column: int, row: int, style: Char, theme: Theme) -> str:
    column += len(text) - len(text.lstrip())
    text = text.strip()
    x, y = 8 + column * _WIDE, 8 + row * _HIGH + _SIZE
    ink = theme.colours.get(style.fg, theme.ink)
    paper = theme.colours.get(style.bg, "")
    marks = [f'fill="{ink}"']
    marks += ['font-weight="bold"'] if style.bold else []
    marks += ['font-style="italic"'] if style.italics else []
    width = f"{len(text) * _WIDE:g}"
    place = f'x="{x:g}" y="{y - _SIZE:g}" width="{width}" height="{_HIGH}"'
    behind = f'<rect {place} fill="{paper}"/>' if paper else ""
    return (
        f'{behind}<text x="{x:g}" y="{y:g}" textLength="{width}" '
        f'xml:space="preserve" {" ".join(marks)}>{escape(text)}</text>'
    )
