"""One request over a raw socket, and whatever comes back: bytes, silence, an end."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from demo_app import exchange
from demo_app.inspector.trials.exchange import Response, ask, encoded, shown, wire
from tests.support.wires import free_port

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import AsyncIterator

NO_RESPONSE = "No response within 2 s: the client would hang."
UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"


@asynccontextmanager
async def server(
    *parts: bytes, stays: bool, resets: bool = False
) -> AsyncIterator[int]:
    """Response whatever is asked with these parts, one after the other."""
    over, ended = asyncio.Event(), asyncio.Event()

    async def response(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await asyncio.sleep(0.01)
        if stays:
            await over.wait()
        if resets:
            writer.transport.abort()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()

    async with await asyncio.start_server(response, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]
        over.set()
        await ended.wait()


def asked(*parts: bytes, stays: bool = True, resets: bool = False) -> Response:
    async def play() -> Response:
        async with server(*parts, stays=stays, resets=resets) as port:
            return await ask(port, b"GET / HTTP/1.1\r\n\r\n")

    return asyncio.run(play())


@pytest.mark.parametrize(
    "parts",
    [
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 5\r\n\r\n", b"he", b"llo"),
        (b"HTTP/1.1 400 Bad Request\r\ncontent-length:0\r\n", b"\r\n"),
        (b"HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",),
    ],
)
def test_a_response_is_read_until_its_own_end(parts: tuple[bytes, ...]) -> None:
    reported = asked(*parts)
    assert reported == Response(b"".join(parts))
    assert reported.status == 400


def test_a_response_without_a_length_ends_where_the_connection_ends() -> None:
    reported = asked(b"HTTP/1.1 404 Not Found\r\n\r\n", b"There is none.", stays=False)
    assert reported == Response(b"HTTP/1.1 404 Not Found\r\n\r\nThere is none.")


def test_the_frames_behind_a_101_are_left_out() -> None:
    assert asked(UPGRADED + b"\x81\x05hello") == Response(UPGRADED)


def test_silence_is_reported_as_what_it_is_for_a_client(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (exchange.SECONDS, exchange._NO_RESPONSE) == (2, NO_RESPONSE)
    monkeypatch.setattr(exchange, "SECONDS", 0.05)
    assert asked() == Response(b"", NO_RESPONSE)


def test_a_response_that_does_not_end_is_reported_as_far_as_it_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exchange, "SECONDS", 0.2)
    begun = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"
    assert asked(begun) == Response(begun, "The response had no end after 2 s.")


@pytest.mark.parametrize("resets", [False, True])
def test_a_connection_that_ends_without_a_response_is_reported(*, resets: bool) -> None:
    reported = asked(stays=False, resets=resets)
    assert reported == Response(b"", "The connection was closed without a response.")


def test_a_connection_that_is_reset_keeps_what_had_come() -> None:
    async def play() -> Response:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            reported = asyncio.create_task(
                ask(listening.getsockname()[1], b"GET / HTTP/1.1\r\n\r\n")
            )
            visitor, _ = await asyncio.to_thread(listening.accept)
            visitor.sendall(b"HTTP/1.1 200")
            await asyncio.sleep(0.1)
            # what was not read when a socket is closed makes it a reset
            visitor.close()
            return await reported

    assert asyncio.run(play()) == Response(b"HTTP/1.1 200")


def test_nobody_who_listens_is_reported_too() -> None:
    port = free_port()
    nobody = Response(b"", f"Nobody listens on 127.0.0.1:{port}.")
    assert nobody.status is None
    assert asyncio.run(ask(port, b"")) == nobody


def test_a_response_without_measure_is_cut() -> None:
    reported = asked(*[b"x" * 40_000] * 3)
    assert reported.note is None
    assert 65_536 <= len(reported.data) < 131_072


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("GET / HTTP/1.1", b"GET / HTTP/1.1\r\n\r\n"),
        ("GET / HTTP/1.1\nHost: a\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("\n\nGET / HTTP/1.1\n\nhello", b"\r\n\r\nGET / HTTP/1.1\r\n\r\nhello"),
        ("X: \u00e9\r\ud800", b"X: \xc3\xa9\r\xed\xa0\x80\r\n\r\n"),
        ("", b"\r\n\r\n"),
    ],
)
def test_what_is_typed_is_sent_with_the_ends_of_line_that_http_has(
    text: str, sent: bytes
) -> None:
    assert wire(text) == sent
    assert encoded("\ud800") == b"\xed\xa0\x80"


def test_bytes_are_shown_as_ascii_and_the_rest_by_number() -> None:
    seen = shown(b"a\r\nb\rc\td\x00\xff<b>\x7f\n", 100)
    assert seen == "a\nb\\x0dc\\x09d\\x00\\xff<b>\\x7f\n"


def test_bytes_are_cut_where_there_are_too_many() -> None:
    assert shown(b"x" * 5000, 4) == "xxxx\n... and 4,996 bytes more"
    assert shown(b"xxxx", 4) == "xxxx"
