"""Requests that stand one behind the other, and how httptools is asked about them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.support.asgi import RecordingObserver
from tests.support.handshakes import VALID
from tests.support.protocols import (
    OWN,
    Echo,
    Slow,
    Within,
    observed_echo,
    reading,
    statuses,
    talk,
    talking,
)
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.wires import Response
    from ws_handshake.asgi.scope import Receive, Scope, Send

_PAGE = b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n"
_FORM = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nform"
_SPACED = VALID.plus(b"x note", b"1")
_NO_CONNECTION = VALID.without(b"connection")


class Listening(Echo):
    """An application that listens for the client's end while it responds to a page."""

    def __init__(self) -> None:
        super().__init__()
        self.received = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await receive()
            await send({"type": "websocket.accept"})
            self.received = (await receive())["text"].encode()
            return
        assert not (await receive())["more_body"]
        end = asyncio.ensure_future(receive())
        for _ in range(5):
            await asyncio.sleep(0)
        await super().__call__(scope, receive, send)
        await end


_FRAME = b"\x81\x85\x00\x00\x00\x00hello"


def test_what_arrives_while_an_upgrade_waits_reaches_the_websocket() -> None:
    ws = "websockets-sansio"  # wsproto reads no frame before it has accepted
    listening = Listening()
    app = WebSocketHandshakeMiddleware(listening, observers=[])

    async def early() -> Response:
        sent = [_PAGE + VALID.wire(), _FRAME]
        return await talking(HttpToolsProtocol, app, *sent, ws=ws, settles=2)

    assert statuses(asyncio.run(early())) == [b"200", b"101"]
    assert listening.received == b"hello"


def test_garbage_behind_a_slow_page_gets_a_response_as_by_uvicorn() -> None:
    app, echo, recorder = observed_echo()
    for sent in (_PAGE + b"\x00\xff", _PAGE + b"GET / HTTP/1.1\r\nx y: 1\r\n\r\n"):
        assert talk(HttpToolsProtocol, Slow(app), sent) == talk(
            OWN[HttpToolsProtocol], Slow(echo), sent
        )
    assert recorder.records == []


def test_a_malformed_handshake_waits_for_a_page_that_gets_a_response() -> None:
    app, _, recorder = observed_echo()
    response = talk(HttpToolsProtocol, Slow(app), _PAGE + _SPACED.wire())
    assert statuses(response) == [b"200", b"400"]
    assert recorder.codes == [("head_malformed",)]


@pytest.mark.parametrize("behind", [b"\x00\xff", _SPACED.wire()])
def test_behind_a_rejection_that_takes_its_time_nothing_follows(behind: bytes) -> None:
    app, _, recorder = observed_echo()
    slow = Within(app, Slow(app))
    for sent in (
        [_NO_CONNECTION.wire() + _PAGE + behind],
        [_NO_CONNECTION.wire(), _PAGE + behind],
    ):
        response = asyncio.run(talking(HttpToolsProtocol, slow, *sent, settles=1))
        assert statuses(response) == [b"400"]
        assert response.ending == "closed"
    assert recorder.codes == [("connection_missing",)] * 2


def test_the_body_of_what_is_rejected_ends_where_it_is_garbage() -> None:
    app, _, recorder = observed_echo()

    async def reads_first(scope: Scope, receive: Receive, send: Send) -> None:
        more = scope["type"] == "http"
        while more:
            more = (await receive()).get("more_body", False)
        await app(scope, receive, send)

    broken = _NO_CONNECTION.plus(b"transfer-encoding", b"chunked")
    sent = broken.wire() + b"garbage\r\n"
    response = talk(HttpToolsProtocol, Within(app, reads_first), sent)
    assert statuses(response) == [b"400"]
    assert recorder.codes == [("connection_missing", "body_unexpected")]


def test_what_stands_behind_all_that_was_kept_is_not_explained() -> None:
    app, _, recorder = observed_echo()
    long = VALID.asked(headers=((b"host", b"a"), (b"cookie", b"a" * 131_072))).wire()
    response = talk(
        HttpToolsProtocol, app, _PAGE[:9], _PAGE[9:] + long + _SPACED.wire()
    )
    assert response.ending == "closed"
    assert recorder.codes == []


@pytest.mark.parametrize("before", [[_PAGE], [_PAGE, _PAGE], [_FORM]])
@pytest.mark.parametrize("cut", [0, 1, 40, 120])
def test_a_head_that_began_in_the_segment_of_another_request_is_explained(
    before: list[bytes], cut: int
) -> None:
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(reading, observers=[recorder])
    wire = _SPACED.wire()
    pieces = [b"".join(before) + wire[:cut], wire[cut:]]
    response = talk(HttpToolsProtocol, app, *pieces)
    assert statuses(response) == [b"200"] * len(before) + [b"400"]
    assert recorder.codes == [("head_malformed",)]
    assert recorder.records[0].request.path == "/ws"
