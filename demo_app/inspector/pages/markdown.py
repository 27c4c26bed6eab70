"""The pages of docs/ as HTML: as much of Markdown as they use, all text escaped."""

from __future__ import annotations

import posixpath
import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_block = re.compile(
    r"""
      ^```\w*.*\n (?P<code> (?:.*\n)*? ) ```$
    | ^(?P<heading> \#{1,3}\ .+ )$
    | (?P<table> ^\|.*\n ^\|[ ]---.*(?:\n|\Z) (?: ^\|.*(?:\n|\Z) )* )
    | (?P<items> (?: ^-\ .*(?:\n|\Z) (?: ^[ ]+\S.*(?:\n|\Z) )* )+ )
    | (?P<text> ^\S.* (?: \n(?!```)\S.* )* )
    """,
    re.MULTILINE | re.VERBOSE,
)
_item = re.compile(r"^- ", re.MULTILINE)
_inline = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")
_page = re.compile(r"(reasons|causes)/(\w+_\w+)\.md(?:#.*)?")


def html_of(markdown: str, folder: str) -> str:
    """Return the HTML of a page of `docs/folder/`: headings, text, lists, code."""
    return "\n".join(_blocks(markdown, folder))


def _blocks(markdown: str, folder: str) -> Iterator[str]:
    for match in _block.finditer(markdown):
        kind, text = match.lastgroup or "text", match[match.lastgroup or 0]
        if kind == "code":
            yield f'<pre tabindex="0"><code>{escape(text)}</code></pre>'
        elif kind == "heading":
            marks, _, title = text.partition(" ")
            yield f"<h{len(marks)}>{_run(title, folder)}</h{len(marks)}>"
        elif kind == "items":
            items = [_run(item, folder) for item in _item.split(text)[1:]]
            yield "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
        elif kind == "table":
            yield _table(text, folder)
        else:
            yield f"<p>{_run(text, folder)}</p>"


def _table(text: str, folder: str) -> str:
    first, _, *rest = [line.strip("|").split("|") for line in _lines(text)]
    rows = [_row("th", first, folder), *(_row("td", row, folder) for row in rest)]
    return f"<table>{''.join(rows)}</table>"


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
    return f"/{page[1]}/{page[2]}" if page else None
