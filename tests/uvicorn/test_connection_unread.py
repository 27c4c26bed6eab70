"""What a door says of a head whose beginning cannot be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.doors import Echo, talk
from tests.support.handshakes import SOUND
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.structlog import Journal
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.doors import Door
    from tests.support.wires import Answer

every_door = pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol])
SECRET = "S3CR3T7x9"
LINE = b"PROXY TCP4 192.0.2.1 192.0.2.11 56324 443\r\n"
HEADER = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c" + bytes(12)


def said(door: Door, *data: bytes) -> tuple[Answer, list[dict[str, object]], str]:
    """Return the answer, the events of the log, and all of it as text."""
    capture = structlog.testing.LogCapture()
    journal = Journal(structlog.wrap_logger(None, processors=[capture]))
    app = WebSocketHandshakeMiddleware(Echo(), observers=[journal])
    answer = talk(door, app, *data)
    events = [dict(event) for event in capture.entries]
    return answer, events, repr(answer.raw) + json.dumps(events)


@pytest.mark.parametrize(
    ("before", "named"),
    [
        (LINE, "a PROXY protocol line before the request line"),
        (HEADER, "a PROXY protocol header before the request line"),
    ],
)
@every_door
def test_the_proxy_protocol_is_reported_as_what_it_is(
    door: Door, before: bytes, named: str
) -> None:
    answer, events, text = said(door, before + SOUND.asked(target=b"/ws?a=b").wire())

    assert (answer.status, answer.codes) == (400, ("head_malformed",))
    assert answer.ending == "closed"
    assert json.loads(answer.body)["violations"][0]["received"] == named
    (event,) = events
    assert event["error.type"] == "head_malformed"
    assert event["websocket.handshake.received"] == named
    assert (event["url.path"], event["http.request.method"]) == ("/ws", "GET")
    assert "192.0.2." not in text


@every_door
def test_behind_the_proxy_protocol_all_other_faults_are_named_too(door: Door) -> None:
    broken = SOUND.asked(method="POST").without(b"sec-websocket-key")
    answer, _, _ = said(door, LINE + broken.wire())

    assert answer.codes == ("method_not_get", "key_missing", "head_malformed")


@every_door
def test_a_proxy_protocol_before_a_plain_request_is_none_of_ours(door: Door) -> None:
    answer, events, _ = said(door, LINE + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")

    assert (answer.status, answer.codes, events) == (400, (), [])


@every_door
def test_of_a_method_that_cannot_be_read_it_is_not_said_that_it_is_no_get(
    door: Door,
) -> None:
    answer, events, _ = said(door, b"GET\t/ws\tHTTP/1.1\r\n" + _fields())

    assert (answer.status, answer.codes) == (400, ("head_malformed",))
    assert events[0]["websocket.handshake.received"] == "the request line"
    assert "url.path" not in events[0]


def _fields(version: bytes = b"13") -> bytes:
    bent = SOUND.but(b"sec-websocket-version", version)
    return bent.wire().partition(b"\r\n")[2]


@pytest.mark.parametrize(
    "first",
    [
        "user=anna&password={}GET /ws HTTP/1.1",
        "password {} GET /ws HTTP/1.1",
        "a /{} GET /ws HTTP/1.1",
        "{}GET /ws HTTP/1.1",
        "/ws?token={} HTTP/1.1",
        "GET\t/ws?token={}\tHTTP/1.1",
        "GET\xa0/ws?token={} HTTP/1.1",
        "GET {}:pw@h:9443/ws HTTP/1.1",
        "GET http:/u:{}@h HTTP/1.1",
        "GET http:%2F%2Fu:{}@h HTTP/1.1",
        "GET /ws%253Ftoken={} HTTP/1.1",
        "GET session={} HTTP/1.1",
        "{} /ws HTTP/1.1",
        "Cookie: session={}\r\nGET /ws HTTP/1.1",
        "Cookie: /{}\r\nGET /ws HTTP/1.1",
        "PROXY TCP4 {} 1.2.3.4 1 2\r\nGET /ws HTTP/1.1",
        "GET /ws HTTP/1.1\r\nUpgrade: h2c\r\n Cookie: session={}",
        "GET /ws HTTP/1.1\r\nConnection: close\r\n\tAuthorization: Bearer {}",
        "GET /ws HTTP/1.1\r\nSec-WebSocket-Version: 8\r\n Cookie: session={}",
        "GET /ws HTTP/1.1\r\nUser-Agent: curl/8.5\r\n Cookie: session={}",
        "GET /ws HTTP/1.1\r\nOrigin: https://a.example\r\n Cookie: session={}",
        "GET /ws HTTP/1.1\r\nX y: 1\r\nUser-Agent: curl/8.5\r\n {}",
    ],
)
@every_door
def test_a_secret_in_front_of_the_fields_comes_out_nowhere(
    door: Door, first: str
) -> None:
    data = first.format(SECRET).encode("latin-1") + b"\r\n" + _fields(b"8")
    answer, events, text = said(door, data)

    assert (answer.status or 0) >= 400
    assert events
    assert SECRET.lower() not in text.lower()


POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
BODY = f"user=anna&password={SECRET}".encode()


@pytest.mark.parametrize(
    "spoilt", [b"GET\t/ws HTTP/1.1\r\n", b"GET /ws HTTP/1.1\r\nX y: 1\r\n"]
)
@pytest.mark.parametrize("cut", range(len(BODY) + 1))
@every_door
def test_of_the_body_of_the_request_before_nothing_is_told(
    door: Door, cut: int, spoilt: bytes
) -> None:
    pieces = POST % len(BODY) + BODY[:cut], BODY[cut:] + spoilt + _fields()
    answer, _, text = said(door, *pieces)

    assert answer.raw.count(b"HTTP/1.1 ") == 2
    assert SECRET.lower() not in text.lower()


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([H11Protocol, HttpToolsProtocol]),
    st.lists(
        st.sampled_from(
            [
                *(
                    SECRET,
                    SECRET,
                    " ",
                    "\t",
                    "\xa0",
                    "/",
                    "?",
                    "@",
                    ":",
                    "=",
                    "&",
                    "%3F",
                ),
                *("\r\n", "\r\n ", "GET", "POST ", " HTTP/1.1", "Cookie: ", "http://"),
                *(
                    "Upgrade: ",
                    "Connection: ",
                    "Sec-WebSocket-Version: ",
                    "PROXY TCP4 ",
                ),
            ]
        ),
        max_size=10,
    ).map("".join),
)
def test_whatever_stands_before_the_fields_no_secret_is_shown_as_what_was_received(
    door: Door, before: str
) -> None:
    _, events, text = said(door, before.encode("latin-1") + b"\r\n" + _fields())

    received = [event.get("websocket.handshake.received") for event in events]
    assert SECRET not in repr(received)
    answered = text.partition("[{")[0]
    assert SECRET not in answered
