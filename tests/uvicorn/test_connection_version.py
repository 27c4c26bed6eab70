"""A request line may say HTTP/2.0: it comes past no rule, and to no WebSocket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import VALID, Handshake
from tests.support.protocols import observed_echo, talk
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.protocols import ProtocolClass

every_protocol = pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])
every_implementation = pytest.mark.parametrize("ws", ["wsproto", "websockets-sansio"])
HTTP2 = VALID.asked(version="2.0")
KEYLESS = HTTP2.without(b"sec-websocket-key")


@every_implementation
@every_protocol
@pytest.mark.parametrize(
    "handshake",
    [KEYLESS, HTTP2.asked(method="POST"), KEYLESS.but(b"host", b"example.com/\xff")],
)
def test_what_is_no_attempt_over_http2_is_a_plain_request(
    handshake: Handshake, protocol: ProtocolClass, ws: str
) -> None:
    app, echo, recorder = observed_echo()
    response = talk(protocol, app, handshake.wire(), ws=ws)

    assert (response.status, response.body) == (200, b"plain")
    assert [scope["type"] for scope in echo.scopes] == ["http"]
    assert recorder.records == []


@every_implementation
@every_protocol
def test_with_a_key_it_is_an_attempt_and_is_reported_why_it_is_rejected(
    protocol: ProtocolClass, ws: str
) -> None:
    app, echo, recorder = observed_echo()
    response = talk(protocol, app, HTTP2.wire(), ws=ws)

    assert (response.status, response.codes) == (400, ("http1_handshake_over_http2",))
    assert (echo.scopes, recorder.codes) == ([], [("http1_handshake_over_http2",)])
