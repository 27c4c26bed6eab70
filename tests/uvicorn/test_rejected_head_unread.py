"""What a protocol class explains of a head whose beginning cannot be read."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.handshakes import VALID
from tests.support.protocols import OWN, Echo, talk
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.asgi import lifespan
from ws_handshake.structlog import StructlogObserver
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.protocols import ProtocolClass
    from tests.support.wires import Response

every_protocol = pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])
SECRET = "S3CR3T7x9"
LINE = b"PROXY TCP4 192.0.2.1 192.0.2.11 56324 443\r\n"
HEADER = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c" + bytes(12)


def talked(
    protocol: ProtocolClass, *data: bytes
) -> tuple[Response, list[dict[str, object]], str]:
    """Return the response, the events of the log, and all of it as text."""
    capture = structlog.testing.LogCapture()
    structlog_observer = StructlogObserver(
        structlog.wrap_logger(None, processors=[capture])
    )
    app = WebSocketHandshakeMiddleware(Echo(), observers=[structlog_observer])
    response = talk(protocol, app, *data)
    events = [dict(event) for event in capture.entries]
    return response, events, repr(response.raw) + json.dumps(events)


@pytest.mark.parametrize(
    ("before", "named"),
    [
        (LINE, "a PROXY protocol line before the request line"),
        (HEADER, "a PROXY protocol header before the request line"),
    ],
)
@every_protocol
def test_the_proxy_protocol_is_reported_as_what_it_is(
    protocol: ProtocolClass, before: bytes, named: str
) -> None:
    response, events, text = talked(
        protocol, before + VALID.asked(target=b"/ws?a=b").wire()
    )

    assert (response.status, response.codes) == (400, ("head_malformed",))
    assert response.ending == "closed"
    assert json.loads(response.body)["violations"][0]["received"] == named
    (event,) = events
    assert event["error.type"] == "head_malformed"
    assert event["websocket.handshake.received"] == named
    assert (event["url.path"], event["http.request.method"]) == ("/ws", "GET")
    assert "192.0.2." not in text


@every_protocol
def test_behind_the_proxy_protocol_all_other_violations_are_named_too(
    protocol: ProtocolClass,
) -> None:
    broken = VALID.asked(method="POST").without(b"sec-websocket-key")
    response, _, _ = talked(protocol, LINE + broken.wire())

    assert response.codes == ("method_not_get", "key_missing", "head_malformed")


@every_protocol
def test_a_proxy_protocol_before_a_plain_request_is_none_of_ours(
    protocol: ProtocolClass,
) -> None:
    response, events, _ = talked(protocol, LINE + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")

    assert (response.status, response.codes, events) == (400, (), [])


@every_protocol
def test_of_a_method_that_cannot_be_read_it_is_not_said_that_it_is_no_get(
    protocol: ProtocolClass,
) -> None:
    response, events, _ = talked(protocol, b"GET\t/ws\tHTTP/1.1\r\n" + _fields())

    assert (response.status, response.codes) == (400, ("head_malformed",))
    assert events[0]["websocket.handshake.received"] == "the request line"
    assert "url.path" not in events[0]


def _fields(version: bytes = b"13") -> bytes:
    bent = VALID.but(b"sec-websocket-version", version)
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
@every_protocol
def test_a_secret_in_front_of_the_fields_comes_out_nowhere(
    protocol: ProtocolClass, first: str
) -> None:
    data = first.format(SECRET).encode("latin-1") + b"\r\n" + _fields(b"8")
    response, events, text = talked(protocol, data)

    assert (response.status or 0) >= 400
    assert events
    assert SECRET.lower() not in text.lower()


POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
BODY = f"user=anna&password={SECRET}".encode()


@pytest.mark.parametrize(
    "spoilt", [b"GET\t/ws HTTP/1.1\r\n", b"GET /ws HTTP/1.1\r\nX y: 1\r\n"]
)
@pytest.mark.parametrize("cut", range(len(BODY) + 1))
@every_protocol
def test_of_the_body_of_the_request_before_nothing_is_reported(
    protocol: ProtocolClass, cut: int, spoilt: bytes
) -> None:
    pieces = POST % len(BODY) + BODY[:cut], BODY[cut:] + spoilt + _fields()
    response, _, text = talked(protocol, *pieces)

    assert response.raw.count(b"HTTP/1.1 ") == 2
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
    protocol: ProtocolClass, before: str
) -> None:
    _, events, text = talked(protocol, before.encode("latin-1") + b"\r\n" + _fields())

    received = [event.get("websocket.handshake.received") for event in events]
    assert SECRET not in repr(received)
    responded = text.partition("[{")[0]
    assert SECRET not in responded


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@every_protocol
def test_tls_on_a_plain_port_is_logged_once_and_gets_uvicorns_response(
    protocol: ProtocolClass, version: ssl.TLSVersion
) -> None:
    context = ssl.create_default_context()
    context.minimum_version = context.maximum_version = version
    hello = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), hello, server_hostname=SECRET).do_handshake()
    data = hello.read()

    lifespan._warn_once.cache_clear()
    with structlog.testing.capture_logs() as notices:
        talks = [talked(protocol, data) for _ in range(2)]
    lifespan._warn_once.cache_clear()

    bare = talk(OWN[protocol], Echo(), data)
    assert [(response, events) for response, events, _ in talks] == [(bare, [])] * 2
    (notice,) = notices
    assert notice["event"] == "websocket.handshake.tls_on_plain_port"
    assert "let the client use ws://" in notice["hint"]
    assert SECRET not in str(notice)
