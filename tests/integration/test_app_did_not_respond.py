"""An application that does not respond, on the servers that people run."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from inspect import getsourcelines
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import apps_undecided
from tests.support.asgi import ask
from tests.support.docs_examples import DOCS, table
from tests.support.handshakes import VALID
from tests.support.other_servers import Setup, exchange, is_complete, need
from tests.support.waiting import wait_until
from tests.support.wires import serving

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.wires import Response, Server

PAGE = DOCS / "reasons" / "app_did_not_respond.md"

UVICORN = (
    "uvicorn tests.support.apps_undecided:{app} --port {{port}} --http {http} --ws {ws}"
)
OURS = {
    "h11": "ws_handshake.uvicorn:H11Protocol",
    "httptools": "ws_handshake.uvicorn:HttpToolsProtocol",
}
HYPERCORN = "hypercorn tests.support.apps_undecided:{app} --bind 127.0.0.1:{{port}}"
# it looks for exceptions once a second, and waits five where there is no decision
DAPHNE = (
    "daphne -b 127.0.0.1 -p {{port}} --websocket_connect_timeout 4 "
    "tests.support.apps_undecided:{app}"
)
GRANIAN = (
    "granian tests.support.apps_undecided:{app} --interface asgi --host 127.0.0.1 "
    "--port {{port}}"
)

#: The command with our middleware, and the one without it.
COMMANDS: dict[str, tuple[str, str]] = {
    f"uvicorn, {http}, {ws}": (
        UVICORN.format(app="wrapped", http=OURS[http], ws=ws),
        UVICORN.format(app="bare", http=http, ws=ws),
    )
    for http in OURS
    for ws in ("wsproto", "websockets-sansio")
} | {
    command.partition(" ")[0]: (
        command.format(app="wrapped"),
        command.format(app="bare"),
    )
    for command in (HYPERCORN, DAPHNE, GRANIAN)
}

RETURNING = ("/returns", "/returns-late")
RAISING = ("/raises", "/raises-late")
ASKED = (*RETURNING, *RAISING, "/cancelled")
LEFT = ("/left", "/left-and-raises")

_date = re.compile(rb"(?im)^date: .*$")


@dataclass(frozen=True)
class Measured:
    """What clients got with and without us, and our events."""

    server: str
    responses: Mapping[str, Response]
    bare: Mapping[str, Response]
    events: tuple[Mapping[str, Any], ...]

    def of(self, path: str) -> list[Mapping[str, Any]]:
        """Return the events of one request."""
        return [event for event in self.events if event["url.path"] == path]


@pytest.fixture(scope="module", name="measured", params=COMMANDS)
def _measured(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Measured:
    name: str = request.param
    need(Setup(name, tuple(COMMANDS[name][0].split())))
    directory = tmp_path_factory.mktemp("logs")
    logs = directory / "wrapped", directory / "bare"
    with ThreadPoolExecutor(2) as pool:
        wrapped, bare = pool.map(responses_of, COMMANDS[name], logs)
    lines = logs[0].read_text("utf-8", "replace").splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    return Measured(name, wrapped, bare, tuple(events))


def responses_of(command: str, log: Path) -> dict[str, Response]:
    """Run a server, ask it everything, and return its responses when it has ended."""
    # granian cancels nothing and does not notice clients that leave
    leaves = () if command.startswith("granian ") else LEFT
    with serving(command.split(), log) as server, ThreadPoolExecutor(5) as pool:
        by_path: dict[str, Response] = {}
        by_path.update(zip(ASKED, pool.map(partial(asked, server), ASKED), strict=True))
        leave(server)
        for path in (*ASKED, *leaves):
            wait_until(partial(has_ended, server, path), server.logged)
    return by_path


def has_ended(server: Server, path: str) -> bool:
    return f"ended {path}\n" in server.logged()


def asked(server: Server, path: str) -> Response:
    """Return what a client gets, whatever the date."""
    response = exchange(server.port, wire(path), is_complete)
    return replace(response, raw=_date.sub(b"date: today", response.raw))


def wire(path: str) -> bytes:
    return VALID.asked(target=path.encode()).wire()


def leave(server: Server) -> None:
    """Ask, and go before there is a response."""
    with ExitStack() as stack:
        for path in LEFT:
            address = ("127.0.0.1", server.port)
            connection = stack.enter_context(socket.create_connection(address, 5))
            connection.sendall(wire(path))


def place(way: str) -> str:
    """Return where a way raises, as the log has it."""
    lines, first = getsourcelines(apps_undecided.WAYS[way])
    (at,) = [number for number, line in enumerate(lines) if "raise Look" in line]
    return f"LookupError in apps_undecided.py:{first + at}"


@pytest.mark.parametrize("path", [*RETURNING, *RAISING])
def test_it_is_one_error_with_the_type_and_place_of_the_exception(
    measured: Measured, path: str
) -> None:
    (event,) = measured.of(path)
    named = {name: event[name] for name in event if not name.startswith("websocket.h")}
    assert named["event"] == "websocket.handshake.rejected"
    assert named["level"] == "error"
    assert named["error.type"] == "app_did_not_respond"
    assert named["http.response.status_code"] == 500
    assert named["client.address"] == named["server.address"] == "127.0.0.1"
    raised = place(path) if path in RAISING else None
    assert named.get("exception.type") == raised
    assert event["websocket.handshake.violations"] == ["app_did_not_respond"]
    assert event["websocket.handshake.layer"] == "asgi"
    assert event["websocket.handshake.key_length"] == 24
    assert "websocket.handshake.cause" not in event


def test_a_message_of_an_exception_is_in_no_event(measured: Measured) -> None:
    assert apps_undecided.CANARY not in json.dumps(measured.events)


@pytest.mark.parametrize("path", ["/cancelled", *LEFT])
def test_a_handshake_that_was_cancelled_or_whose_client_left_is_not_reported(
    measured: Measured, path: str
) -> None:
    assert measured.of(path) == []


def test_there_is_no_other_event(measured: Measured) -> None:
    assert sorted(event["url.path"] for event in measured.events) == sorted(
        [*RETURNING, *RAISING]
    )


@pytest.mark.parametrize("path", ASKED)
def test_the_client_gets_what_it_gets_without_us(measured: Measured, path: str) -> None:
    assert measured.responses[path] == measured.bare[path]


def test_the_page_has_what_the_client_gets(measured: Measured) -> None:
    rows = {
        server: statuses
        for servers, *statuses in table(PAGE, "What it means")
        for server in servers.split(", ")
    }
    name = measured.server.partition(",")[0]
    statuses = [measured.responses[path].status for path in ("/returns", "/raises")]
    assert rows[name] == ["none" if each is None else str(each) for each in statuses]


@pytest.mark.parametrize("way", apps_undecided.WAYS)
def test_each_way_ends_as_it_is_named(
    way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    connect, gone = {"type": "websocket.connect"}, {"type": "websocket.disconnect"}
    scope = VALID.asked(target=way.encode()).websocket_scope()
    ends: type[BaseException] | None = None
    if "raises" in way:
        ends = LookupError
    elif way == "/cancelled":
        ends = asyncio.CancelledError
    with pytest.raises(ends) if ends else nullcontext():
        assert ask(apps_undecided.bare, scope, connect, gone) == []
    assert capsys.readouterr().out == f"ended {way}\n"


def test_their_application_has_a_lifespan() -> None:
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = ask(apps_undecided.bare, {"type": "lifespan"}, *events)
    assert [message["type"] for message in sent] == [
        *("lifespan.startup.complete", "lifespan.shutdown.complete")
    ]
