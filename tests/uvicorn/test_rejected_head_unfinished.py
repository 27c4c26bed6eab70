"""A request head that never ended is one event, when its connection is lost."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest
import structlog

from tests.support.asgi import RecordingObserver
from tests.support.canaries import leaks
from tests.support.handshakes import VALID
from tests.support.inside import running
from tests.support.protocols import Echo, talk
from tests.support.waiting import wait_until
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.structlog import StructlogObserver
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from typing import Any

    from tests.support.protocols import ProtocolClass
    from ws_handshake.outcome.record import HandshakeRecord

pytestmark = pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])

UNFINISHED = VALID.asked(target=b"/ws?token=secret").wire().removesuffix(b"\r\n")
PAGE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"


def recorded(
    protocol: ProtocolClass, *data: bytes, **options: Any
) -> list[HandshakeRecord]:
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(Echo(), observers=[recorder], **options)
    talk(protocol, app, *data)
    return recorder.records


@pytest.mark.parametrize("report_only", [True, False])
@pytest.mark.parametrize(
    "data",
    [
        [UNFINISHED],
        [UNFINISHED + b"Sec-WebSocket-Pro"],
        [UNFINISHED[:10], UNFINISHED[10:70], UNFINISHED[70:]],
        [PAGE, UNFINISHED],
        [PAGE + UNFINISHED],
        [POST, UNFINISHED],
    ],
)
def test_a_handshake_without_an_empty_line_is_one_event(
    protocol: ProtocolClass, data: list[bytes], *, report_only: bool
) -> None:
    (record,) = recorded(protocol, *data, report_only=report_only)

    assert (record.outcome, record.layer, record.status) == (
        "rejected",
        "uvicorn",
        None,
    )
    assert record.enforced
    assert record.rejection is not None
    (violation,) = record.rejection.violations
    assert violation.reason.code == "head_malformed"
    assert violation.received == "header lines without an empty line at the end"
    assert violation.fix == "End the request head with an empty line: CRLF CRLF."
    assert (record.request.path, record.request.client_address) == (
        *("/ws", "203.0.113.9"),
    )


@pytest.mark.parametrize(
    "data",
    [
        [b"\r\n"],
        [PAGE],
        [PAGE.removesuffix(b"\r\n")],
        [PAGE, PAGE[:20]],
        [POST.removesuffix(b"dy")],
        # what has not come whole shows nothing
        [b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket"],
        [b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n"],
    ],
)
def test_a_plain_request_that_does_not_end_is_none(
    protocol: ProtocolClass, data: list[bytes]
) -> None:
    assert recorded(protocol, *data) == []


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (VALID.wire(), "accepted"),
        (VALID.without(b"sec-websocket-key").wire(), "rejected"),
        (VALID.plus(b"x y", b"1").wire(), "rejected"),
    ],
)
def test_a_handshake_whose_head_ended_is_reported_once(
    protocol: ProtocolClass, data: bytes, outcome: str
) -> None:
    assert [record.outcome for record in recorded(protocol, data)] == [outcome]


def test_a_parser_that_rejected_what_is_no_handshake_leaves_nothing_behind(
    protocol: ProtocolClass,
) -> None:
    assert recorded(protocol, b"GET / HTTP/1.1\r\nx y: 1\r\n\r\n", UNFINISHED) == []


def test_on_a_socket_the_event_is_in_the_log_without_a_status(
    protocol: ProtocolClass,
) -> None:
    capture = structlog.testing.LogCapture()
    observer = StructlogObserver(structlog.wrap_logger(None, processors=[capture]))
    app = WebSocketHandshakeMiddleware(Echo(), observers=[observer])
    head = UNFINISHED + b"Cookie: session=cAnArY-7f3d9b-sEcReT\r\nX-Note: a"
    name = f"ws_handshake.uvicorn:{protocol.__name__}"
    with running(app, http=name) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(head)
            client.shutdown(socket.SHUT_WR)
            assert client.recv(1) == b""
        wait_until(lambda: bool(capture.entries), lambda: "no event")

    (event,) = capture.entries
    assert (event["log_level"], event["error.type"]) == ("warning", "head_malformed")
    assert "http.response.status_code" not in event
    assert event["url.path"] == "/ws"
    assert leaks(json.dumps(event), b"cAnArY-7f3d9b-sEcReT") == []
