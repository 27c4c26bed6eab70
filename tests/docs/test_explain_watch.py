"""The pages about `explain` and `watch`: what they show is what is printed."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_runs import Input, asked
from tests.support.docs_examples import DOCS, blocks, renewed
from ws_handshake.cli.explain import subcommand as explain
from ws_handshake.cli.screen import Screen
from ws_handshake.cli.watch import subcommand as watch
from ws_handshake.cli.watch.events import read_event
from ws_handshake.cli.watch.live import Window
from ws_handshake.cli.watch.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.cli_runs import Output
    from tests.support.docs_examples import Block

EXPLAIN, WATCH = DOCS / "cli_explain.md", DOCS / "cli_watch.md"
GIVEN = {"pasted", "log"}
PRINTED = {"printed": (), "printed as JSON": ("--json",)}


def shown(page: Path) -> Iterator[tuple[Block, Block]]:
    """Yield what was given, and what the page says is printed of it."""
    given = None
    for block in blocks(page.read_text("utf-8")):
        if block.title in GIVEN:
            given = block
        elif block.title in PRINTED and given:
            yield given, block


def check(page: Path, block: Block, printed: str) -> None:
    plain = re.sub(r"(?m) +$", "", printed)
    fence = f'```{block.language} title="{block.title}"\n'
    whole = renewed(page, f"{fence}{block.text}```", f"{fence}{plain}```")
    assert whole == f"{fence}{plain}```", "RENEW=1 writes it anew"


@pytest.mark.parametrize("number", range(5))
def test_what_is_pasted_is_explained_as_the_page_shows(number: int) -> None:
    given, block = list(shown(EXPLAIN))[number]
    output = _explained(given.text, *PRINTED[block.title or ""])
    assert output.status == (0 if "Valid." in output.out else 1)
    assert "not-for-you" not in output.out
    check(EXPLAIN, block, output.out)


def _explained(text: str, *argv: str) -> Output:
    typed = Input(text.encode(), typed=False)
    return asked(explain, *argv, stdin=typed, columns=88)


@pytest.mark.parametrize("number", range(2))
def test_the_log_is_counted_as_the_page_shows(number: int, tmp_path: Path) -> None:
    given, block = list(shown(WATCH))[number]
    log = tmp_path / "app.log"
    log.write_text(given.text, "utf-8")
    output = asked(watch, "--once", str(log), *PRINTED[block.title or ""], columns=88)
    assert output.status == 1
    assert output.err == "Application startup complete.\n"
    check(WATCH, block, output.out)


def test_on_a_terminal_it_looks_as_the_page_shows() -> None:
    (log,) = {given.text for given, _ in shown(WATCH)}
    (block,) = (block for block in blocks(WATCH.read_text()) if block.title == "live")
    tally, out = Tally(), io.StringIO()
    for line in log.splitlines():
        event = read_event(line.encode())
        if event is not None:
            tally.add(event, 5.0)
    environ = {"COLUMNS": "80", "LINES": "16"}
    screen = Screen.of(out, io.StringIO(), environ)
    screen.out.print(Window(screen.out).frame(tally, 5.0), end="")

    assert len(out.getvalue().splitlines()) == 15
    check(WATCH, block, out.getvalue())


def test_all_examples_of_both_pages_are_run() -> None:
    assert (len(list(shown(EXPLAIN))), len(list(shown(WATCH)))) == (5, 2)
