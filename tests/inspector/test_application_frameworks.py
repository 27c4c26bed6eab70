"""The inspector on real uvicorns, mounted in four frameworks, in their own ways."""

from __future__ import annotations

import json
import time
from itertools import takewhile
from typing import TYPE_CHECKING

import pytest

from tests.support.apps_inspector import APPS, PATH
from tests.support.demos import asked
from tests.support.handshakes import VALID
from tests.support.inside import port_of, running, running_server
from tests.support.sse import streamed
from tests.support.waiting import wait_until
from tests.support.wires import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = (f"{PATH}/", f"{PATH}/static/page.js", f"{PATH}/static/live.css")


@pytest.fixture(name="port", params=APPS, scope="module")
def _port(request: pytest.FixtureRequest) -> Iterator[int]:
    with running(APPS[request.param]()) as port:
        yield port


def statuses(port: int) -> list[int]:
    lines = asked(port, f"{PATH}/records").text.splitlines()
    return [json.loads(line)["http.response.status_code"] for line in lines]


def test_it_shows_the_handshakes_of_the_application_and_none_of_its_own_requests(
    port: int,
) -> None:
    for path in OWN:
        assert asked(port, path).status == 200
    assert asked(port, f"{PATH}/verdict", "GET / HTTP/1.1").status == 200
    before = statuses(port)
    assert ask(port, VALID.without(b"sec-websocket-key").wire()).status == 400
    assert ask(port, VALID.wire()).status == 101
    wait_until(lambda: len(statuses(port)) >= len(before) + 2, lambda: statuses(port))
    assert statuses(port)[len(before) :] == [400, 101]


def test_without_its_slash_the_address_leads_to_the_page(port: int) -> None:
    response = asked(port, PATH)
    assert response.status == 307
    assert response.headers["location"] in (
        f".{PATH}/",
        f"http://127.0.0.1:{port}{PATH}/",
    )


def test_the_stream_greets_with_what_there_was(port: int) -> None:
    assert ask(port, VALID.but(b"sec-websocket-key", b"AAAA").wire()).status == 400
    with streamed(port) as response:
        assert response.getheader("content-type") == "text/event-stream"
        lines = [*takewhile(lambda line: line != b"event: counts\n", response)]
    records = [json.loads(line[6:]) for line in lines if line.startswith(b"data: ")]
    assert records[-1]["error.type"] == "key_malformed"


@pytest.mark.parametrize("name", APPS)
def test_an_open_page_does_not_keep_the_server_from_its_end(name: str) -> None:
    with (
        running_server(APPS[name]()) as server,
        streamed(port_of(server)) as response,
    ):
        server.should_exit = True
        began = time.monotonic()
        rest = response.read()
        assert time.monotonic() - began < 20
    assert rest.startswith(b"event: counts\n")
