"""The pages about `explain` and `watch`: what they show is what is printed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_runs import Input, asked
from tests.support.docs_examples import DOCS, blocks, renewed, sections, table
from ws_handshake.cli.explain import subcommand as explain
from ws_handshake.cli.watch import subcommand as watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.cli_runs import Output
    from tests.support.docs_examples import Block

EXPLAIN, WATCH = DOCS / "cli_explain.md", DOCS / "cli_watch.md"
GIVEN = {"pasted", "log"}


def shown(page: Path) -> Iterator[tuple[Block, Block]]:
    """Yield what was given, and what the page says is printed of it."""
    given = None
    for block in blocks(page.read_text("utf-8")):
        if block.title in GIVEN:
            given = block
        elif block.title == "printed" and given:
            yield given, block


def check(page: Path, block: Block, printed: str) -> None:
    plain = re.sub(r"(?m) +$", "", printed)
    fence = f'```{block.language} title="{block.title}"\n'
    whole = renewed(page, f"{fence}{block.text}```", f"{fence}{plain}```")
    assert whole == f"{fence}{plain}```", "RENEW=1 writes it anew"


@pytest.mark.parametrize("number", range(3))
def test_what_is_pasted_is_explained_as_the_page_shows(number: int) -> None:
    given, block = list(shown(EXPLAIN))[number]
    output = _explained(given.text)
    assert output.status == (0 if "Valid." in output.out else 1)
    assert "not-for-you" not in output.out
    check(EXPLAIN, block, output.out)


def test_the_members_of_what_is_explained_as_json_are_those_on_the_page() -> None:
    rejected, line, valid = (
        json.loads(_explained(given.text, "--json").out) for given, _ in shown(EXPLAIN)
    )
    problem = {row[0].strip("`") for row in table(DOCS / "response.md", "Members")}
    members = {*rejected, *line, *valid, *valid["handshakes"][0]}
    members |= {*rejected["handshakes"][0]} - problem
    assert named(EXPLAIN, "JSON") == members


def named(page: Path, heading: str) -> set[str]:
    """Return what a section names as code, but for options."""
    part = sections(page.read_text("utf-8"))[heading]
    return set(re.findall(r"`(\w+)`", part))


def _explained(text: str, *argv: str) -> Output:
    typed = Input(text.encode(), typed=False)
    return asked(explain, *argv, stdin=typed, columns=88)


def test_the_log_is_counted_as_the_page_shows(tmp_path: Path) -> None:
    ((given, block),) = shown(WATCH)
    output = _watched(given.text, tmp_path)
    assert output.status == 1
    assert output.err == "Application startup complete.\n"
    check(WATCH, block, output.out)


def test_the_members_of_the_json_are_those_on_the_page(tmp_path: Path) -> None:
    ((given, _),) = shown(WATCH)
    counted = json.loads(_watched(given.text, tmp_path, "--json").out)
    assert {*counted, *counted["by"]} == named(WATCH, "For scripts")
    (block,) = (b for b in blocks(WATCH.read_text("utf-8")) if b.title == "by cause")
    cause = json.dumps(counted["by"]["cause"], indent=2)
    assert block.text.partition("\n")[2] == f"{cause}\n"


def _watched(log: str, folder: Path, *argv: str) -> Output:
    (folder / "app.log").write_text(log, "utf-8")
    return asked(watch, "--once", str(folder / "app.log"), *argv, columns=88)


def test_all_examples_of_both_pages_are_run() -> None:
    assert (len(list(shown(EXPLAIN))), len(list(shown(WATCH)))) == (3, 1)
