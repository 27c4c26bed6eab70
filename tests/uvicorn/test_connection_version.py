"""A request line may say HTTP/2.0: it comes past no rule, and to no WebSocket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.doors import guarded, talk
from tests.support.handshakes import SOUND, Handshake
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.doors import Door

every_door = pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol])
every_implementation = pytest.mark.parametrize("ws", ["wsproto", "websockets-sansio"])
HTTP2 = SOUND.asked(version="2.0")
KEYLESS = HTTP2.without(b"sec-websocket-key")


@every_implementation
@every_door
@pytest.mark.parametrize(
    "handshake",
    [KEYLESS, HTTP2.asked(method="POST"), KEYLESS.but(b"host", b"example.com/\xff")],
)
def test_what_is_no_attempt_over_http2_is_a_plain_request(
    handshake: Handshake, door: Door, ws: str
) -> None:
    app, echo, ear = guarded()
    answer = talk(door, app, handshake.wire(), ws=ws)

    assert (answer.status, answer.body) == (200, b"plain")
    assert [scope["type"] for scope in echo.scopes] == ["http"]
    assert ear.records == []


@every_implementation
@every_door
def test_with_a_key_it_is_an_attempt_and_is_told_why_it_is_refused(
    door: Door, ws: str
) -> None:
    app, echo, ear = guarded()
    answer = talk(door, app, HTTP2.wire(), ws=ws)

    assert (answer.status, answer.codes) == (400, ("http1_handshake_over_http2",))
    assert (echo.scopes, ear.codes) == ([], [("http1_handshake_over_http2",)])
