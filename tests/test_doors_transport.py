"""What a door does with the connection: how it writes, and what it keeps."""

from __future__ import annotations

import asyncio
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol as BareH11
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as BareHttpTools

from tests.doors import Echo, connected, guarded, settled
from tests.handshakes import SOUND
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.doors import Door
    from ws_handshake.scopes import ASGIApp, Receive, Scope, Send

pytestmark = pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol])

_BARE = {H11Protocol: BareH11, HttpToolsProtocol: BareHttpTools}
_PAGE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_BROKEN = SOUND.without(b"sec-websocket-key").wire()


def _writes(door: type[asyncio.Protocol], app: ASGIApp, sent: bytes) -> list[bytes]:
    """Return what was written at once, write by write."""

    async def talk() -> list[bytes]:
        line = connected(door, app)
        line.protocol.data_received(sent)
        await settled()
        return [write for write in line.writes if write]

    return asyncio.run(talk())


def test_a_refusal_leaves_in_one_piece(door: Door) -> None:
    app, _, _ = guarded()
    (whole,) = _writes(door, app, _BROKEN)
    assert whole.startswith(b"HTTP/1.1 400 ")
    assert whole.endswith(b"}")


def test_the_refusal_of_a_head_request_leaves_too(door: Door) -> None:
    app, _, _ = guarded()
    (head,) = _writes(door, app, SOUND.asked(method="HEAD").wire())
    assert b"websocket-handshake-error: method_not_get\r\n" in head
    assert head.endswith(b"\r\n\r\n")


def test_a_page_leaves_in_one_piece(door: Door) -> None:
    app, echo, _ = guarded()
    head, body = _writes(_BARE[door], echo, _PAGE)
    assert _writes(door, app, _PAGE) == [head + body]
    assert _writes(door, app, _PAGE + _PAGE) == [head + body] * 2


def test_under_report_only_an_answer_leaves_in_one_piece(door: Door) -> None:
    app, echo, _ = guarded(report_only=True)
    sent = SOUND.but(b"upgrade", b"websockets").wire()
    head, body = _writes(_BARE[door], echo, sent)
    assert _writes(door, app, sent) == [head + body]


def test_a_refusal_behind_a_page_leaves_in_one_piece(door: Door) -> None:
    app, echo, _ = guarded()
    head, body = _writes(_BARE[door], echo, _PAGE)
    assert _writes(door, app, _PAGE + _BROKEN)[:-1] == [head + body]


def test_a_websocket_has_the_transport_itself(door: Door) -> None:
    app, _, _ = guarded()

    async def is_line() -> bool:
        line = connected(door, app)
        http = line.protocol
        http.data_received(SOUND.wire())
        await settled()
        return http.transport is line and line.protocol.transport is line

    assert asyncio.run(is_line())


def test_a_head_that_is_sent_before_its_body_is_not_kept_back(door: Door) -> None:
    app, _, _ = guarded()

    async def slowly(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Any) -> None:
            await send(message)
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        await app(scope, receive, sending)

    head, body = _writes(door, slowly, _BROKEN)
    assert head.endswith(b"\r\n\r\n")
    assert body.startswith(b"{")


def test_no_attribute_joins_uvicorns_own(door: Door) -> None:
    """With some more the dictionary of every instance would be one of its own."""

    async def names() -> set[str]:
        line = connected(door, guarded()[0])
        line.protocol.data_received(_PAGE)
        await settled()
        bare = connected(_BARE[door], Echo())
        bare.protocol.data_received(_PAGE)
        await settled()
        line.protocol.data_received(_BROKEN)
        await settled()
        return set(vars(line.protocol)) - set(vars(bare.protocol))

    assert asyncio.run(names()) == set()


_BODY = b"x" * 200_000
_UPLOAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + _BODY


async def _listening(_scope: Scope, receive: Receive, _send: Send) -> None:
    """Read all that comes until the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def test_what_has_been_read_is_not_kept(door: Door) -> None:
    async def kept() -> int:
        line = connected(door, _listening)
        before, _ = tracemalloc.get_traced_memory()
        line.protocol.data_received(_UPLOAD[:-1] + b"y")
        await settled()
        after, _ = tracemalloc.get_traced_memory()
        line.close()
        await settled()
        return after - before

    tracemalloc.start()
    try:
        assert asyncio.run(kept()) < len(_BODY) / 2
    finally:
        tracemalloc.stop()
