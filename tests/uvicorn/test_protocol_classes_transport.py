"""What a protocol class does with the connection: how it writes, and what it keeps."""

from __future__ import annotations

import asyncio
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import VALID
from tests.support.protocols import OWN, Echo, connected, observed_echo, settled
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.protocols import ProtocolClass
    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

pytestmark = pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])

# what finds the beginning of a head that the parser rejects
_REMEMBERED = {"_unread", "_from_start", "_before", "_scope_before", "_holds_more"}
_PAGE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def _writes(protocol: type[asyncio.Protocol], app: ASGIApp, sent: bytes) -> list[bytes]:
    """Return what was written at once, write by write."""

    async def talk() -> list[bytes]:
        line = connected(protocol, app)
        line.protocol.data_received(sent)
        await settled()
        return [write for write in line.writes if write]

    return asyncio.run(talk())


@pytest.mark.parametrize("report_only", [True, False])
def test_whatever_is_not_upgraded_is_written_as_uvicorn_writes_it(
    protocol: ProtocolClass, *, report_only: bool
) -> None:
    app, echo, _ = observed_echo(report_only=report_only)
    assert _writes(protocol, app, _PAGE + _PAGE) == _writes(
        OWN[protocol], echo, _PAGE + _PAGE
    )
    broken = VALID.but(b"upgrade", b"websockets").wire()
    head, body, *more = _writes(protocol, app, broken)
    assert head.endswith(b"\r\n\r\n")
    assert body == b"plain" if report_only else body.startswith(b"{")
    assert more == _writes(OWN[protocol], echo, broken)[2:]


def test_the_rejection_of_a_head_request_has_no_body(protocol: ProtocolClass) -> None:
    app, _, _ = observed_echo()
    (head,) = _writes(protocol, app, VALID.asked(method="HEAD").wire())
    assert b"websocket-handshake-error: method_not_get\r\n" in head
    assert head.endswith(b"\r\n\r\n")


def test_a_websocket_has_the_transport_itself(protocol: ProtocolClass) -> None:
    app, _, _ = observed_echo()

    async def is_line() -> bool:
        line = connected(protocol, app)
        http = line.protocol
        http.data_received(VALID.wire())
        await settled()
        return http.transport is line and line.protocol.transport is line

    assert asyncio.run(is_line())


def test_a_connection_of_pages_remembers_where_a_head_begins_and_no_more(
    protocol: ProtocolClass,
) -> None:
    async def names() -> set[str]:
        line = connected(protocol, observed_echo()[0])
        bare = connected(OWN[protocol], Echo())
        for each in (line, bare):
            each.protocol.data_received(_PAGE)
        await settled()
        return set(vars(line.protocol)) - set(vars(bare.protocol))

    assert asyncio.run(names()) <= _REMEMBERED


_BODY = b"x" * 200_000
_UPLOAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + _BODY


async def _listening(_scope: Scope, receive: Receive, _send: Send) -> None:
    """Read all that comes until the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def test_what_has_been_read_is_not_kept(protocol: ProtocolClass) -> None:
    async def kept() -> int:
        line = connected(protocol, _listening)
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
