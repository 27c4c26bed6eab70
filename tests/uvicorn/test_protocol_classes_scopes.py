"""Both protocol classes: what the application gets of a valid handshake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handshakes import ACCEPT, KEY, VALID
from tests.support.protocols import observed_echo, talk
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from tests.support.protocols import ProtocolClass

pytestmark = [
    pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol]),
    pytest.mark.parametrize("ws", ["wsproto", "websockets-sansio"]),
]


def _scope_of(
    protocol: ProtocolClass, ws: str, handshake: Handshake, **options: Any
) -> dict[str, Any]:
    app, echo, _ = observed_echo()
    assert talk(protocol, app, handshake.wire(), ws=ws, **options).status == 101
    (scope,) = echo.scopes
    return dict(scope)


def test_the_verdict_of_the_protocol_class_reaches_the_application(
    protocol: ProtocolClass, ws: str
) -> None:
    offer = VALID.plus(b"sec-websocket-protocol", b"chat, superchat").plus(
        b"sec-websocket-extensions", b"permessage-deflate; client_max_window_bits"
    )
    verdict = _scope_of(protocol, ws, offer)["state"]["websocket_handshake"]
    assert verdict.accepted
    assert verdict.key == KEY.decode()
    assert verdict.accept_token == ACCEPT
    assert verdict.subprotocols == ("chat", "superchat")
    assert [extension.name for extension in verdict.extensions] == [
        "permessage-deflate"
    ]


@pytest.mark.parametrize(
    "host",
    [
        b"xn--mnchen-3ya.example",
        b"XN--MNCHEN-3YA.example:8080",
        b"a.xn--fa-hia.example",
        b"xn--a.xn--0.example",
        b"example.com",
    ],
)
def test_an_international_host_arrives_as_it_was_sent(
    protocol: ProtocolClass, ws: str, host: bytes
) -> None:
    scope = _scope_of(protocol, ws, VALID.but(b"host", host))
    assert [value for name, value in scope["headers"] if name == b"host"] == [host]
    assert scope["state"].keys() == {"websocket_handshake"}


def test_the_host_of_an_absolute_target_replaces_host(
    protocol: ProtocolClass, ws: str
) -> None:
    sent = VALID.asked(target=b"http://xn--mnchen-3ya.example/ws?a=b")
    scope = _scope_of(protocol, ws, sent)
    assert scope["path"] == "/ws"
    assert scope["query_string"] == b"a=b"
    assert dict(scope["headers"])[b"host"] == b"xn--mnchen-3ya.example"


def test_the_root_path_stands_before_the_path(protocol: ProtocolClass, ws: str) -> None:
    scope = _scope_of(protocol, ws, VALID, root_path="/api")
    assert scope["root_path"] == "/api"
    assert scope["path"] == "/api/ws"


def test_an_absolute_target_is_read_under_a_root_path_too(
    protocol: ProtocolClass, ws: str
) -> None:
    sent = VALID.asked(target=b"http://host.example/ws")
    assert _scope_of(protocol, ws, sent, root_path="/api")["path"] == "/api/ws"


def test_a_rejection_under_a_root_path_is_reported_with_it(
    protocol: ProtocolClass, ws: str
) -> None:
    app, _, recorder = observed_echo()
    broken = VALID.without(b"upgrade")
    assert talk(protocol, app, broken.wire(), ws=ws, root_path="/api").status == 400
    assert [record.request.path for record in recorder.records] == ["/api/ws"]


def test_two_middlewares_accept_what_is_valid(protocol: ProtocolClass, ws: str) -> None:
    inner, echo, recorder = observed_echo()
    outer = WebSocketHandshakeMiddleware(inner, observers=[recorder])
    sent = VALID.but(b"host", b"xn--mnchen-3ya.example")
    assert talk(protocol, outer, sent.wire(), ws=ws).status == 101
    assert recorder.codes == [()]
    assert dict(echo.scopes[0]["headers"])[b"host"] == b"xn--mnchen-3ya.example"


@pytest.mark.parametrize("broken", [VALID.without(b"host"), VALID.without(b"upgrade")])
def test_two_middlewares_reject_once(
    protocol: ProtocolClass, ws: str, broken: Handshake
) -> None:
    inner, echo, recorder = observed_echo()
    outer = WebSocketHandshakeMiddleware(inner, observers=[recorder])
    response = talk(protocol, outer, broken.wire(), ws=ws)
    assert response.raw.count(b"HTTP/1.1 ") == 1
    assert recorder.codes == [response.codes]
    assert echo.scopes == []


@pytest.mark.parametrize(
    "valid",
    [
        VALID.but(b"upgrade", b"h2c, websocket"),
        VALID.plus(b"upgrade", b"h2c"),
        VALID.plus(b"connection", b"keep-alive"),
        VALID.but(b"connection", b"close").plus(b"connection", b"Upgrade"),
        VALID.plus(b"content-length", b"0"),
    ],
)
def test_what_uvicorn_misreads_is_upgraded(
    protocol: ProtocolClass, ws: str, valid: Handshake
) -> None:
    assert _scope_of(protocol, ws, valid)["type"] == "websocket"


@pytest.mark.parametrize("value", [b"a ", b"a\t", b"a \t ", b" a", b"\t a\t", b"a"])
@pytest.mark.parametrize("name", [b"x-first", b"x-last"])
def test_white_space_around_a_value_is_no_part_of_it(
    protocol: ProtocolClass, ws: str, name: bytes, value: bytes
) -> None:
    lines = [(b"x-first", b"b"), *VALID.headers, (b"x-last", b"b")]
    sent = VALID.asked(headers=tuple(lines))
    headers = _scope_of(protocol, ws, sent.but(name, value))["headers"]
    assert (name, b"a") in headers
    assert len(headers) == len(sent.headers)
