"""Both doors: what the application gets of a sound handshake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.doors import guarded, talk
from tests.support.handshakes import ACCEPT, KEY, SOUND
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.doors import Door
    from tests.support.handshakes import Handshake

pytestmark = [
    pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol]),
    pytest.mark.parametrize("ws", ["wsproto", "websockets-sansio"]),
]


def _scope_of(
    door: Door, ws: str, handshake: Handshake, **options: Any
) -> dict[str, Any]:
    app, echo, _ = guarded()
    assert talk(door, app, handshake.wire(), ws=ws, **options).status == 101
    (scope,) = echo.scopes
    return dict(scope)


def test_the_verdict_of_the_door_reaches_the_application(door: Door, ws: str) -> None:
    offer = SOUND.plus(b"sec-websocket-protocol", b"chat, superchat").plus(
        b"sec-websocket-extensions", b"permessage-deflate; client_max_window_bits"
    )
    verdict = _scope_of(door, ws, offer)["state"]["websocket_handshake"]
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
    door: Door, ws: str, host: bytes
) -> None:
    scope = _scope_of(door, ws, SOUND.but(b"host", host))
    assert [value for name, value in scope["headers"] if name == b"host"] == [host]
    assert scope["state"].keys() == {"websocket_handshake"}


def test_the_host_of_an_absolute_target_replaces_host(door: Door, ws: str) -> None:
    sent = SOUND.asked(target=b"http://xn--mnchen-3ya.example/ws?a=b")
    scope = _scope_of(door, ws, sent)
    assert scope["path"] == "/ws"
    assert scope["query_string"] == b"a=b"
    assert dict(scope["headers"])[b"host"] == b"xn--mnchen-3ya.example"


def test_the_root_path_stands_before_the_path(door: Door, ws: str) -> None:
    scope = _scope_of(door, ws, SOUND, root_path="/api")
    assert scope["root_path"] == "/api"
    assert scope["path"] == "/api/ws"


def test_an_absolute_target_is_read_under_a_root_path_too(door: Door, ws: str) -> None:
    sent = SOUND.asked(target=b"http://host.example/ws")
    assert _scope_of(door, ws, sent, root_path="/api")["path"] == "/api/ws"


def test_a_refusal_under_a_root_path_is_told_with_it(door: Door, ws: str) -> None:
    app, _, ear = guarded()
    broken = SOUND.without(b"upgrade")
    assert talk(door, app, broken.wire(), ws=ws, root_path="/api").status == 400
    assert [record.circumstances.path for record in ear.records] == ["/api/ws"]


def test_two_middlewares_accept_what_is_sound(door: Door, ws: str) -> None:
    inner, echo, ear = guarded()
    outer = WebSocketHandshakeMiddleware(inner, observers=[ear])
    sent = SOUND.but(b"host", b"xn--mnchen-3ya.example")
    assert talk(door, outer, sent.wire(), ws=ws).status == 101
    assert ear.codes == [()]
    assert dict(echo.scopes[0]["headers"])[b"host"] == b"xn--mnchen-3ya.example"


@pytest.mark.parametrize("broken", [SOUND.without(b"host"), SOUND.without(b"upgrade")])
def test_two_middlewares_refuse_once(door: Door, ws: str, broken: Handshake) -> None:
    inner, echo, ear = guarded()
    outer = WebSocketHandshakeMiddleware(inner, observers=[ear])
    answer = talk(door, outer, broken.wire(), ws=ws)
    assert answer.raw.count(b"HTTP/1.1 ") == 1
    assert ear.codes == [answer.codes]
    assert echo.scopes == []


@pytest.mark.parametrize(
    "sound",
    [
        SOUND.but(b"upgrade", b"h2c, websocket"),
        SOUND.plus(b"upgrade", b"h2c"),
        SOUND.plus(b"connection", b"keep-alive"),
        SOUND.but(b"connection", b"close").plus(b"connection", b"Upgrade"),
        SOUND.plus(b"content-length", b"0"),
    ],
)
def test_what_uvicorn_misreads_is_upgraded(
    door: Door, ws: str, sound: Handshake
) -> None:
    assert _scope_of(door, ws, sound)["type"] == "websocket"


@pytest.mark.parametrize("value", [b"a ", b"a\t", b"a \t ", b" a", b"\t a\t", b"a"])
@pytest.mark.parametrize("name", [b"x-first", b"x-last"])
def test_white_space_around_a_value_is_no_part_of_it(
    door: Door, ws: str, name: bytes, value: bytes
) -> None:
    lines = [(b"x-first", b"b"), *SOUND.headers, (b"x-last", b"b")]
    sent = SOUND.asked(headers=tuple(lines))
    headers = _scope_of(door, ws, sent.but(name, value))["headers"]
    assert (name, b"a") in headers
    assert len(headers) == len(sent.headers)
