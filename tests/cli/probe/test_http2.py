"""A handshake over HTTP/2, against a server that is h2 in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, RequestReceived
from h2.settings import SettingCodes, Settings
from hypothesis import given
from hypothesis import strategies as st

from ws_handshake.cli.client.exchange import BODY_LIMIT
from ws_handshake.cli.client.request import Offer, http2_handshake
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.probe.http2 import Http2Exchange

if TYPE_CHECKING:
    from h2.events import Event

HEAD = http2_handshake(
    parse_target("wss://example.com/ws?a=b"), Offer("https://o.example")
)


class Server:
    """The other side: it gets what an exchange sends, and back."""

    def __init__(self, exchange: Http2Exchange, *, websockets: bool = True) -> None:
        config = H2Configuration(client_side=False, header_encoding=None)
        self.h2 = H2Connection(config)
        if websockets:
            values = {SettingCodes.ENABLE_CONNECT_PROTOCOL: 1}
            self.h2.local_settings = Settings(client=False, initial_values=values)
        self.h2.initiate_connection()
        self.exchange = exchange
        self.events: list[Event] = []

    def pass_on(self) -> None:
        """Carry the bytes there and back until nothing is left."""
        moved = True
        while moved:
            ours, theirs = self.exchange.to_send(), self.h2.data_to_send()
            self.events += self.h2.receive_data(ours)
            if theirs:
                self.exchange.receive(theirs)
            moved = bool(ours or theirs)

    def responses(self, status: bytes, *, ends: bool = False) -> None:
        """Respond to the request."""
        fields = [(b":status", status), (b"server", b"test")]
        self.h2.send_headers(1, fields, end_stream=ends)
        self.pass_on()

    def said(self, kind: type[Event]) -> list[Event]:
        """Return the events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]


def _asked(*, websockets: bool = True) -> Server:
    server = Server(Http2Exchange(HEAD), websockets=websockets)
    server.pass_on()
    return server


def _trouble(server: Server) -> tuple[str, str | None] | None:
    found = server.exchange.trouble
    return None if found is None else (found.kind.code, found.seen)


def test_the_request_waits_until_the_server_offers_extended_connect() -> None:
    server = Server(Http2Exchange(HEAD))
    server.events += server.h2.receive_data(server.exchange.to_send())
    assert server.said(RequestReceived) == []
    assert not server.exchange.settled

    server.pass_on()
    (request,) = server.said(RequestReceived)
    assert isinstance(request, RequestReceived)
    assert request.headers[:5] == [
        (b":method", b"CONNECT"),
        (b":protocol", b"websocket"),
        (b":scheme", b"https"),
        (b":path", b"/ws?a=b"),
        (b":authority", b"example.com"),
    ]
    assert (b"origin", b"https://o.example") in request.headers
    assert server.exchange.settled


def test_without_extended_connect_no_request_is_sent() -> None:
    server = _asked(websockets=False)

    assert _trouble(server) == ("extended_connect_not_offered", None)
    assert server.said(RequestReceived) == []
    assert server.exchange.done


@pytest.mark.parametrize("websockets", [True, False])
def test_without_a_request_only_the_settings_are_read(*, websockets: bool) -> None:
    server = Server(Http2Exchange(None), websockets=websockets)
    server.pass_on()

    assert server.exchange.takes_websockets is websockets
    assert (server.exchange.done, server.exchange.trouble) == (True, None)


def test_an_acceptance_opens_the_stream_in_both_directions() -> None:
    server = _asked()
    server.responses(b"200")
    exchange = server.exchange
    assert exchange.response == Response("2", 200, headers=((b"server", b"test"),))
    assert (exchange.done, exchange.ended) == (True, False)

    exchange.send_frames(b"ping")
    server.h2.send_data(1, b"pong")
    server.pass_on()
    (data,) = server.said(DataReceived)
    assert isinstance(data, DataReceived)
    assert (data.data, exchange.take_frames()) == (b"ping", b"pong")
    assert exchange.take_frames() == b""

    server.h2.end_stream(1)
    server.pass_on()
    assert exchange.ended
    exchange.send_frames(b"late")
    assert exchange.to_send() == b""


def test_a_rejection_is_read_with_its_body() -> None:
    server = _asked()
    server.responses(b"400")
    assert not server.exchange.done

    server.h2.send_data(1, b"because", end_stream=True)
    server.pass_on()
    assert server.exchange.response == Response(
        "2", 400, headers=((b"server", b"test"),), body=b"because"
    )
    assert (server.exchange.done, server.exchange.trouble) == (True, None)


def test_no_more_of_a_body_is_read_than_is_looked_at() -> None:
    server = _asked()
    server.responses(b"404")
    for _ in range(2):
        server.h2.send_data(1, b"a" * 10_000)
    server.pass_on()

    assert server.exchange.response is not None
    assert len(server.exchange.response.body) == BODY_LIMIT
    assert server.exchange.done


def test_a_stream_that_is_reset_has_no_response() -> None:
    server = _asked()
    server.h2.reset_stream(1, ErrorCodes.REFUSED_STREAM)
    server.pass_on()

    assert _trouble(server) == (
        *("closed_without_response", "HTTP/2 error REFUSED_STREAM"),
    )


def test_a_closed_connection_is_not_a_response() -> None:
    server = _asked()
    server.h2.close_connection(0x1234)
    server.pass_on()

    assert _trouble(server) == ("closed_without_response", "HTTP/2 error 4660")


def test_the_end_of_the_bytes_is_no_response() -> None:
    exchange = Http2Exchange(HEAD)
    exchange.receive(b"")

    assert exchange.settled
    assert exchange.trouble is not None
    assert exchange.trouble.kind.code == "closed_without_response"


def test_closing_after_an_acceptance_is_no_trouble() -> None:
    server = _asked()
    server.responses(b"200")
    server.exchange.receive(b"")

    assert (server.exchange.ended, server.exchange.trouble) == (True, None)


STARTS = [
    (b"\x15\x03\x01\x00\x02\x02\x46", "plain_on_tls_port", None),
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", "http2_not_chosen", "a response over HTTP/1"),
    (
        b"220 mail.example\r\n",
        "response_malformed",
        "it begins with: 220 mail.example\\r\\n",
    ),
    (b"\x00\x00\x00\x06\x00\x00\x00\x00\x00", "response_malformed", None),
    (b"\x00\x00\x00\x04\x00\x00\x00\x00\x01", "response_malformed", None),
    (b"\x00\x00\x01\x04\x00\x00\x00\x00\x00x", "response_malformed", None),
]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(("start", "code", "seen"), STARTS)
def test_what_does_not_begin_with_settings_is_reported(
    start: bytes, code: str, seen: str | None, *, at_once: bool
) -> None:
    exchange = Http2Exchange(HEAD)
    for chunk in [start] if at_once else [bytes([byte]) for byte in start]:
        if not exchange.done:
            exchange.receive(chunk)

    assert exchange.done
    assert exchange.trouble is not None
    assert exchange.trouble.kind.code == code
    if at_once and seen:
        assert exchange.trouble.seen == seen


def test_settings_that_change_later_change_nothing() -> None:
    server = _asked()
    server.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 100})
    server.pass_on()

    assert server.exchange.takes_websockets is True
    assert len(server.said(RequestReceived)) == 1


@given(st.lists(st.binary(max_size=100), max_size=4))
def test_no_bytes_make_it_raise(chunks: list[bytes]) -> None:
    exchange = Http2Exchange(HEAD)
    exchange.to_send()
    for chunk in [*chunks, b""]:
        exchange.receive(chunk)

    assert exchange.done


@given(st.binary(max_size=100), st.integers(0, 10), st.integers(0, 1))
def test_no_frame_makes_it_raise(payload: bytes, kind: int, stream: int) -> None:
    server = _asked()
    head = (
        len(payload).to_bytes(3, "big") + bytes([kind, 0]) + stream.to_bytes(4, "big")
    )
    server.exchange.receive(head + payload)
    server.exchange.to_send()
    server.exchange.receive(b"")

    assert server.exchange.done
