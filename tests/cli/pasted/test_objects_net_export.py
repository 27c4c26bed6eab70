from __future__ import annotations

from typing import Any

import pytest

from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.cli.pasted.objects import read_events

LINES = [f"{name.decode()}: {value.decode()}" for name, value in VALID.headers]


def event(number: int, line: object, headers: object) -> dict[str, Any]:
    return {"source": {"id": number}, "params": {"line": line, "headers": headers}}


def test_each_request_has_the_status_of_its_own_response() -> None:
    first, second = (event(n, "GET /ws HTTP/1.1\r\n", LINES) for n in (1, 2))
    responses = [
        event(2, None, ["HTTP/1.1 404 Not Found", "Server: nginx"]),
        event(1, None, ["HTTP/1.1 101 Switching Protocols"]),
        event(1, None, ["HTTP/1.1 200 OK"]),
        event(3, None, ["HTTP/1.1 200 OK"]),
    ]
    found = read_events({"events": [first, second, *responses]})
    assert [one.server_status for one in found] == [101, 404]
    assert all(judge(one.request).accepted for one in found)
    assert found[0].request.target == b"/ws"


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"events": {}},
        {"events": [1, {}, {"params": 1}, {"params": {"headers": "a"}}]},
        {"events": [event(1, "GET /ws", LINES), event(1, None, [])]},
    ],
)
def test_what_is_no_log_has_no_request(value: object) -> None:
    assert read_events(value) == []
