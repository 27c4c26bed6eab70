"""The page about the command line: examples are run, tables made or compared."""

from __future__ import annotations

import argparse
import re
import shlex
from contextlib import ExitStack, contextmanager
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from tests.support import cli_app, proxies
from tests.support.cli_runs import asked
from tests.support.docs_examples import DOCS, blocks, renewed, table
from tests.support.wires import serving
from ws_handshake.cli import exits
from ws_handshake.cli.client.failures import FAILURES
from ws_handshake.cli.command import SHELLS, SUBCOMMANDS
from ws_handshake.cli.probe import notes
from ws_handshake.cli.probe import subcommand as probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

PAGE = DOCS / "cli.md"
APP = f"{cli_app.__name__}:app"
BARE = f"{cli_app.__name__}:bare"
UVICORN = ("uvicorn", "--port", "{port}", "--log-level", "warning")

# What is another on every run.
_time = re.compile(r" +\d+\.\d ms")


@contextmanager
def _valid(directory: Path) -> Iterator[int]:
    with serving((*UVICORN, APP), directory / "log") as server:
        yield server.port


@contextmanager
def _behind_nginx(directory: Path) -> Iterator[int]:
    proxies.require("nginx")
    with ExitStack() as stack:
        server = stack.enter_context(serving((*UVICORN, BARE), directory / "log"))
        proxied = proxies.proxy("nginx", "default", server.port, directory / "nginx")
        yield stack.enter_context(proxied)


#: What is typed, what is asked, and where the page begins to show what is printed.
EXAMPLES: dict[str, tuple[str, Callable[[Path], AbstractContextManager[int]], str]] = {
    "valid": ("ws-handshake probe ws://127.0.0.1:8000/ws", _valid, ""),
    "behind nginx": (
        "ws-handshake probe ws://127.0.0.1:8080/ws",
        _behind_nginx,
        "  Cause",
    ),
}


@pytest.mark.parametrize("title", EXAMPLES)
def test_what_the_page_shows_is_what_is_printed(title: str, tmp_path: Path) -> None:
    command, started, first = EXAMPLES[title]
    url = shlex.split(command)[-1]
    (there,) = re.findall(r":(\d+)", url)
    with started(tmp_path) as port:
        out = asked(probe, url.replace(there, str(port)), columns=80).out
    if first:
        out = f"...\n{out[out.index(first) :]}"
    printed = f"$ {command}\n{out}".replace(f":{port}", f":{there}")
    printed = printed.replace(f"port {port}", f"port {there}")
    text = PAGE.read_text(encoding="utf-8")
    (shown,) = (block.text for block in blocks(text) if block.title == title)

    fence = f'title="{title}"\n'
    wanted = renewed(PAGE, f"{fence}{shown}", f"{fence}{printed}")
    assert _steady(wanted) == _steady(f"{fence}{printed}")


def _steady(text: str) -> str:
    return _time.sub(" 0.0 ms", text)


def test_every_failure_that_can_be_met_is_in_the_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    begin, end = "<!-- failures: begin -->\n", "<!-- failures: end -->"
    shown = text.partition(begin)[2].partition(end)[0]
    head = "\n| code | fix |\n| --- | --- |\n"
    rows = [
        f"| {', '.join(f'`{one.code}`' for one in same)} | {fix} |\n"
        for fix, same in groupby(FAILURES, lambda failure: failure.fix)
    ]
    made = head + "".join(rows) + "\n"

    assert renewed(PAGE, begin + shown + end, begin + made + end) == begin + made + end


def test_the_options_are_those_of_the_parser() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    probe.add_arguments(parser)
    options = {name for action in parser._actions for name in action.option_strings}
    documented = " ".join(row[0] for row in table(PAGE, "Options"))

    assert set(re.findall(r"(?<![\w-])-{1,2}[a-zA-Z][\w.]*", documented)) == options


def test_every_note_is_in_the_table() -> None:
    reported = [one for one in vars(notes).values() if isinstance(one, notes.Note)]
    reported += [
        notes.scheme_mapped("", ""),
        notes.request_faulty(""),
        notes.address_failed(""),
        notes.certificate_not_checked(""),
        notes.proxy_not_used(""),
        notes.messages_came(1),
    ]
    codes = [one.code for one in reported]
    codes += ["compression_not_to_blame", "other_origin_fails", "other_version_fails"]
    rows = table(PAGE, "What it can find", 1)
    documented = re.findall(r"`(\w+)`", " ".join(row[0] for row in rows))

    assert sorted(documented) == sorted(codes)


def test_the_exit_statuses_are_those_of_the_command() -> None:
    statuses = {v for n, v in vars(exits).items() if n.isupper()}

    assert {int(row[0]) for row in table(PAGE, "Exit status")} == statuses


def test_each_subcommand_has_its_row_and_its_page() -> None:
    rows = [row[0] for row in table(PAGE, "On the command line")]
    pages = {"probe": "#probe"}

    assert rows == [
        f"[`ws-handshake {name}`]({pages.get(name, f'cli_{name}.md')})"
        for name in (subcommand.NAME for subcommand in SUBCOMMANDS)
    ]


def test_completion_is_shown_for_the_shells_there_are() -> None:
    part = PAGE.read_text(encoding="utf-8").partition("## Completion")[2]

    assert all(shell in part for shell in SHELLS)
