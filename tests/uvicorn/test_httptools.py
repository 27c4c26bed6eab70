"""The protocol class on httptools."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import ACCEPT, VALID
from tests.support.protocols import observed_echo, shut_down, talk
from ws_handshake.core.fast_path import plainly_valid_key
from ws_handshake.uvicorn import HttpToolsProtocol
from ws_handshake.uvicorn import connection as handshake_check

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from ws_handshake import Policy, RequestHead

_PLAIN = b"GET /plain HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_BAD_KEY = VALID.but(b"sec-websocket-key", b"short")
_NO_CONNECTION = VALID.without(b"connection")
_CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
_SPACED = VALID.plus(b"x note", b"1")


def test_a_valid_handshake_is_upgraded() -> None:
    app, _, recorder = observed_echo()
    response = talk(HttpToolsProtocol, app, VALID.wire())
    assert response.status == 101
    assert dict(response.headers)[b"sec-websocket-accept"] == ACCEPT.encode()
    assert recorder.codes == [()]


def test_a_plain_request_is_the_applications() -> None:
    app, echo, recorder = observed_echo()
    assert talk(HttpToolsProtocol, app, _PLAIN, _PLAIN).raw.count(b"plain") == 2
    assert len(echo.scopes) == 2
    assert recorder.records == []


def test_a_broken_handshake_is_rejected_by_the_middleware() -> None:
    app, _, recorder = observed_echo()
    response = talk(HttpToolsProtocol, app, _BAD_KEY.wire())
    assert recorder.codes == [response.codes] == [("key_malformed",)]
    assert response.ending == "closed"


@pytest.mark.parametrize("handshake", [VALID, _BAD_KEY])
def test_the_protocol_class_judges_a_request_once(
    handshake: Handshake, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []

    def counted(request: RequestHead, policy: Policy) -> bytes | None:
        judged.append(request)
        return plainly_valid_key(request, policy)

    monkeypatch.setattr(handshake_check, "plainly_valid_key", counted)
    app, _, _ = observed_echo()
    talk(HttpToolsProtocol, app, *(bytes([byte]) for byte in handshake.wire()))
    assert len(judged) == 1


def test_an_absolute_target_is_handed_over_as_a_path() -> None:
    app, echo, _ = observed_echo()
    sent = VALID.asked(target=b"http://127.0.0.1/ws?a=b?c")
    assert talk(HttpToolsProtocol, app, sent.wire(), root_path="/api").status == 101
    assert echo.scopes[0]["path"] == "/api/ws"
    assert echo.scopes[0]["query_string"] == b"a=b?c"


def test_report_only_hands_a_broken_handshake_over_as_it_came() -> None:
    app, echo, recorder = observed_echo(report_only=True)
    sent = _BAD_KEY.plus(b"sec-websocket-protocol", b"chat")
    assert talk(HttpToolsProtocol, app, sent.wire()).status == 101
    assert recorder.codes == [("key_malformed",), ()]
    assert echo.scopes[0]["subprotocols"] == ["chat"]


def test_what_httptools_rejects_is_explained() -> None:
    app, _, recorder = observed_echo()
    response = talk(HttpToolsProtocol, app, _SPACED.wire())
    assert recorder.codes == [response.codes] == [("head_malformed",)]
    assert recorder.records[0].layer == "uvicorn"
    assert response.ending == "closed"


@pytest.mark.parametrize("before", [1, 2])
def test_what_httptools_rejects_on_a_kept_connection_is_explained(before: int) -> None:
    app, _, recorder = observed_echo()
    response = talk(HttpToolsProtocol, app, *[_PLAIN] * before, _SPACED.wire())
    assert response.raw.count(b"HTTP/1.1 ") == before + 1
    assert recorder.codes == [("head_malformed",)]


def test_a_target_that_httptools_cannot_read_is_explained() -> None:
    app, _, recorder = observed_echo()
    response = talk(HttpToolsProtocol, app, VALID.asked(target=b"*").wire())
    assert recorder.codes == [response.codes] == [("head_malformed",)]


def test_what_httptools_rejects_without_evidence_stays_uvicorns() -> None:
    app, _, recorder = observed_echo()
    response = talk(HttpToolsProtocol, app, b"GET / HTTP/1.1\r\nx note: 1\r\n\r\n")
    assert response.body == b"Invalid HTTP request received."
    assert recorder.records == []


def test_only_the_first_bytes_of_an_endless_head_are_remembered() -> None:
    app, _, recorder = observed_echo()
    endless = VALID.plus(b"cookie", b"a" * 500_000).plus(b"x note", b"1").wire()
    pieces = [endless[at : at + 60_000] for at in range(0, len(endless), 60_000)]
    response = talk(HttpToolsProtocol, app, *pieces)
    assert recorder.codes == [response.codes] == [("head_malformed",)]
    assert recorder.records[0].request.header_bytes < 140_000


@pytest.mark.parametrize(
    "behind",
    [b"\x00\xff", _PLAIN + b"\x00\xff", _PLAIN * 3 + b"\x00\xff", _SPACED.wire()],
)
def test_garbage_behind_a_rejected_handshake_does_not_swallow_the_rejection(
    behind: bytes,
) -> None:
    app, echo, recorder = observed_echo()
    response = talk(HttpToolsProtocol, app, _NO_CONNECTION.wire() + behind)
    assert recorder.codes == [response.codes] == [("connection_missing",)]
    assert response.raw.count(b"HTTP/1.1 ") == 1
    assert response.ending == "closed"
    assert echo.scopes == []


def test_a_valid_handshake_behind_a_rejected_one_is_not_served() -> None:
    app, echo, recorder = observed_echo()
    response = talk(HttpToolsProtocol, app, _NO_CONNECTION.wire() + VALID.wire())
    assert recorder.codes == [response.codes] == [("connection_missing",)]
    assert echo.scopes == []


def test_a_valid_handshake_behind_a_plain_request_is_upgraded() -> None:
    app, echo, recorder = observed_echo()
    response = talk(HttpToolsProtocol, app, _PLAIN + VALID.wire())
    assert response.raw.startswith(b"HTTP/1.1 200 OK")
    assert b"HTTP/1.1 101 Switching Protocols" in response.raw
    assert [scope["type"] for scope in echo.scopes] == ["http", "websocket"]
    assert recorder.codes == [()]


def test_garbage_in_the_body_of_a_plain_request_is_uvicorns() -> None:
    app, _, recorder = observed_echo()
    together = talk(HttpToolsProtocol, app, _CHUNKED + b"garbage\r\n")
    assert together.body == b"Invalid HTTP request received."
    apart = talk(HttpToolsProtocol, app, _CHUNKED, b"garbage\r\n" + VALID.wire())
    assert apart.raw.endswith(b"\r\n\r\nInvalid HTTP request received.")
    assert recorder.records == []


def test_a_connect_that_is_no_handshake_stays_uvicorns() -> None:
    app, _, recorder = observed_echo()
    response = talk(HttpToolsProtocol, app, b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n")
    assert response.body == b"Invalid HTTP request received."
    assert recorder.records == []


def test_an_unsupported_upgrade_is_only_logged_for_what_is_not_ours(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app, _, _ = observed_echo()
    talk(HttpToolsProtocol, app, _BAD_KEY.wire())
    assert caplog.messages == []
    h2c = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    talk(HttpToolsProtocol, app, h2c)
    assert caplog.messages == ["Unsupported upgrade request."]


@pytest.mark.parametrize("space", [b" ", b"\t", b" \t "])
def test_the_white_space_that_httptools_leaves_is_taken_off(space: bytes) -> None:
    app, echo, _ = observed_echo()
    sent = VALID.plus(b"x-note", b"a" + space).plus(b"x-last", b"b" + space)
    assert talk(HttpToolsProtocol, app, sent.wire()).status == 101
    assert echo.scopes[0]["headers"][-2:] == [(b"x-note", b"a"), (b"x-last", b"b")]


_UNFINISHED = VALID.wire().removesuffix(b"\r\n")


def test_a_head_that_never_ends_is_reported_when_the_connection_is_lost() -> None:
    app, _, recorder = observed_echo()
    assert talk(HttpToolsProtocol, app, _UNFINISHED).raw == b""
    assert recorder.codes == [("head_malformed",)]
    assert recorder.records[0].status is None


@pytest.mark.parametrize("before", [b"", _PLAIN])
def test_a_head_that_a_stopping_server_cuts_off_is_not_reported(before: bytes) -> None:
    app, _, recorder = observed_echo()
    closes = asyncio.run(shut_down(HttpToolsProtocol, app, before or _UNFINISHED))

    # uvicorn waits for the response that is under way
    assert closes is (not before)
    assert recorder.records == []
