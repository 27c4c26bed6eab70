"""The pages of all codes, and the list of codes, as `explain` prints them.

`pages/` has copies of docs/reasons and docs/causes, because the wheel does not contain
the documentation; a test keeps them equal. A code without a page gets one that is made
from its catalogue.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

from rich.markdown import Markdown
from rich.theme import Theme

from ws_handshake.cli.client.failures import FAILURES
from ws_handshake.cli.screen import WIDEST
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES
from ws_handshake.outcome.record import SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ws_handshake.cli.screen import Screen

_WARNINGS = (SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED)
# A link to another page is of no use in a terminal.
_relative_link = re.compile(r"\[([^\]\n]*)\]\((?!https?:)[^)\n]*\)")
_fix = re.compile(r"(?ms)^## (?:The fix|How to fix it)$.*?(?=^## |\Z)")
#: Of a page with more lines the fix is shown.
_LONG = 80
_MORE = "The whole page, with examples: ws-handshake explain {} --full"
# Rich has code on black, which is a bar on a light terminal.
_READABLE = Theme({"markdown.code": "bold", "markdown.code_block": ""})
_around = re.compile(r"\A.*[/:]|(?:\.md)?\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code stands for: a reason, a cause, a failure or a warning."""

    code: str
    kind: str
    what: str
    fix: str | None = None
    rfc: str | None = None

    def page(self) -> str:
        """Return the page in Markdown."""
        written = files("ws_handshake.cli.explain") / "pages" / f"{self.kind}s"
        page = written / f"{self.code}.md"
        if not page.is_file():
            return self._from_catalogue()
        return _relative_link.sub(r"\1", page.read_text("utf-8"))

    def shortened(self) -> str:
        """Return the page; of a long one what it is about, and its fix."""
        page = self.page()
        fix = _fix.search(page)
        if fix is None or page.count("\n") <= _LONG:
            return page
        title, what, _ = page.split("\n\n", 2)
        kept = fix[0].rstrip("\n")
        return "\n\n".join([title, what, kept, _MORE.format(self.code)]) + "\n"

    def _from_catalogue(self) -> str:
        fix = [f"## How to fix it\n\n{self.fix}"] if self.fix else []
        reference = [f"- Code: `{self.code}`", f"- It is {_DESCRIPTIONS[self.kind]}"]
        reference += [f"- {self.rfc}"] if self.rfc else []
        sections = [f"# {self.code}", self.what, *fix, "## Reference"]
        return "\n\n".join([*sections, "\n".join(reference)]) + "\n"


#: The title above the entries of each kind.
TITLES = {
    "reason": "Reasons for which the middleware rejects a request",
    "cause": "Causes, each of which explains several reasons",
    "failure": "Failures that only a client sees",
    "warning": "Warnings about accepted handshakes, in the log",
}
_DESCRIPTIONS = {
    "reason": "a reason for which the middleware rejects a request",
    "cause": "a cause of several reasons",
    "failure": "a failure that only a client sees, with `ws-handshake probe`",
    "warning": "a warning in the log, about an accepted handshake",
}

ENTRIES: tuple[Entry, ...] = (
    *(Entry(row.code, "reason", row.what, row.fix, row.rfc) for row in CATALOGUE),
    *(Entry(row.code, "cause", row.detail, row.fix) for row in CAUSES.values()),
    *(Entry(row.code, "failure", row.what, row.fix, row.rfc) for row in FAILURES),
    *(Entry(row.code, "warning", row.what) for row in _WARNINGS),
)


def entries_of(word: str) -> tuple[Entry, ...]:
    """Return what a code stands for; `word` may be a URN or a URL that contains it."""
    code = _around.sub("", word).lower().replace("-", "_")
    return tuple(entry for entry in ENTRIES if entry.code == code)


def nearest(word: str) -> str | None:
    """Return the code that is most similar to a word, if any is."""
    codes = [entry.code for entry in ENTRIES]
    like = get_close_matches(word.lower().replace("-", "_"), codes, 1)
    return like[0] if like else None


def print_pages(
    screen: Screen, entries: Sequence[Entry], *, as_json: bool, full: bool = False
) -> None:
    """Print the page of each entry: rendered on a terminal, else as Markdown.

    Of a long page only the fix is printed, unless `full`.
    """
    if as_json:
        pages = [{**asdict(entry), "page": entry.page()} for entry in entries]
        screen.document({"entries": pages})
        return
    for entry in entries:
        page = entry.page() if full else entry.shortened()
        if screen.out.is_terminal:
            rendered = Markdown(page, code_theme="ansi_dark", hyperlinks=False)
            with screen.out.use_theme(_READABLE):
                screen.out.print(rendered, width=min(screen.out.width, WIDEST))
        else:
            screen.out.file.write(page)


def print_codes(screen: Screen, *, as_json: bool) -> None:
    """Print one line for each code."""
    if as_json:
        screen.document({"entries": [asdict(entry) for entry in ENTRIES]})
        return
    width = max(len(entry.code) for entry in ENTRIES)
    for kind, entries in groupby(ENTRIES, key=lambda entry: entry.kind):
        screen.print(TITLES[kind], style="bold")
        for entry in entries:
            lead = f"  {entry.code:<{width}}  "
            if screen.out.is_terminal:
                screen.print(entry.what, indent=len(lead), lead=lead)
            else:
                screen.verbatim(lead + entry.what)
        screen.print("")
    screen.print("ws-handshake explain CODE prints the page of a code.")
