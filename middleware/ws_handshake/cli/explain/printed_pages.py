"""The pages of codes, and the list of all codes, in a terminal or as JSON."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from rich.markdown import Markdown
from rich.text import Text

from ws_handshake.cli.explain.pages import ENTRIES, TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ws_handshake.cli.explain.pages import Entry
    from ws_handshake.cli.screen import Screen

_WIDEST = 100


def print_pages(screen: Screen, entries: Sequence[Entry], *, as_json: bool) -> None:
    """Print the page of each entry: laid out on a terminal, as Markdown elsewhere."""
    if as_json:
        pages = [{**asdict(entry), "page": entry.page()} for entry in entries]
        screen.document({"entries": pages})
        return
    for entry in entries:
        page = entry.page()
        if screen.out.is_terminal:
            laid_out = Markdown(page, code_theme="ansi_dark", hyperlinks=False)
            screen.out.print(laid_out, width=min(screen.out.width, _WIDEST))
        else:
            screen.out.file.write(page)


def print_codes(screen: Screen, *, as_json: bool) -> None:
    """Print one line for each code."""
    if as_json:
        screen.document({"entries": [asdict(entry) for entry in ENTRIES]})
        return
    width = max(len(entry.code) for entry in ENTRIES)
    for kind, entries in groupby(ENTRIES, key=lambda entry: entry.kind):
        screen.say(TITLES[kind], style="bold")
        for entry in entries:
            line = Text(f"  {entry.code:<{width}}  {entry.what}")
            if screen.out.is_terminal:
                line.truncate(screen.out.width, overflow="ellipsis")
            screen.out.print(line, soft_wrap=True)
        screen.say("")
    screen.say("ws-handshake explain CODE prints the page of a code.")
