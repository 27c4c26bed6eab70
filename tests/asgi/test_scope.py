from __future__ import annotations

from typing import Any

import pytest

from tests.support.handshakes import KEY, VALID
from ws_handshake import judge
from ws_handshake.asgi.scope import (
    VERDICT_KEY,
    Over,
    end,
    facts_of,
    has_evidence,
    http_head,
    leave_verdict,
    path_within,
    readable,
    restore_host,
    speaks_http1,
    takes_denials,
    verdict_before,
    websocket_head,
)


def test_an_http_scope_gives_its_request_line_and_headers() -> None:
    request = http_head(VALID.asked(method="POST", target=b"/ws?a=b").http_scope())

    assert (request.method, request.http_version) == ("POST", "1.1")
    assert (request.target, request.scheme) == (b"/ws?a=b", "http")
    assert request.headers == list(VALID.headers)
    assert not request.upgraded


def test_a_scope_with_the_least_that_asgi_demands_is_enough() -> None:
    request = http_head({"method": "GET", "path": "/\u00fc", "headers": []})

    assert request.target == b"/\xc3\xbc"
    assert (request.http_version, request.scheme) == ("1.1", "")


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


def test_a_scope_without_headers_or_path_is_read() -> None:
    assert http_head({"type": "http"}).headers == ()
    assert websocket_head({"type": "websocket"}).headers == []
    assert facts_of({"type": "http"}, http_head({}))().path is None


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


def test_a_websocket_scope_has_been_upgraded_by_its_server() -> None:
    request = websocket_head(VALID.websocket_scope())

    assert request.upgraded
    assert (request.method, request.scheme) == ("GET", "ws")


def test_subprotocols_that_the_server_took_out_of_the_headers_are_judged() -> None:
    offered = VALID.websocket_scope(subprotocols=["chat", "Bearer x"])
    verdict = judge(websocket_head(offered))

    assert verdict.codes == ("subprotocol_malformed",)
    assert verdict.violations[0].received == "14 characters"


def test_subprotocols_that_stand_in_the_headers_are_not_added_again() -> None:
    offer = VALID.plus(b"sec-websocket-protocol", b"chat")
    request = websocket_head(offer.websocket_scope(subprotocols=["chat"]))

    assert request.values(b"sec-websocket-protocol") == [b"chat"]


def test_a_scope_without_client_or_version_is_read() -> None:
    scope = VALID.websocket_scope(client=None)
    del scope["http_version"], scope["scheme"], scope["subprotocols"]
    reported = facts_of(scope, websocket_head(scope))()

    assert judge(websocket_head(scope)).accepted
    assert (reported.client_address, reported.http_version, reported.scheme) == (
        None,
        None,
        None,
    )
    assert speaks_http1(scope)


def test_the_host_is_put_back_where_it_stood() -> None:
    scope = VALID.websocket_scope()
    restore_host(scope, b"xn--fa-hia.example")

    assert scope["headers"][0] == (b"host", b"xn--fa-hia.example")
    assert scope["headers"][1:] == list(VALID.headers[1:])


def test_what_is_reported_of_a_request_is_measured() -> None:
    request = (
        VALID.asked(target=b"/ws/7?token=secret")
        .but(b"host", b"chat.example.com:8000")
        .plus(b"user-agent", b"caf\xe9\x1b[31m")
        .plus(b"sec-websocket-protocol", b"a, b")
        .plus(b"sec-websocket-extensions", b"permessage-deflate")
    )
    reported = facts_of(request.http_scope(), request.head())()

    assert reported.method == "GET"
    assert reported.path == "/ws/7"
    assert reported.client_address == "203.0.113.9"
    assert reported.server_address == "chat.example.com"
    assert reported.user_agent == r"caf\xe9\x1b[31m"
    assert reported.key_length == len(KEY)
    assert (reported.subprotocol_count, reported.extension_count) == (2, 1)
    assert reported.header_count == 8
    assert reported.header_bytes == sum(len(n) + len(v) for n, v in request.headers)


def test_the_method_of_a_websocket_scope_is_not_made_up() -> None:
    scope = VALID.websocket_scope()

    assert facts_of(scope, websocket_head(scope))().method is None


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
