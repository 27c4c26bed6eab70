"""The pages of all codes: what `explain CODE` prints.

`pages/` has the pages of docs/reasons and docs/causes as they are there, because the
documentation is in no wheel; a test copies them and holds both together. What has no
page is reported from its catalogue.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files

from ws_handshake.cli.client.failures import FAILURES
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES
from ws_handshake.outcome.record import SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED

_WARNINGS = (SUBPROTOCOL_NOT_CHOSEN, SUBPROTOCOL_NOT_OFFERED)
# A link to another page leads nowhere in a terminal.
_relative_link = re.compile(r"\[([^\]\n]*)\]\((?!https?:)[^)\n]*\)")
_around = re.compile(r"\A.*[/:]|(?:\.md)?\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code stands for: a reason, a cause, a fault of a response, a warning."""

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

    def _from_catalogue(self) -> str:
        fix = [f"## How to fix it\n\n{self.fix}"] if self.fix else []
        reference = [f"- Code: `{self.code}`", f"- It is {_SEEN[self.kind]}"]
        reference += [f"- {self.rfc}"] if self.rfc else []
        sections = [f"# {self.code}", self.what, *fix, "## Reference"]
        return "\n\n".join([*sections, "\n".join(reference)]) + "\n"


#: How the entries of each kind are called together.
TITLES = {
    "reason": "Reasons for which a request is rejected",
    "cause": "Causes, each of which is behind several reasons",
    "kind": "Faults that only the client's side can see",
    "warning": "Warnings in the log of a server",
}
_SEEN = {
    "reason": "a reason for which a request is rejected",
    "cause": "a cause behind several reasons",
    "kind": "a fault that `ws-handshake probe` sees from the client's side",
    "warning": "a warning in the log, about a handshake that was accepted",
}

ENTRIES: tuple[Entry, ...] = (
    *(Entry(row.code, "reason", row.what, row.fix, row.rfc) for row in CATALOGUE),
    *(Entry(row.code, "cause", row.detail, row.fix) for row in CAUSES.values()),
    *(Entry(row.code, "kind", row.what, row.fix, row.rfc) for row in FAILURES),
    *(Entry(row.code, "warning", row.what) for row in _WARNINGS),
)


def entries_of(word: str) -> tuple[Entry, ...]:
    """Return what a code stands for; it may be part of a URN or of an address."""
    code = _around.sub("", word).lower().replace("-", "_")
    return tuple(entry for entry in ENTRIES if entry.code == code)


def nearest(word: str) -> str | None:
    """Return the code that is most like a word, if any is."""
    codes = [entry.code for entry in ENTRIES]
    like = get_close_matches(word.lower().replace("-", "_"), codes, 1)
    return like[0] if like else None
