"""The words and the lengths of sentences that our pages and messages keep to.

`python -m tests.support.plain_english [page ...]` prints what breaks them, and how many
words each page has.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: A sentence with more words is long.
LONGEST = 30
#: Of all sentences, fewer may be long.
MOST_LONG = 0.03
#: What is not written any more, and what is written in its place.
OLD_WORDS = {
    r"mend(?:s|ed|ing)?": "fix",
    r"nobody": "no one",
    r"tells|telling|told": "report, say, show, or be notified",
    r"whoever": "anyone who",
    r"with(?:out)? us": "with ws-handshake; uvicorn alone",
    r"doors?|doorkeepers?": "protocol class",
    r"cork(?:s|ed|ing)?": "what it does",
    r"journals?": "structlog observer",
    r"announcers?": "what it does",
    r"refus(?:e|es|ed|ing|als?)": "reject, rejection",
    r"owners?": "operator",
    r"worse than hoped": "known limitations",
    r"as it comes": "by default",
    r"sound(?:s|ness)?": "valid",
}
#: What other programs are called, and what they say: patterns.
NAMES = ("front.door", "onnection refused")

#: The change log names what was renamed; `README.zh-CN.md` is in another language.
PAGES = tuple(
    path
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
    if path.name != "CHANGELOG.md" and len(path.suffixes) == 1
)
CODE = tuple(sorted((ROOT / "middleware").rglob("*.py")))
#: What a browser shows: the demo and the inspector.
SCREENS = tuple(
    path
    for folder in ("demo_app", "middleware")
    for kind in ("html", "js")
    for path in sorted((ROOT / folder).rglob(f"static/*.{kind}"))
)

_names = re.compile("|".join(NAMES), re.IGNORECASE)
_old = re.compile(rf"\b(?:{'|'.join(OLD_WORDS)})\b", re.IGNORECASE)
_fenced = re.compile(r"(?ms)^( *)```.*?^\1```$")
_comment = re.compile(r"(?s)<!--.*?-->")
_link = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\](?:\([^)]*\)|\[[^\]]*\])", re.DOTALL
)
_code = re.compile(r"(`+)(?:(?!\n\n).)+?\1", re.DOTALL)
_item = re.compile(r"\s*(?:[-*]|\d+\.)\s+")
_end = re.compile(r"(?<=[.!?])[*_)\"]*\s+(?=[\w`\"(*])")


class Place(NamedTuple):
    """A file, a line in it, and what is wrong there."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        """Return it as compilers do, so that an editor finds the place."""
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.what}"


def old_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield the old words of a text, each with its line."""
    kept = _names.sub(_blank, text)
    for found in _old.finditer(kept):
        instead = next(
            new
            for old, new in OLD_WORDS.items()
            if re.fullmatch(old, found[0], re.IGNORECASE)
        )
        line = kept.count("\n", 0, found.start()) + 1
        yield line, f"not {found[0]!r}, but: {instead}"


def messages(source: str) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module, each with its line; docstrings too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def sentences(markdown: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a page outside code, tables and titles, with their lines.

    An item of a list ends a sentence, and code within one is one word.
    """
    text = _comment.sub(_blank, _fenced.sub(_blank, markdown))
    for line, paragraph in _paragraphs(text):
        spoken = _code.sub(_one_word, _link.sub(_of_link, paragraph))
        begin = 0
        for end in (*(found.end() for found in _end.finditer(spoken)), len(spoken)):
            sentence = spoken[begin:end]
            if re.search(r"\w", sentence):
                yield line + spoken.count("\n", 0, begin), " ".join(sentence.split())
            begin = end


def words(sentence: str) -> int:
    """Return how many words a sentence has; a dash is none."""
    return sum(bool(re.search(r"\w", word)) for word in sentence.split())


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    begin, held = 1, list[str]()
    for number, line in enumerate((*text.split("\n"), ""), 1):
        item = _item.match(line)
        inside = line.strip() and not line.lstrip().startswith(("|", "#", "<"))
        inside = inside and not (line.startswith("    ") and not held)
        if held and (item or not inside):
            yield begin, "\n".join(held)
            held = []
        if inside:
            begin = begin if held else number
            held.append(line[item.end() :] if item else line)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _one_word(found: re.Match[str]) -> str:
    return "code" + "\n" * found[0].count("\n")


def _of_link(found: re.Match[str]) -> str:
    return found[1] + "\n" * (found[0].count("\n") - found[1].count("\n"))


def main(arguments: Sequence[str]) -> None:
    """Print the old words, the long sentences, and what each page has of both."""
    for path in [Path(name).resolve() for name in arguments] or PAGES:
        text = path.read_text(encoding="utf-8")
        for line, what in old_words(text):
            print(Place(path, line, what))  # noqa: T201  (a program)
        found = [(line, each, words(each)) for line, each in sentences(text)]
        for line, each, count in found:
            if count > LONGEST:
                print(Place(path, line, f"{count} words: {each}"))  # noqa: T201
        prose = sum(count for _, _, count in found)
        long = sum(count > LONGEST for _, _, count in found)
        print(  # noqa: T201
            f"{path.relative_to(ROOT)}: {len(text.split())} words, {prose} in"
            f" {len(found)} sentences, {long} of them long"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
