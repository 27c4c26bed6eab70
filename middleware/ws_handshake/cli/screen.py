"""The two streams that the command writes to, and text made safe for a terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console
from rich.text import Text

from ws_handshake.core.redaction import LONG, printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

# A line of prose is no longer than this, however wide the terminal is.
_WIDEST = 100


def shown(text: str | bytes, limit: int = LONG) -> str:
    r"""Return text from the wire as printable ASCII, the rest as `\xNN`.

    Nothing else that came over the network, out of a file or from a paste may be
    printed: it could move the cursor, or say what we never said.
    """
    plain = text.decode("latin-1") if isinstance(text, bytes) else text
    return printable(plain, limit)


class _Console(Console):
    """A console that leaves it to the command what a lost reader means."""

    def on_broken_pipe(self) -> NoReturn:
        self.quiet = True
        raise BrokenPipeError


@dataclass(frozen=True)
class Screen:
    """Results go to `out`; progress, questions and complaints go to `err`.

    Both print what they are given as it is: no markup, no emoji, no highlighting.
    Colours come only on a terminal, and never with NO_COLOR.
    """

    out: Console
    err: Console

    @classmethod
    def of(cls, stdout: IO[str], stderr: IO[str], environ: Mapping[str, str]) -> Screen:
        """Make the consoles for two streams; `environ` has NO_COLOR, TERM, COLUMNS."""
        return cls(_console(stdout, environ), _console(stderr, environ))

    def say(
        self, text: str, *, indent: int = 0, lead: str = "", style: str = ""
    ) -> None:
        """Print prose on `out`, broken between words; `lead` stands in the indent."""
        _say(self.out, text, lead.ljust(indent), style)

    def complain(self, text: str) -> None:
        """Print prose on `err`."""
        _say(self.err, text, "", "")

    def verbatim(self, line: str, *, indent: int = 0, style: str = "") -> None:
        """Print one line on `out` that is not broken, however long it is."""
        self.out.print(Text(" " * indent + line, style), soft_wrap=True)

    def document(self, value: object) -> None:
        """Print a value on `out` as JSON, in ASCII."""
        self.verbatim(json.dumps(value, indent=2))


def _console(stream: IO[str], environ: Mapping[str, str]) -> Console:
    return _Console(
        file=stream, markup=False, emoji=False, highlight=False, _environ=environ
    )


def _say(console: Console, text: str, lead: str, style: str) -> None:
    width = max(min(console.width, _WIDEST) - len(lead), 20)
    lines = wrap(text, width, break_long_words=False, break_on_hyphens=False)
    for line in lines or [""]:
        console.print(Text(lead + line, style), soft_wrap=True)
        lead = " " * len(lead)
