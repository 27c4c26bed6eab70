"""Both protocol classes under report_only: all pass, and each is reported once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from tests.support.handshakes import VALID
from tests.support.protocols import CLIENT, OWN, Echo, observed_echo, talk
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from tests.support.protocols import ProtocolClass

pytestmark = pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])

_BAD_KEY = VALID.but(b"sec-websocket-key", b"short")
_SPACED = VALID.plus(b"x note", b"1")
_CHUNKED = VALID.without(b"connection").plus(b"transfer-encoding", b"chunked")
_WARNING = "Unsupported upgrade request."


def test_what_uvicorn_would_upgrade_is_upgraded_and_reported_once(
    protocol: ProtocolClass,
) -> None:
    app, echo, recorder = observed_echo(report_only=True)
    assert talk(protocol, app, _BAD_KEY.wire()).status == 101
    rejected, accepted = recorder.records
    assert rejected.rejection is not None
    assert rejected.rejection.codes == ("key_malformed",)
    assert rejected.outcome == "rejected"
    assert rejected.layer == "uvicorn"
    assert not rejected.enforced
    assert rejected.request.client_address == CLIENT
    assert accepted.outcome == "accepted"
    assert [scope["type"] for scope in echo.scopes] == ["websocket"]


def test_what_was_only_reported_has_its_cause_and_the_address_of_its_page(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo(
        report_only=True, docs_url="https://example.com/reasons"
    )
    assert talk(protocol, app, VALID.asked(version="1.0").wire()).status == 101
    rejection = recorder.records[0].rejection
    assert rejection is not None
    assert [cause.code for cause in rejection.causes] == ["proxy_speaks_http10"]
    assert rejection.docs_url == "https://example.com/reasons"


def test_the_application_sees_the_verdict_that_was_only_reported(
    protocol: ProtocolClass,
) -> None:
    app, echo, _ = observed_echo(report_only=True)
    talk(protocol, app, _BAD_KEY.wire())
    verdict = echo.scopes[0]["state"]["websocket_handshake"]
    assert verdict.codes == ("key_malformed",)


def test_what_the_implementation_rejects_is_reported_once(
    protocol: ProtocolClass,
) -> None:
    app, echo, recorder = observed_echo(report_only=True)
    response = talk(protocol, app, _BAD_KEY.wire(), ws="websockets-sansio")
    assert response.status == 400
    assert response.codes == ()
    assert recorder.codes == [("key_malformed",)]
    assert echo.scopes == []


@pytest.mark.parametrize(
    ("broken", "codes"),
    [
        (VALID.without(b"upgrade"), ("upgrade_missing",)),
        (VALID.without(b"connection"), ("connection_missing",)),
        (VALID.but(b"upgrade", b"websocket/13"), ("upgrade_not_websocket",)),
    ],
)
def test_what_uvicorn_would_not_upgrade_reaches_the_application_and_is_reported_once(
    protocol: ProtocolClass, broken: Handshake, codes: tuple[str, ...]
) -> None:
    app, echo, recorder = observed_echo(report_only=True)
    assert talk(protocol, app, broken.wire()).body == b"plain"
    assert recorder.codes == [codes]
    assert not recorder.records[0].enforced
    assert [scope["type"] for scope in echo.scopes] == ["http"]


def test_what_the_parser_rejects_is_reported_and_gets_uvicorns_response(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo(report_only=True)
    response = talk(protocol, app, _SPACED.wire())
    bare = talk(OWN[protocol], Echo(), _SPACED.wire())
    assert response == bare
    assert b"Invalid HTTP request received." in response.raw
    assert recorder.codes == [("head_malformed",)]
    assert not recorder.records[0].enforced


def test_a_valid_one_is_upgraded_and_reported_as_accepted(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo(report_only=True)
    assert (
        talk(protocol, app, VALID.but(b"upgrade", b"h2c, websocket").wire()).status
        == 101
    )
    assert [record.outcome for record in recorder.records] == ["accepted"]


def test_without_a_library_a_valid_one_reaches_the_application_and_is_reported_once(
    protocol: ProtocolClass, caplog: pytest.LogCaptureFixture
) -> None:
    app, _, recorder = observed_echo(report_only=True)
    assert talk(protocol, app, VALID.wire(), ws="none").body == b"plain"
    assert recorder.codes == [("server_did_not_upgrade",)]
    assert caplog.messages.count(_WARNING) == 1


def test_an_unsupported_upgrade_is_logged(
    protocol: ProtocolClass, caplog: pytest.LogCaptureFixture
) -> None:
    app, _, recorder = observed_echo(report_only=True)
    talk(protocol, app, VALID.but(b"upgrade", b"websocket/13").wire())
    assert recorder.codes == [("upgrade_not_websocket",)]
    assert caplog.messages.count(_WARNING) == 1


def test_garbage_in_a_body_gets_its_response_from_uvicorn(
    protocol: ProtocolClass,
) -> None:
    app, _, _ = observed_echo(report_only=True)
    response = talk(protocol, app, _CHUNKED.asked(body=b"garbage\r\n").wire())
    assert b"Invalid HTTP request received." in response.raw


def test_the_log_marks_what_was_only_reported(protocol: ProtocolClass) -> None:
    with capture_logs() as events:
        talk(
            protocol,
            WebSocketHandshakeMiddleware(Echo(), report_only=True),
            _SPACED.wire(),
        )
    (event,) = [e for e in events if e["event"] == "websocket.handshake.rejected"]
    assert event["websocket.handshake.report_only"] is True
    assert event["websocket.handshake.layer"] == "uvicorn"
