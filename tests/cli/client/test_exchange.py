"""Exchanges over HTTP/1.1 and HTTP/2 have one interface; HTTP/1.1 in detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.handshakes import VALID
from ws_handshake.cli.client.exchange import (
    BODY_LIMIT,
    HEAD_LIMIT,
    PROTOCOLS,
    Http1Exchange,
)
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.probe.http2 import Http2Exchange

if TYPE_CHECKING:
    from ws_handshake.cli.client.exchange import Exchange

ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
HEADERS = ((b"Upgrade", b"websocket"),)


def test_before_anything_is_received_both_are_empty() -> None:
    exchanges: list[Exchange] = [Http1Exchange(VALID.head()), Http2Exchange(None)]

    for exchange in exchanges:
        assert exchange.to_send()
        assert (exchange.response, exchange.trouble) == (None, None)
        assert (exchange.done, exchange.ended, exchange.received) == (False, False, 0)
        assert exchange.take_frames() == b""


def test_the_limits_are_those_of_the_documentation() -> None:
    assert (HEAD_LIMIT, BODY_LIMIT) == (64 * 1024, 16 * 1024)


def _exchanged(*chunks: bytes) -> Http1Exchange:
    exchange = Http1Exchange(VALID.head())
    for chunk in chunks:
        exchange.receive(chunk)
    return exchange


def _trouble(*chunks: bytes) -> tuple[str, str | None] | None:
    found = _exchanged(*chunks).trouble
    return None if found is None else (found.kind.code, found.seen)


def test_the_request_is_sent_once() -> None:
    exchange = Http1Exchange(VALID.head())

    assert exchange.to_send() == VALID.wire()
    assert exchange.to_send() == b""


def test_an_acceptance_is_read_and_what_follows_are_frames() -> None:
    exchange = _exchanged(ACCEPTED + b"\x81\x01", b"a")

    assert exchange.response == Response("1.1", 101, b"Switching Protocols", HEADERS)
    assert (exchange.done, exchange.ended) == (True, False)
    assert exchange.take_frames() == b"\x81\x01a"
    assert exchange.take_frames() == b""
    assert exchange.received == len(ACCEPTED) + 3


def test_it_does_not_matter_how_the_bytes_are_split() -> None:
    byte_by_byte = _exchanged(*(bytes([byte]) for byte in ACCEPTED))

    assert byte_by_byte.response == _exchanged(ACCEPTED).response
    assert byte_by_byte.done


def test_frames_are_sent_after_the_request() -> None:
    exchange = _exchanged(ACCEPTED)
    exchange.to_send()
    exchange.send_frames(b"\x89\x00")

    assert exchange.to_send() == b"\x89\x00"


def test_the_end_of_the_connection_ends_the_frames() -> None:
    exchange = _exchanged(ACCEPTED, b"")

    assert (exchange.done, exchange.ended) == (True, True)


BODIES = [
    (b"Content-Length: 5\r\n\r\nhello", b"hello"),
    (b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"hello"),
    (b"Content-Length: 0\r\n\r\n", b""),
]


@pytest.mark.parametrize(("rest", "body"), BODIES)
def test_a_rejection_is_read_with_its_body(rest: bytes, body: bytes) -> None:
    exchange = _exchanged(b"HTTP/1.1 404 Not Found\r\n" + rest)

    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (404, body)
    assert exchange.done


def test_a_body_may_last_until_the_end_of_the_connection() -> None:
    exchange = _exchanged(b"HTTP/1.0 200 OK\r\n\r\nhel", b"lo")
    assert not exchange.done

    exchange.receive(b"")
    assert exchange.response is not None
    assert exchange.done
    assert (exchange.response.http_version, exchange.response.body) == ("1.0", b"hello")


def test_no_more_of_a_body_is_read_than_is_looked_at() -> None:
    exchange = _exchanged(b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 20_000)

    assert exchange.response is not None
    assert exchange.done
    assert len(exchange.response.body) == BODY_LIMIT


def test_a_body_that_breaks_off_leaves_the_response() -> None:
    exchange = _exchanged(b"HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\nabc", b"")

    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (500, b"abc")
    assert (exchange.done, exchange.trouble) == (True, None)


def test_early_hints_are_skipped() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"

    assert _exchanged(hints + ACCEPTED).response == _exchanged(ACCEPTED).response


TROUBLES = [
    ([b""], ("closed_without_response", None)),
    ([b"HTTP/1.1 101", b""], ("response_incomplete", "ended after 12 bytes")),
    ([b"\x15\x03\x01\x00\x02\x02\x46"], ("plain_on_tls_port", "a TLS record")),
    ([b"\x16", b"\x03\x03"], ("response_malformed", "it begins with: \\x16")),
    ([bytes.fromhex("000000040000000000")], ("http2_chosen", "an HTTP/2 frame")),
    ([bytes.fromhex("000008070000000000")], ("http2_chosen", "an HTTP/2 frame")),
    ([b"SSH-2.0-x"], ("response_malformed", "it begins with: SSH-2.0-x")),
    ([b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000], ("response_too_large", None)),
]


@pytest.mark.parametrize(("chunks", "trouble"), TROUBLES)
def test_what_is_no_response_is_named(
    chunks: list[bytes], trouble: tuple[str, str | None]
) -> None:
    assert _trouble(*chunks) == trouble
    assert _exchanged(*chunks).done


SPOKEN = [
    (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH"),
    (b"220 mail.example.com ESMTP\r\n", "a mail or FTP server"),
    (b"+OK POP3 ready\r\n", "a mail or FTP server"),
    (b"-ERR unknown command\r\n", "Redis"),
    (b"\x4a\x00\x00\x00\x0a8.0.35\x00", "MySQL"),
    (b"E\x00\x00\x00\x85SFATAL\x00", "PostgreSQL"),
    (b"AMQP\x00\x00\x09\x01", "AMQP"),
    (b"RFB 003.008\n", "VNC"),
    (b"RTSP/1.0 400 Bad Request\r\n\r\n", "RTSP"),
    (b"SIP/2.0 400 Bad Request\r\n\r\n", "SIP"),
    (b"<html>hello</html>", "a web server with a page and no head"),
]


@pytest.mark.parametrize(("start", "name"), SPOKEN)
def test_a_server_of_another_protocol_is_named(start: bytes, name: str) -> None:
    trouble = _exchanged(start).trouble

    assert trouble is not None
    assert trouble.fix == f"Check host and port: {name} responds there."


def test_every_protocol_has_an_example() -> None:
    assert {name for _, name in SPOKEN} == set(PROTOCOLS)


@pytest.mark.parametrize(
    ("head", "seen"),
    [
        (b"HTTP/1.1 abc\r\n\r\n", "illegal status line: HTTP/1.1 abc"),
        (b"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "illegal header line: A : b"),
    ],
)
def test_a_head_that_is_malformed_is_quoted_without_python(
    head: bytes, seen: str
) -> None:
    trouble = _exchanged(head).trouble

    assert trouble is not None
    assert trouble.seen == seen
    assert trouble.fix == (
        "Let the server, or the proxy that responds, write a valid head."
    )


@given(st.binary(max_size=200))
@example(b"HTTP/1.1 999 x\r\n\r\n")
@example(b"HTTP/1.1 101 x\r\nUpgrade: a\x00b\r\n\r\n")
@example(b"HTTP/1.1 200 x\r\nContent-Length: 1, 2\r\n\r\n")
def test_no_bytes_make_it_raise(data: bytes) -> None:
    exchange = _exchanged(data, b"")

    assert exchange.done
    assert (exchange.response is None) == (exchange.trouble is not None)


@given(st.binary(max_size=100))
def test_no_bytes_behind_a_good_beginning_make_it_raise(data: bytes) -> None:
    exchange = _exchanged(b"HTTP/1.1 200 OK\r\n" + data, b"")

    assert exchange.done
    assert (exchange.response is None) == (exchange.trouble is not None)
