"""The pages of docs/ as HTML: as much of Markdown as they use, all text escaped."""

from __future__ import annotations

import posixpath
import re
from html import escape
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_block = re.compile(
    r"""
      ^```(?P<language>\w*).*\n (?P<code> (?:.*\n)*? ) ```$
    | (?P<indented> (?: ^\ {4}.*\n )+ )
    | (?P<comment> ^<!--.*-->$ )
    | ^(?P<heading> \#{1,3}\ .+ )$
    | (?P<table> ^\|.*\n ^\|[ ]---.*(?:\n|\Z) (?: ^\|.*(?:\n|\Z) )* )
    | (?P<items> (?: ^-\ .*(?:\n|\Z) (?: ^[ ]+\S.*(?:\n|\Z) )* )+ )
    | (?P<steps> (?: ^\d+\.\ .*(?:\n|\Z) (?: ^[ ]+\S.*(?:\n|\Z) )* )+ )
    | (?P<text> ^\S.* (?: \n(?!```)\S.* )* )
    """,
    re.MULTILINE | re.VERBOSE,
)
_item = re.compile(r"^(?:-|\d+\.) ", re.MULTILINE)
_inline = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|!?\[([^\]]+)\]\(([^)\s]+)\)")
_page = re.compile(r"(\w[\w/]*)\.md(?:#.*)?")
_index = re.compile(r"/index\Z")
_own = re.compile(r"(?:reasons|causes)(?:/|\Z)")
# What a page says to the site's search.
_front_matter = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)

# The keyboard scrolls what is wider than the screen.
_WIDE = '<div class="wide" tabindex="0" role="group" aria-label="Table">'


def html_of(markdown: str, folder: str) -> str:
    """Return the HTML of a page of `docs/folder/`: headings, text, lists, code."""
    return "\n".join(_blocks(_front_matter.sub("", markdown), folder))


def _blocks(markdown: str, folder: str) -> Iterator[str]:
    for match in _block.finditer(markdown):
        kind = match.lastgroup or "text"
        text = match[kind]
        if kind == "code":
            yield code_block(text, match["language"])
        elif kind == "indented":
            yield code_block(dedent(text))
        elif kind == "comment":
            continue
        elif kind == "heading":
            marks, _, title = text.partition(" ")
            yield f"<h{len(marks)}>{_run(title, folder)}</h{len(marks)}>"
        elif kind in {"items", "steps"}:
            items = [_run(item, folder) for item in _item.split(text)[1:]]
            name = "ul" if kind == "items" else "ol"
            yield f"<{name}>{''.join(f'<li>{item}</li>' for item in items)}</{name}>"
        elif kind == "table":
            yield _table(text, folder)
        else:
            yield f"<p>{_run(text, folder)}</p>"


def code_block(text: str, language: str = "") -> str:
    """Return a block of code; the page's script colours it, by its language."""
    named = f' data-language="{language}"' if language else ""
    return f"<pre{named}><code>{escape(text)}</code></pre>"


def _table(text: str, folder: str) -> str:
    first, _, *rest = [line.strip("|").split("|") for line in _lines(text)]
    rows = [_row("th", first, folder), *(_row("td", row, folder) for row in rest)]
    return f"{_WIDE}<table>{''.join(rows)}</table></div>"


def _lines(text: str) -> list[str]:
    return text.rstrip("\n").split("\n")


def _row(cell: str, texts: list[str], folder: str) -> str:
    cells = (f"<{cell}>{_run(text.strip(), folder)}</{cell}>" for text in texts)
    return f"<tr>{''.join(cells)}</tr>"


def _run(text: str, folder: str) -> str:
    """Return a run of text, with code, bold print and links."""
    written, end = "", 0
    for match in _inline.finditer(text):
        written += escape(text[end : match.start()]) + _marked(match, folder)
        end = match.end()
    return (written + escape(text[end:])).strip()


def _marked(match: re.Match[str], folder: str) -> str:
    code, bold, label, target = match.groups()
    if code:
        return f"<code>{escape(code)}</code>"
    if bold:
        return f"<strong>{escape(bold)}</strong>"
    address = _address(target, folder)
    label = _run(label, folder)
    return f'<a href="{escape(address)}">{label}</a>' if address else label


def _address(target: str, folder: str) -> str | None:
    """Return where a link leads, here or elsewhere; None if it becomes plain text."""
    if target.startswith("https://"):
        return target
    page = _page.fullmatch(posixpath.normpath(posixpath.join(folder, target)))
    if page is None:
        return None
    path = _index.sub("", page[1])
    return f"/{path}" if _own.match(path) else f"/docs/{path}"
