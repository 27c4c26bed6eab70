"""One request over a raw socket, and what comes back: a response, or how it failed."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from demo_app.inspector.trials import exchange
from demo_app.inspector.trials.exchange import Response, ask
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
    """Send these parts, one after the other, to every client."""
    over, ended = asyncio.Event(), asyncio.Event()

    async def respond(reader: StreamReader, writer: StreamWriter) -> None:
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

    async with await asyncio.start_server(respond, "127.0.0.1", 0) as listening:
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
    response = asked(*parts)
    assert response == Response(b"".join(parts))
    assert response.status == 400


def test_a_response_without_a_length_ends_where_the_connection_ends() -> None:
    response = asked(b"HTTP/1.1 404 Not Found\r\n\r\n", b"There is none.", stays=False)
    assert response == Response(b"HTTP/1.1 404 Not Found\r\n\r\nThere is none.")


def test_the_frames_behind_a_101_are_left_out() -> None:
    assert asked(UPGRADED + b"\x81\x05hello") == Response(UPGRADED)


def test_no_response_is_reported_as_what_the_client_sees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (exchange.SECONDS, exchange._NO_RESPONSE) == (2, NO_RESPONSE)
    monkeypatch.setattr(exchange, "SECONDS", 0.05)
    assert asked() == Response(b"", NO_RESPONSE)


def test_a_response_that_does_not_end_is_returned_as_far_as_it_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exchange, "SECONDS", 1)
    begun = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"
    assert asked(begun) == Response(begun, "The response had not ended after 2 s.")


@pytest.mark.parametrize("resets", [False, True])
def test_a_connection_that_ends_without_a_response_is_reported(*, resets: bool) -> None:
    response = asked(stays=False, resets=resets)
    assert response == Response(b"", "The connection was closed without a response.")


def test_a_connection_that_is_reset_keeps_what_had_come() -> None:
    async def play() -> Response:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            asking = asyncio.create_task(
                ask(listening.getsockname()[1], b"GET / HTTP/1.1\r\n\r\n")
            )
            client, _ = await asyncio.to_thread(listening.accept)
            client.sendall(b"HTTP/1.1 200")
            await asyncio.sleep(0.1)
            # what was not read when a socket is closed makes it a reset
            client.close()
            return await asking

    assert asyncio.run(play()) == Response(b"HTTP/1.1 200")


def test_a_port_where_nothing_listens_is_reported() -> None:
    port = free_port()
    nothing = Response(b"", f"Nothing listens on 127.0.0.1:{port}.")
    assert nothing.status is None
    assert asyncio.run(ask(port, b"")) == nothing


def test_a_very_long_response_is_cut() -> None:
    response = asked(*[b"x" * 40_000] * 3)
    assert response.note is None
    assert 65_536 <= len(response.data) < 131_072
