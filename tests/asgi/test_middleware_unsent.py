"""An acceptance that the server does not send."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import ACCEPT, CLOSE, RecordingObserver
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Message, Receive, Scope, Send

NOT_OFFERED = {**ACCEPT, "subprotocol": "chat"}


def asked(app: ASGIApp) -> tuple[RecordingObserver, list[Message]]:
    """Call the application once; its server takes everything but an acceptance."""
    recorder, sent = RecordingObserver(), list[Any]()

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "websocket.accept":
            raise OSError("It cannot be sent.")
        sent.append(message)

    wrapped = WebSocketHandshakeMiddleware(app, observers=[recorder])
    with suppress(OSError):
        asyncio.run(wrapped(VALID.websocket_scope(), receive, send))
    return recorder, sent


async def accept(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send(ACCEPT)


async def choose(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send(NOT_OFFERED)


async def choose_and_close(_scope: Scope, _receive: Receive, send: Send) -> None:
    with pytest.raises(OSError, match=r"It cannot be sent\."):
        await send(NOT_OFFERED)
    await send(CLOSE)


def test_a_client_that_is_gone_is_not_reported_as_accepted() -> None:
    recorder, _ = asked(accept)

    assert recorder.records == []


def test_a_subprotocol_that_was_not_offered_is_reported_though_it_was_not_sent() -> (
    None
):
    recorder, _ = asked(choose)

    assert [(r.status, r.warning and r.warning.code) for r in recorder.records] == [
        (500, "subprotocol_not_offered")
    ]


def test_what_the_app_does_after_that_is_passed_on_and_not_reported_again() -> None:
    recorder, sent = asked(choose_and_close)

    assert len(recorder.records) == 1
    assert sent == [CLOSE]
