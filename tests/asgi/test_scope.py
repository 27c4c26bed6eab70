from __future__ import annotations

from typing import Any

import pytest

from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.asgi.scope import (
    VERDICT_KEY,
    HandedOver,
    Over,
    PassedOn,
    end,
    has_evidence,
    is_settled,
    leave_verdict,
    path_within,
    readable,
    speaks_http1,
    takes_denials,
    verdict_before,
)


def test_headers_that_can_be_read_once_are_kept_for_the_application() -> None:
    once = {"type": "http", "headers": iter([(b"upgrade", b"websocket")])}
    scope = readable(once)

    assert scope["headers"] == [(b"upgrade", b"websocket")]
    assert has_evidence(scope)
    assert scope is not once
    listed: dict[str, Any]
    for listed in ({"headers": []}, {"headers": ()}, {}):
        assert readable(listed) is listed
        assert not has_evidence(listed)


def test_what_else_can_be_read_once_is_kept_too() -> None:
    once: dict[str, Any] = {
        "headers": iter([iter((b"a", b"b"))]),
        "client": iter(("127.0.0.1", 1)),
        "server": None,
        "subprotocols": iter(["chat"]),
    }
    assert readable(once) == {
        "headers": [(b"a", b"b")],
        "client": ("127.0.0.1", 1),
        "server": None,
        "subprotocols": ("chat",),
    }


def test_names_before_and_behind_those_of_a_handshake_are_no_evidence() -> None:
    names = (b"accept", b"sec-websocket", b"upgrade-insecure-requests", b"x-a")
    assert not has_evidence({"headers": [(name, b"") for name in names]})


@pytest.mark.parametrize("headers", [[7], [(b"a",)], [("upgrade", "websocket"), None]])
def test_headers_that_are_none_are_no_evidence(headers: list[Any]) -> None:
    assert not has_evidence({"headers": headers})


@pytest.mark.parametrize("headers", [7, None])
def test_headers_that_cannot_be_read_stay_as_they_are(headers: object) -> None:
    scope = {"headers": headers}
    assert readable(scope) is scope
    assert not has_evidence(scope)


@pytest.mark.parametrize(
    ("path", "root", "within"),
    [
        *(("/ws", "", "/ws"), ("/api/ws", "/api", "/ws"), ("/api/ws", "/api/", "/ws")),
        *(("/apis", "/api", "/apis"), ("/ws", "/api", "/ws"), ("/api", "/api", "/api")),
    ],
)
def test_a_path_is_read_within_its_root_path(path: str, root: str, within: str) -> None:
    assert path_within({"path": path, "root_path": root}) == within


def test_a_verdict_is_left_where_there_is_a_place_for_it() -> None:
    verdict = judge(VALID.head())
    scope: dict[str, Any] = {}
    leave_verdict(scope, verdict)

    assert scope == {"state": {VERDICT_KEY: verdict}}
    assert verdict_before(scope) is verdict
    end(scope)
    assert scope["state"][VERDICT_KEY] == verdict
    assert verdict_before(scope) is None
    end(scope)
    full = {"state": None}
    leave_verdict(full, verdict)
    assert full == {"state": None}
    for state in (None, {}, {VERDICT_KEY: 1}, {VERDICT_KEY: Over(*verdict)}):
        assert verdict_before({"state": state}) is None


def test_a_denial_response_is_possible_where_the_server_says_so() -> None:
    assert takes_denials({"extensions": {"websocket.http.response": {}}})
    assert not takes_denials({"extensions": {}})
    assert not takes_denials({"extensions": None})
    assert not takes_denials({})


def test_http_1_is_what_connection_close_is_for() -> None:
    for version in ("1.0", "1.1", "0.9", "2.0", "3.0"):
        assert speaks_http1({"http_version": version})
    assert not speaks_http1({"http_version": "2"})
    assert not speaks_http1({"http_version": "3"})


def test_a_valid_verdict_is_settled_unless_something_is_left_to_do() -> None:
    valid, broken = (
        judge(VALID.head()),
        judge(VALID.but(b"sec-websocket-key", b"short").head()),
    )
    assert is_settled(valid)
    for left in (None, broken, HandedOver(*valid), PassedOn(*valid)):
        assert not is_settled(left)
