"""The two streams that the command writes to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Literal, NoReturn

from rich.console import Console
from rich.text import Text

from ws_handshake.cli.text import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

__all__ = ["WIDEST", "Color", "Screen", "shown"]

Color = Literal["auto", "always", "never"]

#: A line of prose is no longer than this, however wide the terminal is.
WIDEST = 100


class _Console(Console):
    """A console that raises if its reader has gone, where rich would exit."""

    def on_broken_pipe(self) -> NoReturn:
        self.quiet = True
        raise BrokenPipeError


@dataclass(frozen=True)
class Screen:
    """Results go to `out`; progress, questions and complaints go to `err`.

    Both print text as it is: no markup, no emoji, no highlighting.
    """

    out: Console
    err: Console

    @classmethod
    def of(
        cls,
        stdout: IO[str],
        stderr: IO[str],
        environ: Mapping[str, str],
        color: Color = "auto",
    ) -> Screen:
        """Make the consoles for two streams.

        `color` is --color. On `auto`, `environ` decides: NO_COLOR, FORCE_COLOR, TERM.
        """
        out, err = (_console(one, environ, color) for one in (stdout, stderr))
        return cls(out, err)

    def print(
        self,
        text: str,
        *,
        indent: int = 0,
        lead: str = "",
        style: str = "",
        breaks: bool = False,
    ) -> None:
        """Print prose on `out`, wrapped between words; `lead` stands in the indent.

        With `breaks` a word that is too long is broken.
        """
        _print(self.out, text, lead.ljust(indent), style, breaks=breaks)

    def complain(self, text: str) -> None:
        """Print prose on `err`."""
        _print(self.err, text, "", "")

    def verbatim(self, line: str, *, indent: int = 0, style: str = "") -> None:
        """Print one line on `out`, and do not wrap it, however long it is."""
        self.out.print(Text(" " * indent + line, style), soft_wrap=True)

    def fold(self, line: str, *, indent: int = 0, style: str = "") -> None:
        """Print one line on `out`; what does not fit goes on below, further in."""
        width = max(_width(self.out) - indent, 20)
        rows = wrap(line, width, subsequent_indent="  ", break_on_hyphens=False)
        for row in rows or [""]:
            self.verbatim(row, indent=indent, style=style)

    def document(self, value: object) -> None:
        """Print a value on `out` as JSON, in ASCII."""
        self.verbatim(json.dumps(value, indent=2))


def _console(stream: IO[str], environ: Mapping[str, str], color: Color) -> Console:
    # rich takes FORCE_COLOR for a terminal, and would draw progress into a file
    # rich takes a width of 0 at its word
    wide = {k: v for k, v in environ.items() if k != "COLUMNS" or v.strip("0")}
    return _Console(
        file=stream,
        force_terminal=stream.isatty(),
        color_system="standard" if _wants_color(stream, environ, color) else None,
        no_color=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ=wide,
    )


def _wants_color(stream: IO[str], environ: Mapping[str, str], color: Color) -> bool:
    """Return whether a stream gets colours.

    See no-color.org, force-color.org, bixense.com/clicolors.
    """
    if color != "auto":
        return color == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR") or environ.get("CLICOLOR_FORCE", "0") != "0":
        return True
    is_dumb = environ.get("TERM") in {"dumb", "unknown"}
    return stream.isatty() and not is_dumb and environ.get("CLICOLOR") != "0"


def _width(console: Console) -> int:
    return min(console.width, WIDEST)


def _print(
    console: Console, text: str, lead: str, style: str, *, breaks: bool = False
) -> None:
    width = max(_width(console) - len(lead), 20)
    lines = wrap(text, width, break_long_words=breaks, break_on_hyphens=False)
    for line in lines or [""]:
        console.print(Text(lead + line, style), soft_wrap=True)
        lead = " " * len(lead)
