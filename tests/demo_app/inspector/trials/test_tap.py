"""The port between nginx and a server, which keeps what was sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from demo_app.inspector.trials.exchange import ask
from demo_app.inspector.trials.tap import Tap
from tests.support.wires import free_port

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
REQUEST = b"GET / HTTP/1.1\r\n\r\n"


async def respond(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(RESPONSE)
    writer.close()


def test_it_passes_on_both_ways_and_keeps_what_each_client_sent() -> None:
    async def play() -> None:
        async with await asyncio.start_server(respond, "127.0.0.1", 0) as server:
            tap = Tap(server.sockets[0].getsockname()[1])
            port = await tap.port()
            assert await tap.port() == port
            assert (await ask(port, REQUEST, "127.0.0.3")).data == RESPONSE
            assert tap.heard_from("127.0.0.2") == b""
            assert tap.heard_from("127.0.0.3") == REQUEST
            assert tap.heard_from("127.0.0.3") == b""
            tap.end()
            assert (await ask(port, REQUEST)).note == (
                f"Nothing listens on 127.0.0.1:{port}."
            )

    asyncio.run(play())


def test_a_server_that_is_gone_ends_the_connection() -> None:
    async def play() -> None:
        tap = Tap(free_port())
        response = await ask(await tap.port(), REQUEST)
        assert response.note == "The connection was closed without a response."
        tap.end()

    asyncio.run(play())


def test_what_was_not_started_need_not_end() -> None:
    Tap(1).end()
