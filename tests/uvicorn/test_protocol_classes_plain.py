"""A plain request gets the same bytes from a protocol class as from uvicorn's own."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h11
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from uvicorn.protocols.http.h11_impl import H11Protocol as BareH11
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as BareHttpTools

from tests.support.protocols import connected, settled
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.protocols import ProtocolClass
    from ws_handshake.asgi.scope import Receive, Scope, Send

_BARE: dict[type, type[asyncio.Protocol]] = {
    H11Protocol: BareH11,
    HttpToolsProtocol: BareHttpTools,
}

_LAST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
_SENT = b"Host: a\r\nContent-Length: 4\r\n\r\nform"
_REQUESTS = st.sampled_from(
    [
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        _LAST,
        b"GET / HTTP/1.0\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + _SENT,
        b"POST / HTTP/1.1\r\nExpect: 100-continue\r\n" + _SENT,
        b"no HTTP\r\n\r\n",
    ]
)
_PIPELINES = st.lists(_REQUESTS, min_size=1, max_size=3)
_CHUNKS = st.sampled_from(
    [
        *(b"", b"some", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 ", b"x" * 70_000),
        *(bytearray(b"some"), memoryview(b"some"), "text", None),
    ]
)
_PAUSES = st.sampled_from(["none", "turn", "long"])


@dataclass(frozen=True)
class _Script:
    """What an application does with each request, a step for a step."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    reads: bool
    chunks: tuple[Any, ...]
    pauses: tuple[str, ...]
    ending: str

    async def response(
        self, gate: asyncio.Event, _scope: Scope, receive: Receive, send: Send
    ) -> None:
        pauses = iter(self.pauses)
        if self.reads:
            await receive()
        if self.ending == "silent":
            return
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": self.headers,
            }
        )
        await _pause(next(pauses, "none"), gate)
        if self.ending == "raises":
            raise RuntimeError
        for at, chunk in enumerate(self.chunks, 1):
            more = at < len(self.chunks) or self.ending == "endless"
            body = {"type": "http.response.body", "body": chunk, "more_body": more}
            await send(body)
            await _pause(next(pauses, "none"), gate)


async def _pause(kind: str, gate: asyncio.Event) -> None:
    if kind == "turn":
        await asyncio.sleep(0)
    elif kind == "long":
        await gate.wait()


def _scripts() -> st.SearchStrategy[_Script]:
    return st.builds(
        _Script,
        status=st.sampled_from([200, 200, 204, 304, 404]),
        headers=st.sampled_from(
            [
                (),
                ((b"content-length", b"4"),),
                ((b"content-length", b"70004"),),
                ((b"connection", b"close"), (b"content-length", b"4")),
            ]
        ),
        reads=st.booleans(),
        chunks=st.lists(_CHUNKS, max_size=3).map(tuple),
        pauses=st.lists(_PAUSES, max_size=4).map(tuple),
        ending=st.sampled_from(["valid", "valid", "raises", "endless", "silent"]),
    )


_Look = tuple[bytes, bool]


async def _looks(
    protocol: type[asyncio.Protocol], script: _Script, segments: list[bytes], end: str
) -> list[_Look]:
    """Return what had been written, and whether it was closed, again and again."""
    gate = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await script.response(gate, scope, receive, send)

    whole = WebSocketHandshakeMiddleware(app) if protocol in _BARE else app
    line = connected(protocol, whole)
    looks = []

    async def look() -> None:
        await settled()
        looks.append((line.written, line.is_closing()))

    for segment in segments:
        if not line.is_closing():
            try:
                line.protocol.data_received(segment)
            except h11.LocalProtocolError:  # asyncio ends the connection then
                line.close()
            await look()
    if end == "shutdown":
        with suppress(h11.LocalProtocolError):  # where h11 has given up before
            line.protocol.shutdown()
    elif end == "client":
        line.close()
    await look()
    gate.set()
    await look()
    line.close()
    await settled()
    return looks


@pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])
@settings(max_examples=400, deadline=None)
@given(
    script=_scripts(),
    segments=_PIPELINES | _PIPELINES.map(lambda all_: [b"".join(all_)]),
    end=st.sampled_from(["shutdown", "client", "none"]),
)
@example(  # h11 does not take the second request while the first gets a response
    script=_Script(200, (), reads=False, chunks=(), pauses=("long",), ending="valid"),
    segments=[_LAST, _LAST],
    end="none",
)
def test_a_protocol_class_writes_what_uvicorn_writes(
    protocol: ProtocolClass, script: _Script, segments: list[bytes], end: str
) -> None:
    logging.disable(logging.CRITICAL)
    try:
        looks = asyncio.run(_looks(protocol, script, segments, end))
        assert looks == asyncio.run(_looks(_BARE[protocol], script, segments, end))
    finally:
        logging.disable(logging.NOTSET)
