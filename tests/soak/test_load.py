"""The clients of the soak notice what is wrong."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.soak.apps import SELF, soaked
from tests.soak.load import CASES_REJECTED, Flood, SlowClients
from tests.support.corpus_case import Case
from tests.support.faults import BROKEN
from tests.support.inside import running
from tests.support.wires import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYLESS = Case("no key", BROKEN["key_missing"].wire(), ("key_missing",), "RFC 6455")
_WRONG = replace(KEYLESS, expected=("host_missing",))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with running(soaked(), http="ws_handshake.uvicorn:HttpToolsProtocol") as port:
        yield port


def test_the_application_shows_its_connections_and_the_records_it_counted(
    port: int,
) -> None:
    page = b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % SELF.encode()
    before = json.loads(ask(port, page, 20).body)
    assert ask(port, KEYLESS.data, 20).codes == ("key_missing",)
    after = json.loads(ask(port, page, 20).body)
    assert after["connections"] >= 1
    assert after["tasks"] >= 1
    before_it = before["reported"].get("key_missing", 0)
    assert after["reported"]["key_missing"] - before_it == 1


def test_a_flood_counts_every_response_by_its_reason(port: int) -> None:
    flood = Flood(port, [KEYLESS])
    flood.run(0.2)
    flood.stop()
    assert flood.complaints == []
    assert flood.rejected["key_missing"] >= 8
    assert flood.rejected.keys() == {"key_missing"}


def test_a_wrong_response_is_a_complaint(port: int) -> None:
    flood = Flood(port, [_WRONG], lanes=1)
    flood.stop()
    slow = SlowClients(port, [_WRONG])
    for _ in _WRONG.data:
        slow.send_next_byte()
    slow.stop()
    wrong = "no key: ('key_missing',) is not ('host_missing',)"
    assert flood.complaints == slow.complaints == [wrong]


def test_a_slow_client_gets_its_response_after_its_last_byte_and_begins_anew(
    port: int,
) -> None:
    slow = SlowClients(port, [KEYLESS])
    for _ in KEYLESS.data[1:]:
        slow.send_next_byte()
    assert slow.rejected.total() == 0
    for _ in KEYLESS.data:
        slow.send_next_byte()
    slow.stop()
    assert slow.rejected == {"key_missing": 1}
    assert slow.complaints == []


def test_a_request_that_never_gets_a_response_is_a_complaint() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        flood = Flood(listener.getsockname()[1], [KEYLESS], lanes=2)
        flood.stop(seconds=0)
    assert flood.complaints == ["no response to no key"] * 2


def test_most_of_the_catalogue_is_in_the_load() -> None:
    assert len({case.expected[0] for case in CASES_REJECTED}) == 25
