"""The lines for the terminal, run by a real shell and a real curl."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from demo_app.inspector.trials.reasons import REQUESTS, Never
from demo_app.settings import address_of
from tests.support.demo_trials import CODES, REASONS
from tests.support.demos import asked, demo, until
from tests.support.handshakes import ACCEPT
from tests.support.needed import program
from ws_handshake.core.reasons import BY_CODE, CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.wires import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo(tmp_path_factory.mktemp("demo") / "log") as running:
        yield running


def line_of(server: Server, name: str) -> str:
    whole: Any = asked(server.port, "/catalogue.json").parsed
    rows = [row for group in whole["groups"] for row in group["trials"]]
    line: str = next(row["line"] for row in rows if row["id"] == name)
    assert address_of(server.port).removeprefix("http://") in line
    return line


def shell(command: str) -> tuple[str, str]:
    """Return the head and the body of what a line for a shell brings back."""
    program("curl")
    done = subprocess.run(  # noqa: S602  (a line for a shell is proved in a shell)
        command, shell=True, capture_output=True, timeout=60, check=False
    )
    head, _, body = done.stdout.decode("latin-1").partition("\r\n\r\n")
    return head.replace("\r\n", "\n") + "\n", body


def lines(server: Server) -> list[str]:
    return [line for line in server.logged().splitlines() if "e.rejected " in line]


def test_the_reasons_stand_in_the_order_of_the_catalogue_and_none_is_missing() -> None:
    assert list(REQUESTS) == [reason.code for reason in CATALOGUE]
    never = [one.why for one in REQUESTS.values() if isinstance(one, Never)]
    assert len(never) == 4


@pytest.mark.parametrize("code", REASONS)
def test_the_line_for_a_reason_brings_it_about(server: Server, code: str) -> None:
    reason = BY_CODE[code]
    before = len(lines(server))
    head, body = shell(line_of(server, code))
    assert head.startswith(f"HTTP/1.1 {reason.status} ")
    if code == "app_did_not_respond":  # uvicorn responds
        assert body == "Internal Server Error"
    else:
        assert f"\nwebsocket-handshake-error: {code}\n" in head
        assert json.loads(body)["title"] == reason.what
    until(lambda: len(lines(server)) > before)
    (line,) = lines(server)[before:]
    said = f"websocket.handshake.rejected   status={reason.status} why={code} "
    assert said in line


@pytest.mark.parametrize("name", [*CODES, "server_reads_one_line"])
def test_the_line_for_a_behaviour_brings_it_about(server: Server, name: str) -> None:
    head, _ = shell(line_of(server, name))
    codes = ", ".join(CODES.get(name, []))
    assert f"\nwebsocket-handshake-error: {codes}\n" in head or not codes
    assert head.startswith("HTTP/1.1 101 ") == (name == "server_reads_one_line")


def test_the_line_for_a_valid_handshake_is_accepted(server: Server) -> None:
    head, frames = shell(line_of(server, "valid"))
    assert head.startswith("HTTP/1.1 101 ")
    assert ACCEPT in head
    assert '{"type": "welcome"' in frames
