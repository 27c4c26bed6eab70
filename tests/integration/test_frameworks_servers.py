"""Every way to start a server that the pages show, and what the middleware sees."""

from __future__ import annotations

import os
import re
import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.docs_examples import DOCS, apart, blocks, sections, table
from tests.support.echoing import (
    KEY_MALFORMED,
    KEY_MISSING,
    PLAIN,
    UPGRADE_LOST,
    response_of,
)
from tests.support.handshakes import VALID
from tests.support.wires import serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.support.wires import Response, Server

FRAMEWORKS = (DOCS / "frameworks.md").read_text(encoding="utf-8")
DEPLOY = DOCS / "deploy.md"
UVICORN = sections((DOCS / "uvicorn.md").read_text(encoding="utf-8"))[
    "Install the protocol class"
]
STARTS = re.split(
    r"(?m)^### ", sections(DEPLOY.read_text(encoding="utf-8"))["Start it"]
)

SEEN = apart(table(DEPLOY, "What is seen"))

#: What is asked, and the first code in the log where it is rejected.
ASKED = {
    "": VALID,
    "upgrade_missing": UPGRADE_LOST,
    "key_malformed": KEY_MALFORMED,
    "key_missing": KEY_MISSING,
}

_rejected = re.compile(r"WebSocket handshake rejected: 400 (\w+)")
_warned = re.compile(r"protocol[_ ]not[_ ]installed")

# Where each server takes its address.
ADDRESS = {
    "uvicorn": ("--port", "{port}"),
    # its workers would wait half a minute for a WebSocket to end
    "gunicorn": ("--bind", "127.0.0.1:{port}", "--graceful-timeout", "2"),
    "hypercorn": ("--bind", "127.0.0.1:{port}"),
    "granian": ("--host", "127.0.0.1", "--port", "{port}"),
}


def _commands(text: str) -> list[str]:
    found = (block.text for block in blocks(text) if block.language == "console")
    return [line.removeprefix("$ ").strip() for line in found]


def _program(heading: str, text: str = FRAMEWORKS) -> str:
    part = re.split(rf"(?m)^#+ {heading}$", text)[1]
    return next(b.text for b in blocks(part) if b.language == "python")


def _under(heading: str) -> str:
    (part,) = (part for part in STARTS if part.startswith(f"{heading}\n"))
    (command,) = _commands(part)
    return command


_ON_COMMAND_LINE, _BY_ENVIRONMENT = _commands(UVICORN)
_GUNICORN = _under("gunicorn")

#: The rows of the page's table, and the commands on it.
COMMANDS: Mapping[str, str] = {
    "`uvicorn --http`": _ON_COMMAND_LINE,
    "`UVICORN_HTTP`": _BY_ENVIRONMENT,
    "`uvicorn.run`": "run",
    "`uvicorn --workers 2`": _under("Several workers"),
    "`gunicorn` with `uvicorn_worker.UvicornWorker`": _GUNICORN,
    "`gunicorn` with `asgi`": _GUNICORN.replace("uvicorn_worker.UvicornWorker", "asgi"),
    "`gunicorn` with `ws_handshake.gunicorn.ASGIWorker`": _under(
        "gunicorn's ASGI worker"
    ),
    "`hypercorn`": _under("Hypercorn"),
    "`granian`": _under("granian"),
}
#: Where the middleware warns that the server does not check all.
NOT_INSTALLED = ["`gunicorn` with `asgi`", "`granian`"]
OF_SEVERAL = [name for name, command in COMMANDS.items() if "--workers 2" in command]


@contextmanager
def _started(name: str, folder: Path) -> Iterator[Server]:
    """Save the programs of the pages, and start a server as they show."""
    (folder / "main.py").write_text(_program("FastAPI"), encoding="utf-8")
    run = _program(
        "Install the protocol class", (DOCS / "uvicorn.md").read_text(encoding="utf-8")
    )
    with_port = run.replace('"main:app",', '"main:app", port=int(sys.argv[1]),')
    (folder / "run.py").write_text(f"import sys\n{with_port}", encoding="utf-8")

    words = shlex.split(COMMANDS[name])
    settings = dict(word.split("=", 1) for word in words if word.startswith("UVICORN_"))
    command = [word for word in words if not word.startswith("UVICORN_")]
    command += ADDRESS.get(command[0], ("{port}",))
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    # gunicorn puts a socket of its own into the home directory
    settings |= {"PYTHONPATH": path, "HOME": str(folder), "NO_COLOR": "1"}
    log = folder / "log"
    with serving(command, log, port=None, stdout=None, **settings) as server:
        yield server


@pytest.mark.parametrize("name", COMMANDS)
def test_a_server_started_as_the_page_shows_gives_the_outcomes_of_the_page(
    name: str, tmp_path: Path
) -> None:
    with _started(name, tmp_path) as server:
        responses = {
            code: response_of(server.port, handshake)
            for code, handshake in ASKED.items()
        }
        plain = response_of(server.port, PLAIN)
    logged = _rejected.findall(server.logged())
    cells = [
        _cell(response, logged=code in logged) for code, response in responses.items()
    ]
    assert (plain.status, plain.body) == (200, b'"home"')
    assert [name, *cells] in SEEN
    assert len(logged) == len(set(logged))
    assert bool(_warned.findall(server.logged())) == (name in NOT_INSTALLED)


def _cell(response: Response, *, logged: bool) -> str:
    assert logged or not response.codes
    reported = " explained" if response.codes else " logged"
    return f"{response.status}{reported if logged else ''}"


def test_the_page_has_a_row_for_each_way() -> None:
    assert sorted(row[0] for row in SEEN) == sorted(COMMANDS)


@pytest.mark.parametrize("name", OF_SEVERAL)
def test_none_of_several_workers_lets_a_broken_handshake_pass(
    name: str, tmp_path: Path
) -> None:
    with _started(name, tmp_path) as server:
        responses = [response_of(server.port, UPGRADE_LOST) for _ in range(40)]
        valid = [response_of(server.port, VALID).status for _ in range(10)]
    codes = ("upgrade_missing", "connection_not_upgrade")
    assert {response.codes for response in responses} == {codes}
    assert set(valid) == {101}
    started = re.findall(r"Started server process \[(\d+)\]", server.logged())
    booted = re.findall(r"Booting worker with pid: (\d+)", server.logged())
    assert len({*started, *booted}) == 2
