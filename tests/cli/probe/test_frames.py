"""The steps over an open WebSocket: a ping and a clean close."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Ping, Pong

from ws_handshake.cli.probe.frames import (
    Talk,
    after_close,
    after_ping,
    close_in_words,
)

if TYPE_CHECKING:
    from ws_handshake.cli.client.failures import Failure

PAYLOAD = b"12345678"
PONG = b"\x8a\x08" + PAYLOAD

CLOSE = b"\x88\x02\x03\xe8"


def _code(found: Failure | None) -> tuple[str, str | None] | None:
    return None if found is None else (found.kind.code, found.seen)


def _after(data: bytes) -> Talk:
    talk = Talk(PAYLOAD)
    talk.ping()
    talk.receive(data)
    return talk


def _read(data: bytes) -> list[object]:
    server = Connection(ConnectionType.SERVER)
    server.receive_data(data)
    return list(server.events())


def test_a_ping_and_a_close_are_what_a_server_reads() -> None:
    talk = Talk(PAYLOAD)

    assert _read(talk.ping()) == [Ping(payload=PAYLOAD)]
    assert _read(talk.close()) == [CloseConnection(code=1000, reason="")]


def test_a_pong_with_the_pings_payload_is_what_is_waited_for() -> None:
    assert _code(after_ping(_after(PONG), "")) is None
    assert not _after(b"\x8a\x00").ponged
    assert _after(b"\x8a\x00" + PONG + b"\x8a\x00").ponged


def test_without_a_pong_it_is_reported_how_it_ended() -> None:
    found = after_ping(_after(b""), "nothing was received in time")

    assert _code(found) == ("pong_missing", "nothing was received in time")


def test_a_ping_of_the_servers_gets_a_response() -> None:
    talk = Talk(PAYLOAD)
    assert _read(talk.receive(b"\x89\x02hi")) == [Pong(payload=b"hi")]

    talk.close()
    assert talk.receive(b"\x89\x02hi") == b""
    assert talk.malformed is None


def test_a_close_frame_from_the_server_gets_a_response_and_is_reported() -> None:
    talk = Talk(PAYLOAD)
    frame = b"\x88\x05" + (1008).to_bytes(2, "big") + b"\x1b[A"

    assert _read(talk.receive(frame)) == [CloseConnection(code=1008, reason="\x1b[A")]
    assert talk.over
    assert _code(after_ping(talk, "")) == ("closed_at_once", "1008, \\x1b[A")
    assert talk.receive(PONG) == b""


def test_a_close_frame_with_our_code_is_the_response_to_ours() -> None:
    talk = _after(PONG)
    talk.close()
    assert talk.receive(CLOSE) == b""

    assert after_close(talk, "") is None


@pytest.mark.parametrize(
    ("frame", "found"),
    [
        (b"\x88\x00", None),
        (b"\x88\x02\x03\xe9", None),
        (b"\x88\x02" + (4401).to_bytes(2, "big"), ("closed_at_once", "4401")),
    ],
)
def test_a_close_frame_with_another_code_comes_from_the_server(
    frame: bytes, found: tuple[str, str] | None
) -> None:
    talk = _after(PONG)
    talk.close()
    talk.receive(frame)

    assert _code(after_close(talk, "")) == found


def test_without_a_close_it_is_reported_how_it_ended() -> None:
    found = after_close(_after(PONG), "the connection ended")

    assert _code(found) == ("close_missing", "the connection ended")


def test_messages_are_counted_not_frames() -> None:
    parts = b"\x01\x01a" + b"\x80\x01b"

    assert _after(parts + b"\x81\x01c" + b"\x82\x01d").messages == 3


def test_a_message_may_be_compressed() -> None:
    compressor = zlib.compressobj(wbits=-15)
    data = compressor.compress(b"hello") + compressor.flush(zlib.Z_SYNC_FLUSH)
    frame = b"\xc1" + bytes([len(data) - 4]) + data[:-4]
    talk = _after(frame + PONG)

    assert (talk.messages, talk.ponged, talk.malformed) == (1, True, None)


MALFORMED = [b"HTTP/1.1 500 Oops\r\n\r\n", b"\x83\x00", b"\x81\x81abcd.", b"\x88\x01x"]


@pytest.mark.parametrize("data", MALFORMED)
def test_what_is_no_frame_is_reported(data: bytes) -> None:
    talk = _after(data)
    talk.receive(PONG)

    assert talk.over
    for found in (after_ping(talk, ""), after_close(talk, "")):
        assert found is not None
        assert found.kind.code == "frame_malformed"


def test_codes_are_reported_with_their_reasons() -> None:
    assert close_in_words(CloseConnection(code=1000)) == "1000"
    assert close_in_words(CloseConnection(code=1005)) == "no code"
    assert close_in_words(CloseConnection(code=4000, reason="a\x07")) == "4000, a\\x07"


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_no_bytes_make_it_raise(chunks: list[bytes]) -> None:
    talk = Talk(PAYLOAD)
    talk.ping()
    for chunk in chunks:
        talk.receive(chunk)
    if not talk.over:
        talk.close()
        talk.receive(CLOSE)
