"""The lines for the terminal, run by a real shell and a real curl."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from demo_app.inspector.trials.behaviours import BEHAVIOURS
from demo_app.inspector.trials.catalogue import TRIALS, catalogue
from demo_app.inspector.trials.reasons import REQUESTS, Never
from tests.support.demos import demo, until
from tests.support.handshakes import ACCEPT
from tests.support.needed import program
from ws_handshake.core.reasons import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.wires import Server

POSSIBLE = [code for code in REQUESTS if code in TRIALS]
BEHAVING = [behaviour.id for behaviour in BEHAVIOURS if behaviour.id in TRIALS]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo(tmp_path_factory.mktemp("demo") / "log") as running:
        yield running


def row(server: Server, name: str) -> Any:
    whole: Any = catalogue(server.port)
    rows = [*whole["reasons"], *whole["behaviours"]]
    return next(row for row in rows if name in {row.get("code"), row.get("id")})


def shell(command: str) -> tuple[str, str]:
    """Return the head and the body of what a line for a shell brings back."""
    program("curl")
    done = subprocess.run(  # noqa: S602  (a line for a shell is proved in a shell)
        command, shell=True, capture_output=True, timeout=20, check=False
    )
    head, _, body = done.stdout.decode("latin-1").partition("\r\n\r\n")
    return head.replace("\r\n", "\n") + "\n", body


def lines(server: Server) -> list[str]:
    return [line for line in server.logged().splitlines() if "handshake." in line]


def test_the_reasons_stand_in_the_order_of_the_catalogue_and_none_is_missing() -> None:
    assert list(REQUESTS) == [reason.code for reason in CATALOGUE]
    never = [one.why for one in REQUESTS.values() if isinstance(one, Never)]
    assert len(never) == 4


@pytest.mark.parametrize("code", POSSIBLE)
def test_the_line_for_a_reason_brings_it_about(server: Server, code: str) -> None:
    trial = row(server, code)
    before = len(lines(server))
    head, body = shell(trial["line"])
    assert head.startswith(f"HTTP/1.1 {trial['status']} ")
    if code == "app_did_not_respond":  # uvicorn responds
        assert body == "Internal Server Error"
    else:
        assert f"\nwebsocket-handshake-error: {code}\n" in head
        assert json.loads(body)["title"] == trial["what"]
    until(lambda: len(lines(server)) > before)
    (line,) = lines(server)[before:]
    status = trial["status"]
    assert f"websocket.handshake.rejected   status={status} why={code} " in line


@pytest.mark.parametrize("name", BEHAVING)
def test_the_line_for_a_behaviour_brings_it_about(server: Server, name: str) -> None:
    trial = row(server, name)
    head, _ = shell(trial["line"])
    assert head.startswith(f"HTTP/1.1 {trial['status']} ")
    codes = ", ".join(trial["codes"])
    assert f"\nwebsocket-handshake-error: {codes}\n" in head or not codes


def test_the_line_for_a_valid_handshake_is_accepted(server: Server) -> None:
    whole: Any = catalogue(server.port)
    head, frames = shell(whole["valid"]["line"])
    assert head.startswith("HTTP/1.1 101 ")
    assert ACCEPT in head
    assert '{"type": "welcome"' in frames
