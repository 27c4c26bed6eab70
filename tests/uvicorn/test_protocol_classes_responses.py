"""Both protocol classes: what gets a response, who reports it, and how."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from tests.support.handshakes import VALID
from tests.support.protocols import CLIENT, OWN, Echo, observed_echo, talk
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from tests.support.protocols import ProtocolClass

pytestmark = pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])

_SPACED = VALID.plus(b"x note", b"1")
_PLAIN = VALID.without(
    b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version"
)
_WARNING = "Unsupported upgrade request."


def test_what_the_parser_rejects_is_reported_by_the_layer_uvicorn(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo()
    talk(protocol, app, _SPACED.asked(target=b"/room?token=secret").wire())
    (record,) = recorder.records
    assert record.layer == "uvicorn"
    assert record.status == 400
    assert record.enforced
    assert record.request.path == "/room"
    assert record.request.client_address == CLIENT
    assert record.request.method == "GET"
    assert record.request.scheme == "http"
    assert record.request.header_count == 6


def test_what_the_middleware_rejects_is_reported_by_the_layer_asgi(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo()
    talk(protocol, app, VALID.without(b"upgrade").wire())
    assert [record.layer for record in recorder.records] == ["asgi"]


@pytest.mark.parametrize(
    "request_",
    [
        *(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"hello\r\n\r\n"),
        b"GET / HTTP/1.1\r\nHost: a\r\nx note: 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nx note: 1\r\n\r\n",
    ],
)
def test_a_rejection_without_evidence_stays_uvicorns_own(
    protocol: ProtocolClass, request_: bytes
) -> None:
    app, _, recorder = observed_echo()
    response = talk(protocol, app, request_)
    assert response.status == 400
    assert b"Invalid HTTP request received." in response.raw
    assert response.codes == ()
    assert recorder.records == []


def test_the_default_headers_stand_in_the_protocol_classes_own_response(
    protocol: ProtocolClass,
) -> None:
    app, _, _ = observed_echo()
    response = talk(protocol, app, _SPACED.wire(), headers=[("x-served-by", "us")])
    assert response.headers[:3] == [
        (b"date", b"today"),
        (b"server", b"uvicorn"),
        (b"x-served-by", b"us"),
    ]


@pytest.mark.parametrize("broken", [VALID, _SPACED])
def test_a_response_to_head_has_the_header_and_no_body(
    protocol: ProtocolClass, broken: Handshake
) -> None:
    app, _, _ = observed_echo()
    response = talk(protocol, app, broken.asked(method="HEAD").wire())
    assert response.codes[0] == "method_not_get"
    assert response.status == 405
    assert response.body == b""
    assert int(dict(response.headers)[b"content-length"]) > 0


def test_docs_url_is_the_type_of_what_the_protocol_class_explains(
    protocol: ProtocolClass,
) -> None:
    app, _, _ = observed_echo(docs_url="https://docs.example/reasons")
    problem = json.loads(talk(protocol, app, _SPACED.wire()).body)
    assert problem["type"] == "https://docs.example/reasons/head_malformed"


def test_without_a_websocket_library_uvicorn_logs_that_of_a_broken_one_too(
    protocol: ProtocolClass, caplog: pytest.LogCaptureFixture
) -> None:
    app, _, recorder = observed_echo()
    response = talk(
        protocol, app, VALID.without(b"sec-websocket-key").wire(), ws="none"
    )
    assert recorder.codes == [response.codes] == [("key_missing",)]
    assert caplog.messages[0] == _WARNING
    assert caplog.messages[1].startswith("No supported WebSocket library detected.")


def test_without_a_websocket_library_a_valid_one_gets_501(
    protocol: ProtocolClass, caplog: pytest.LogCaptureFixture
) -> None:
    app, echo, recorder = observed_echo()
    response = talk(protocol, app, VALID.wire(), ws="none")
    assert response.status == 501
    assert recorder.codes == [response.codes] == [("server_did_not_upgrade",)]
    assert echo.scopes == []
    assert caplog.messages[0] == _WARNING
    assert caplog.messages[1].startswith("No supported WebSocket library detected.")


@pytest.mark.parametrize(
    "broken",
    [
        VALID.but(b"upgrade", b"websocket/13"),
        VALID.without(b"sec-websocket-key"),
        VALID.but(b"upgrade", b"h2c"),
        VALID.asked(method="POST"),
    ],
)
def test_no_unsupported_upgrade_is_logged_for_what_we_reject(
    protocol: ProtocolClass, broken: Handshake, caplog: pytest.LogCaptureFixture
) -> None:
    app, _, recorder = observed_echo()
    assert talk(protocol, app, broken.wire()).codes == recorder.codes[0]
    assert _WARNING not in caplog.messages


def test_an_unsupported_upgrade_is_logged_for_h2c(
    protocol: ProtocolClass, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    app, echo, recorder = observed_echo()
    h2c = _PLAIN.plus(b"connection", b"Upgrade").plus(b"upgrade", b"h2c")
    assert talk(protocol, app, h2c.wire()).status == 200
    assert caplog.messages.count(_WARNING) == 1
    assert [scope["type"] for scope in echo.scopes] == ["http"]
    assert recorder.records == []


def test_a_protocol_class_without_a_middleware_leaves_what_is_broken_to_uvicorn(
    protocol: ProtocolClass,
) -> None:
    echo, bare = Echo(), Echo()
    sent = VALID.but(b"sec-websocket-key", b"short").wire()
    assert talk(protocol, echo, sent) == talk(OWN[protocol], bare, sent)
    assert echo.scopes == bare.scopes
    assert [scope["type"] for scope in echo.scopes] == ["websocket"]


def test_a_protocol_class_without_a_middleware_logs_what_uvicorn_lacks(
    protocol: ProtocolClass, caplog: pytest.LogCaptureFixture
) -> None:
    for each in (protocol, OWN[protocol]):
        talk(each, Echo(), VALID.wire(), ws="none")
    mine, own = caplog.messages[:2], caplog.messages[2:]
    assert mine == own
    assert mine[1].startswith("No supported WebSocket library detected.")


def test_a_protocol_class_without_a_middleware_upgrades_what_is_valid(
    protocol: ProtocolClass,
) -> None:
    echo = Echo()
    assert talk(protocol, echo, VALID.wire()).status == 101
    assert [scope["type"] for scope in echo.scopes] == ["websocket"]


def test_a_protocol_class_without_a_middleware_explains_what_the_parser_rejected(
    protocol: ProtocolClass,
) -> None:
    with capture_logs() as events:
        response = talk(protocol, Echo(), _SPACED.wire())
    assert response.codes == ("head_malformed",)
    assert [event["websocket.handshake.violations"] for event in events] == [
        ["head_malformed"]
    ]


def test_a_protocol_class_without_a_middleware_lets_garbage_end_a_request(
    protocol: ProtocolClass,
) -> None:
    chunked = VALID.without(b"connection").plus(b"transfer-encoding", b"chunked")
    response = talk(protocol, Echo(), chunked.asked(body=b"garbage\r\n").wire())
    assert b"Invalid HTTP request received." in response.raw
