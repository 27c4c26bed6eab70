"""Both doors: what is answered and told, and by whom."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from tests.support.doors import CLIENT, OWN, Echo, guarded, talk
from tests.support.handshakes import SOUND
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.doors import Door
    from tests.support.handshakes import Handshake

pytestmark = pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol])

_SPACED = SOUND.plus(b"x note", b"1")
_PLAIN = SOUND.without(
    b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version"
)
_WARNING = "Unsupported upgrade request."


def test_what_the_parser_refuses_is_told_by_the_layer_uvicorn(door: Door) -> None:
    app, _, ear = guarded()
    talk(door, app, _SPACED.asked(target=b"/room?token=secret").wire())
    (record,) = ear.records
    assert record.layer == "uvicorn"
    assert record.status == 400
    assert record.enforced
    assert record.circumstances.path == "/room"
    assert record.circumstances.client_address == CLIENT
    assert record.circumstances.method == "GET"
    assert record.circumstances.scheme == "http"
    assert record.circumstances.header_count == 6


def test_what_the_middleware_refuses_is_told_by_the_layer_asgi(door: Door) -> None:
    app, _, ear = guarded()
    talk(door, app, SOUND.without(b"upgrade").wire())
    assert [record.layer for record in ear.records] == ["asgi"]


@pytest.mark.parametrize(
    "request_",
    [
        *(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"hello\r\n\r\n"),
        b"GET / HTTP/1.1\r\nHost: a\r\nx note: 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nx note: 1\r\n\r\n",
    ],
)
def test_a_refusal_without_evidence_stays_uvicorns_own(
    door: Door, request_: bytes
) -> None:
    app, _, ear = guarded()
    answer = talk(door, app, request_)
    assert answer.status == 400
    assert b"Invalid HTTP request received." in answer.raw
    assert answer.codes == ()
    assert ear.records == []


def test_the_default_headers_stand_in_the_doors_own_answer(door: Door) -> None:
    app, _, _ = guarded()
    answer = talk(door, app, _SPACED.wire(), headers=[("x-served-by", "us")])
    assert answer.headers[:3] == [
        (b"date", b"today"),
        (b"server", b"uvicorn"),
        (b"x-served-by", b"us"),
    ]


@pytest.mark.parametrize("broken", [SOUND, _SPACED])
def test_an_answer_to_head_has_the_header_and_no_body(
    door: Door, broken: Handshake
) -> None:
    app, _, _ = guarded()
    answer = talk(door, app, broken.asked(method="HEAD").wire())
    assert answer.codes[0] == "method_not_get"
    assert answer.status == 405
    assert answer.body == b""
    assert int(dict(answer.headers)[b"content-length"]) > 0


def test_docs_url_is_the_type_of_what_the_door_explains(door: Door) -> None:
    app, _, _ = guarded(docs_url="https://docs.example/reasons")
    problem = json.loads(talk(door, app, _SPACED.wire()).body)
    assert problem["type"] == "https://docs.example/reasons/head_malformed"


def test_without_a_websocket_library_uvicorn_says_so_also_of_a_broken_one(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    app, _, ear = guarded()
    answer = talk(door, app, SOUND.without(b"sec-websocket-key").wire(), ws="none")
    assert ear.codes == [answer.codes] == [("key_missing",)]
    assert caplog.messages[0] == _WARNING
    assert caplog.messages[1].startswith("No supported WebSocket library detected.")


def test_without_a_websocket_library_a_sound_one_gets_501(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    app, echo, ear = guarded()
    answer = talk(door, app, SOUND.wire(), ws="none")
    assert answer.status == 501
    assert ear.codes == [answer.codes] == [("server_did_not_upgrade",)]
    assert echo.scopes == []
    assert caplog.messages[0] == _WARNING
    assert caplog.messages[1].startswith("No supported WebSocket library detected.")


@pytest.mark.parametrize(
    "broken",
    [
        SOUND.but(b"upgrade", b"websocket/13"),
        SOUND.without(b"sec-websocket-key"),
        SOUND.but(b"upgrade", b"h2c"),
        SOUND.asked(method="POST"),
    ],
)
def test_no_unsupported_upgrade_is_logged_for_what_we_answer(
    door: Door, broken: Handshake, caplog: pytest.LogCaptureFixture
) -> None:
    app, _, ear = guarded()
    assert talk(door, app, broken.wire()).codes == ear.codes[0]
    assert _WARNING not in caplog.messages


def test_an_unsupported_upgrade_is_logged_for_h2c_as_ever(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    app, echo, ear = guarded()
    h2c = _PLAIN.plus(b"connection", b"Upgrade").plus(b"upgrade", b"h2c")
    assert talk(door, app, h2c.wire()).status == 200
    assert caplog.messages.count(_WARNING) == 1
    assert [scope["type"] for scope in echo.scopes] == ["http"]
    assert ear.records == []


def test_a_door_without_a_middleware_leaves_what_is_broken_to_uvicorn(
    door: Door,
) -> None:
    echo, bare = Echo(), Echo()
    sent = SOUND.but(b"sec-websocket-key", b"short").wire()
    assert talk(door, echo, sent) == talk(OWN[door], bare, sent)
    assert echo.scopes == bare.scopes
    assert [scope["type"] for scope in echo.scopes] == ["websocket"]


def test_a_door_without_a_middleware_logs_what_uvicorn_lacks(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    for each in (door, OWN[door]):
        talk(each, Echo(), SOUND.wire(), ws="none")
    mine, own = caplog.messages[:2], caplog.messages[2:]
    assert mine == own
    assert mine[1].startswith("No supported WebSocket library detected.")


def test_a_door_without_a_middleware_upgrades_what_is_sound(door: Door) -> None:
    echo = Echo()
    assert talk(door, echo, SOUND.wire()).status == 101
    assert [scope["type"] for scope in echo.scopes] == ["websocket"]


def test_a_door_without_a_middleware_explains_what_the_parser_refused(
    door: Door,
) -> None:
    with capture_logs() as events:
        answer = talk(door, Echo(), _SPACED.wire())
    assert answer.codes == ("head_malformed",)
    assert [event["websocket.handshake.violations"] for event in events] == [
        ["head_malformed"]
    ]


def test_a_door_without_a_middleware_lets_garbage_end_a_request_as_ever(
    door: Door,
) -> None:
    chunked = SOUND.without(b"connection").plus(b"transfer-encoding", b"chunked")
    answer = talk(door, Echo(), chunked.asked(body=b"garbage\r\n").wire())
    assert b"Invalid HTTP request received." in answer.raw
