"""On real sockets: a response arrives when, and as, uvicorn would have it arrive."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from statistics import median
from typing import TYPE_CHECKING

import pytest

from tests.support.inside import running
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

every_protocol = pytest.mark.parametrize(
    "protocol", ["H11Protocol", "HttpToolsProtocol"]
)

_PAGE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_SECONDS = 20.0


def _own(protocol: str) -> str:
    return protocol.removesuffix("Protocol").lower()


async def _nothing(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204})
    await send({"type": "http.response.body"})


async def _text(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"plain"})


def _working(done: threading.Event) -> ASGIApp:
    """Return what sends a head, and works without giving the loop a turn, till done."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"5")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        assert done.wait(_SECONDS)
        await send({"type": "http.response.body", "body": b"plain"})

    return app


async def _reusing(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Send one buffer again and again, each time with other bytes in it."""
    headers = [(b"content-length", b"36")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    buffer = bytearray(b"HTTP/1.1 200")
    for number in range(3):
        buffer[-1:] = b"%d" % number
        body = memoryview(bytes(buffer)) if number else buffer
        more = number < 2
        await send({"type": "http.response.body", "body": body, "more_body": more})


def _exchanged(app: ASGIApp, http: str, sent: bytes) -> list[bytes]:
    """Send bytes and half-close, again and again; return what came back each time."""
    responses = []
    with running(app, http=http, date_header=False) as port:
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port), 5) as client:
                client.sendall(sent)
                client.shutdown(socket.SHUT_WR)
                responses.append(b"".join(iter(lambda: client.recv(65536), b"")))
    return responses


@every_protocol
@pytest.mark.parametrize("app", [_nothing, _text, _reusing])
@pytest.mark.parametrize("requests", [1, 2])
def test_a_client_that_half_closes_gets_whole_responses(
    protocol: str, app: ASGIApp, requests: int
) -> None:
    wrapped = WebSocketHandshakeMiddleware(app)
    (whole,) = set(_exchanged(app, _own(protocol), _PAGE))
    ours = _exchanged(wrapped, f"ws_handshake.uvicorn:{protocol}", _PAGE * requests)
    # whether uvicorn reads the half-close before it takes the second request is chance
    assert set(ours) <= {whole, whole * requests}


@every_protocol
def test_a_head_arrives_while_the_application_works(protocol: str) -> None:
    done = threading.Event()
    app = WebSocketHandshakeMiddleware(_working(done))
    with (
        running(app, http=f"ws_handshake.uvicorn:{protocol}", lifespan="off") as port,
        socket.create_connection(("127.0.0.1", port), _SECONDS) as client,
    ):
        client.sendall(_PAGE)
        head = client.recv(65536)
        assert head.endswith(b"\r\n\r\n")
        done.set()
        assert client.recv(65536) == b"plain"


_CHUNKS = 6
_OURS = {"h11": "H11Protocol", "httptools": "HttpToolsProtocol"}


async def _streaming(scope: Scope, receive: Receive, send: Send) -> None:
    """Send chunks, with a pause behind each."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200})
    for number in range(_CHUNKS):
        body = b"<%d>" % number
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await asyncio.sleep(0.005)
    await send({"type": "http.response.body"})


def _arrivals(port: int) -> list[float]:
    """Return after how many seconds each chunk is there."""
    received, times = b"", list[float]()
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        client.sendall(_PAGE)
        began = time.monotonic()
        while len(times) < _CHUNKS:
            received += client.recv(65536)
            while b"<%d>" % len(times) in received:
                times.append(time.monotonic() - began)
    return times


@pytest.mark.parametrize("own", ["h11", "httptools"])
def test_no_chunk_of_a_stream_is_later_than_from_uvicorn(own: str) -> None:
    wrapped = WebSocketHandshakeMiddleware(_streaming)
    with (
        running(_streaming, http=own) as theirs,
        running(wrapped, http=own) as installed,
        running(wrapped, http=f"ws_handshake.uvicorn:{_OURS[own]}") as chosen,
    ):
        pairs = [[_arrivals(p) for p in (theirs, installed, chosen)] for _ in range(20)]
    for chunk in range(_CHUNKS):
        bare, *ours = (
            [times[chunk] for times in way] for way in zip(*pairs, strict=True)
        )
        late = median(bare) + (max(bare) - min(bare)) + 0.02
        assert [median(times) < late for times in ours] == [True, True], chunk
