"""Both doors under report_only: everything passes as ever, and is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from tests.support.doors import CLIENT, OWN, Echo, guarded, talk
from tests.support.handshakes import SOUND
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.doors import Door
    from tests.support.handshakes import Handshake

pytestmark = pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol])

_BAD_KEY = SOUND.but(b"sec-websocket-key", b"short")
_SPACED = SOUND.plus(b"x note", b"1")
_CHUNKED = SOUND.without(b"connection").plus(b"transfer-encoding", b"chunked")
_WARNING = "Unsupported upgrade request."


def test_what_uvicorn_would_upgrade_is_upgraded_and_told_once(door: Door) -> None:
    app, echo, ear = guarded(report_only=True)
    assert talk(door, app, _BAD_KEY.wire()).status == 101
    rejected, accepted = ear.records
    assert rejected.refusal is not None
    assert rejected.refusal.codes == ("key_malformed",)
    assert rejected.outcome == "rejected"
    assert rejected.layer == "uvicorn"
    assert not rejected.enforced
    assert rejected.circumstances.client_address == CLIENT
    assert accepted.outcome == "accepted"
    assert [scope["type"] for scope in echo.scopes] == ["websocket"]


def test_what_was_only_told_has_its_cause_and_the_address_of_its_page(
    door: Door,
) -> None:
    app, _, ear = guarded(report_only=True, docs_url="https://example.com/reasons")
    assert talk(door, app, SOUND.asked(version="1.0").wire()).status == 101
    refusal = ear.records[0].refusal
    assert refusal is not None
    assert [cause.code for cause in refusal.causes] == ["proxy_speaks_http10"]
    assert refusal.docs_url == "https://example.com/reasons"


def test_the_application_sees_the_verdict_that_was_only_told(door: Door) -> None:
    app, echo, _ = guarded(report_only=True)
    talk(door, app, _BAD_KEY.wire())
    verdict = echo.scopes[0]["state"]["websocket_handshake"]
    assert verdict.codes == ("key_malformed",)


def test_what_the_implementation_refuses_is_told_once(door: Door) -> None:
    app, echo, ear = guarded(report_only=True)
    answer = talk(door, app, _BAD_KEY.wire(), ws="websockets-sansio")
    assert answer.status == 400
    assert answer.codes == ()
    assert ear.codes == [("key_malformed",)]
    assert echo.scopes == []


@pytest.mark.parametrize(
    ("broken", "codes"),
    [
        (SOUND.without(b"upgrade"), ("upgrade_missing",)),
        (SOUND.without(b"connection"), ("connection_missing",)),
        (SOUND.but(b"upgrade", b"websocket/13"), ("upgrade_not_websocket",)),
    ],
)
def test_what_uvicorn_would_not_upgrade_reaches_the_application_and_is_told_once(
    door: Door, broken: Handshake, codes: tuple[str, ...]
) -> None:
    app, echo, ear = guarded(report_only=True)
    assert talk(door, app, broken.wire()).body == b"plain"
    assert ear.codes == [codes]
    assert not ear.records[0].enforced
    assert [scope["type"] for scope in echo.scopes] == ["http"]


def test_what_the_parser_refuses_is_told_and_answered_by_uvicorn(door: Door) -> None:
    app, _, ear = guarded(report_only=True)
    answer = talk(door, app, _SPACED.wire())
    bare = talk(OWN[door], Echo(), _SPACED.wire())
    assert answer == bare
    assert b"Invalid HTTP request received." in answer.raw
    assert ear.codes == [("head_malformed",)]
    assert not ear.records[0].enforced


def test_a_sound_one_is_upgraded_and_told_as_accepted(door: Door) -> None:
    app, _, ear = guarded(report_only=True)
    assert (
        talk(door, app, SOUND.but(b"upgrade", b"h2c, websocket").wire()).status == 101
    )
    assert [record.outcome for record in ear.records] == ["accepted"]


def test_without_a_library_a_sound_one_reaches_the_application_and_is_told_once(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    app, _, ear = guarded(report_only=True)
    assert talk(door, app, SOUND.wire(), ws="none").body == b"plain"
    assert ear.codes == [("server_did_not_upgrade",)]
    assert caplog.messages.count(_WARNING) == 1


def test_an_unsupported_upgrade_is_logged_as_ever(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    app, _, ear = guarded(report_only=True)
    talk(door, app, SOUND.but(b"upgrade", b"websocket/13").wire())
    assert ear.codes == [("upgrade_not_websocket",)]
    assert caplog.messages.count(_WARNING) == 1


def test_garbage_in_a_body_is_answered_by_uvicorn_as_ever(door: Door) -> None:
    app, _, _ = guarded(report_only=True)
    answer = talk(door, app, _CHUNKED.asked(body=b"garbage\r\n").wire())
    assert b"Invalid HTTP request received." in answer.raw


def test_the_log_marks_what_was_only_told(door: Door) -> None:
    with capture_logs() as events:
        talk(
            door, WebSocketHandshakeMiddleware(Echo(), report_only=True), _SPACED.wire()
        )
    (event,) = [e for e in events if e["event"] == "websocket.handshake.rejected"]
    assert event["websocket.handshake.report_only"] is True
    assert event["websocket.handshake.layer"] == "uvicorn"
