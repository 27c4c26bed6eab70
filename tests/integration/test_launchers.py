"""Two lines in an application are the installation, whoever starts it.

With no option of ours and no variable: every application under the first launcher, and
three under each of the others, or with EXAMPLES=all every application under every one.
What is measured stands in docs/deploy.md; RENEW=1 measures all, and writes it there.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.docs_examples import DOCS, renewed, together
from tests.support.effort import ALL
from tests.support.handshakes import VALID
from tests.support.launchers import (
    ADDED,
    LAUNCHERS,
    MOUNTED,
    PROGRAMS,
    WARNED,
    WRAPPED,
    started,
)
from tests.support.waiting import wait_until
from tests.support.wires import Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.support.handshakes import Handshake
    from tests.support.launchers import Program, Started

PAGE = DOCS / "deploy.md"
BEGIN, END = "<!-- launchers: begin -->\n", "<!-- launchers: end -->\n"

#: What is asked, and the reason that each client gets.
BROKEN = {
    "key_malformed": VALID.but(b"sec-websocket-key", b"AAAA"),
    "key_missing": VALID.without(b"sec-websocket-key"),
    "upgrade_missing": VALID.without(b"upgrade"),
    "http_version_too_old": VALID.asked(version="1.0"),
}
_NAMES = ("protocol_installed_late", "protocol_not_installed")

WHOLE, LATER, WARNING, NO_APP = "all", "all, after a request", "a warning", "-"


def _asked(server: Started, program: Program, handshake: Handshake) -> Response:
    path = program.mount.encode() + handshake.target
    return Response(server.exchange(handshake.asked(target=path).wire()), "closed")


def _page(server: Started, program: Program) -> int | None:
    page = VALID.asked(
        target=b"/", headers=(VALID.headers[0], (b"connection", b"close"))
    )
    return _asked(server, program, page).status


def _events(server: Started) -> list[dict[str, Any]]:
    """Return the events of ours in the log."""
    lines = [line for line in server.logged().splitlines() if line.startswith('{"')]
    return [json.loads(line) for line in lines]


def _warnings(server: Started) -> list[str]:
    names = (str(e["event"]).rpartition(".")[2] for e in _events(server))
    return [name for name in names if name in _NAMES]


def _is_logged(server: Started, agent: str, code: str | None) -> bool:
    return any(
        event.get("user_agent.original") == agent and event.get("error.type") == code
        for event in _events(server)
    )


def _check(server: Started, program: Program) -> None:
    """Fail if one broken handshake gets no reason, or leaves no line in the log."""
    for code, handshake in BROKEN.items():
        marked = handshake.plus(b"user-agent", code.encode())
        response = _asked(server, program, marked)
        assert (response.status, code in response.codes) == (400, True), code
        wait_until(partial(_is_logged, server, code, code), server.logged)
    valid = _asked(server, program, VALID.plus(b"user-agent", b"valid"))
    assert valid.status == 101
    wait_until(partial(_is_logged, server, "valid", None), server.logged)


def _measured(name: str, program: Program, folder: Path) -> str:
    """Start one application, ask it everything, and return what the page says of it."""
    folder.mkdir()
    with started(LAUNCHERS[name], program, folder) as server:
        workers = 2 if "--workers 2" in name else 1
        assert _page(server, program) == 200
        if program is MOUNTED:
            wait_until(partial(_is_met, server, program, workers), server.logged)
        for _ in range(2 * workers):
            _check(server, program)
        warnings = _warnings(server)
    if program is MOUNTED:
        assert warnings == ["protocol_installed_late"] * workers
        return LATER
    assert warnings == []
    return WHOLE


def _is_met(server: Started, program: Program, workers: int) -> bool:
    """Ask for a page, until the middleware in each worker has seen one."""
    _page(server, program)
    return len(_warnings(server)) == workers


def _warned(name: str, program: Program, folder: Path) -> str:
    """Start one application under another server, and return what the page says."""
    folder.mkdir()
    command, line = WARNED[name]
    with started(command, program, folder) as server:
        # without a lifespan the first request is the first that it sees of a server
        assert _page(server, program) == 200
        wait_until(lambda: bool(_warnings(server)), server.logged)
        assert _asked(server, program, VALID).status == 101
        assert _warnings(server) == ["protocol_not_installed"]
        (hint,) = (event["hint"] for event in _events(server) if "hint" in event)
    assert line in hint
    return WARNING


def _expected(name: str) -> dict[str, str]:
    """Return what the page says of a launcher of uvicorn, by application."""

    def cell(program: Program) -> str:
        if name.startswith("`fastapi") and not program.is_fastapi:
            return NO_APP
        return LATER if program is MOUNTED else WHOLE

    return {program.name: cell(program) for program in PROGRAMS}


def _chosen() -> Iterator[tuple[str, Program]]:
    """Choose what is measured: how a launcher and an application go together.

    A launcher decides how the server starts, and an application how the check gets into
    it: each of either is there several times.
    """
    for number, name in enumerate(LAUNCHERS):
        third = PROGRAMS[1 + number % 4]
        every = number == 0 or ALL or "RENEW" in os.environ
        programs = PROGRAMS if every else (ADDED, third, MOUNTED)
        yield from ((name, p) for p in programs if _expected(name)[p.name] != NO_APP)


@pytest.fixture(scope="module", name="measured")
def _matrix(
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, Mapping[str, str]]:
    """Measure all, some at a time: they wait for each other's processes mostly."""
    folder = tmp_path_factory.mktemp("launchers")
    of_uvicorn = [(name, program, _measured) for name, program in _chosen()]
    of_others = [(name, p, _warned) for name in WARNED for p in (ADDED, MOUNTED)]
    with ThreadPoolExecutor(4) as pool:
        cells = {
            (name, program.name): pool.submit(how, name, program, folder / str(number))
            for number, (name, program, how) in enumerate([*of_uvicorn, *of_others])
        }
    table = {name: _expected(name) for name in LAUNCHERS}
    for (name, program_name), cell in cells.items():
        error = cell.exception()
        shown = cell.result() if error is None else f"{type(error).__name__}: {error}"
        table.setdefault(name, {})[program_name] = shown
    return table


@pytest.mark.parametrize("name", LAUNCHERS)
def test_no_launcher_of_uvicorn_needs_an_option_of_ours(
    measured: Mapping[str, Mapping[str, str]], name: str
) -> None:
    assert measured[name] == _expected(name)


def test_every_application_is_measured_under_several_launchers() -> None:
    launchers = Counter(program for _, program in _chosen())
    assert {*launchers} == {*PROGRAMS}
    assert min(launchers.values()) >= 4


@pytest.mark.parametrize("name", WARNED)
def test_where_the_check_is_not_whole_the_log_has_the_line_to_type(
    measured: Mapping[str, Mapping[str, str]], name: str
) -> None:
    assert set(measured[name].values()) == {WARNING}


def test_what_the_same_process_serves_next_is_untouched(tmp_path: Path) -> None:
    command = "python run_twice.py {module} {port}"
    with started(command, WRAPPED, tmp_path) as server:
        keyless = BROKEN["key_missing"]
        assert _asked(server, WRAPPED, keyless).codes == ("key_missing",)
        assert _page(server, WRAPPED) == 200
        begun = "Uvicorn running on"
        wait_until(lambda: server.logged().count(begun) == 2, server.logged)
        response = _asked(server, WRAPPED, keyless)
        assert (response.status, response.codes) == (400, ())
        assert _page(server, WRAPPED) == 200
    assert len([e for e in _events(server) if "error.type" in e]) == 1


def test_the_page_shows_what_was_measured(
    measured: Mapping[str, Mapping[str, str]],
) -> None:
    cells = {cell for row in measured.values() for cell in row.values()}
    assert cells == {WHOLE, LATER, WARNING, NO_APP}
    shown = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    wanted = _table(measured)
    assert renewed(PAGE, shown, wanted) == wanted, "RENEW=1 writes it anew"


def _table(measured: Mapping[str, Mapping[str, str]]) -> str:
    names = [program.name for program in PROGRAMS]
    rows = [[name, *(measured[name][each] for each in names)] for name in LAUNCHERS]
    lines = [["started by", *names], ["---"] * (len(names) + 1), *together(rows)]
    shown = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    others = [
        [name, f"`{line}`" if line else "that there is no place for the check"]
        for name, (_, line) in WARNED.items()
    ]
    head = ["started by", "what the warning has you type"]
    lines = [head, ["---"] * 2, *together(others)]
    shown += "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"\n{shown}\n"
