"""The two streams that the command writes to; text made safe for a terminal."""

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

#: A line of prose is no longer than this, however wide the terminal is.
WIDEST = 100


def shown(text: str | bytes, limit: int = LONG) -> str:
    r"""Return text from the wire as printable ASCII, the rest as `\xNN`.

    Whatever came from the network, a file or a paste passes through here: it could
    otherwise move the cursor, or pretend to be output of ours.
    """
    plain = text.decode("latin-1") if isinstance(text, bytes) else text
    return printable(plain, limit)


class _Console(Console):
    """A console that raises if its reader has gone, where rich would exit."""

    def on_broken_pipe(self) -> NoReturn:
        self.quiet = True
        raise BrokenPipeError


@dataclass(frozen=True)
class Screen:
    """Results go to `out`; progress, questions and complaints go to `err`.

    Both print text as it is: no markup, no emoji, no highlighting. There are colours
    on a terminal only, and none with NO_COLOR.
    """

    out: Console
    err: Console

    @classmethod
    def of(cls, stdout: IO[str], stderr: IO[str], environ: Mapping[str, str]) -> Screen:
        """Make the consoles for two streams; `environ` has NO_COLOR, TERM, COLUMNS."""
        return cls(_console(stdout, environ), _console(stderr, environ))

    def print(
        self, text: str, *, indent: int = 0, lead: str = "", style: str = ""
    ) -> None:
        """Print prose on `out`, wrapped between words; `lead` stands in the indent."""
        _print(self.out, text, lead.ljust(indent), style)

    def complain(self, text: str) -> None:
        """Print prose on `err`."""
        _print(self.err, text, "", "")

    def verbatim(self, line: str, *, indent: int = 0, style: str = "") -> None:
        """Print one line on `out`, and do not wrap it, however long it is."""
        self.out.print(Text(" " * indent + line, style), soft_wrap=True)

    def document(self, value: object) -> None:
        """Print a value on `out` as JSON, in ASCII."""
        self.verbatim(json.dumps(value, indent=2))


def _console(stream: IO[str], environ: Mapping[str, str]) -> Console:
    return _Console(
        file=stream, markup=False, emoji=False, highlight=False, _environ=environ
    )


def _print(console: Console, text: str, lead: str, style: str) -> None:
    width = max(min(console.width, WIDEST) - len(lead), 20)
    lines = wrap(text, width, break_long_words=False, break_on_hyphens=False)
    for line in lines or [""]:
        console.print(Text(lead + line, style), soft_wrap=True)
        lead = " " * len(lead)
