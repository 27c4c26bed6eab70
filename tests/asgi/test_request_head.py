from __future__ import annotations

from tests.support.handshakes import KEY, VALID
from ws_handshake import judge
from ws_handshake.asgi.request_head import (
    facts_of,
    http_head,
    restore_host,
    websocket_head,
)
from ws_handshake.asgi.scope import (
    speaks_http1,
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


def test_a_scope_without_headers_or_path_is_read() -> None:
    assert http_head({"type": "http"}).headers == ()
    assert websocket_head({"type": "websocket"}).headers == []
    assert facts_of({"type": "http"}, http_head({}))().path is None


def test_a_websocket_scope_has_been_upgraded_by_its_server() -> None:
    request = websocket_head(VALID.websocket_scope())

    assert request.upgraded
    assert (request.method, request.scheme) == ("GET", "ws")


def test_subprotocols_that_the_server_took_out_of_the_headers_are_judged() -> None:
    offered = VALID.websocket_scope(subprotocols=["chat", "Bearer x"])
    verdict = judge(websocket_head(offered))

    assert verdict.codes == ("subprotocol_malformed",)
    assert verdict.violations[0].received == "14 characters, a space within a name"


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
