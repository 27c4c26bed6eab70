"""A fake ASGI server: the one boundary where the tests use a fake."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ws_handshake import Observer, WebSocketHandshakeMiddleware
from ws_handshake.testing import Records

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Message, Receive, Scope, Send
    from ws_handshake.outcome.record import HandshakeRecord


@dataclass
class Spy:
    """An application that remembers its scopes, and plays a script of messages."""

    script: tuple[dict[str, Any], ...] = ()
    scopes: list[Scope] = field(default_factory=list)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        for message in self.script:
            await send(message)


@dataclass
class RecordingObserver(Observer):
    """An observer that keeps its records, and counts how often it is flushed."""

    records: Records = field(default_factory=Records)
    flushed: int = 0

    def observe(self, record: HandshakeRecord) -> None:
        self.records.observe(record)

    def flush(self) -> None:
        self.flushed += 1

    @property
    def codes(self) -> list[tuple[str, ...]]:
        return self.records.codes


def ask(app: ASGIApp, scope: Scope, *events: Message) -> list[Message]:
    """Call the application once, and return all that it sent."""
    sent: list[Message] = []
    waiting = list(events)

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    async def call() -> None:
        await app(scope, receive, send)

    asyncio.run(call())
    return sent


ACCEPT: dict[str, Any] = {"type": "websocket.accept"}
CLOSE: dict[str, Any] = {"type": "websocket.close"}


def guarded(
    *script: dict[str, Any], **options: Any
) -> tuple[Spy, RecordingObserver, Any]:
    """Return an application, the observer of its middleware, and the middleware."""
    spy, recorder = Spy(script), RecordingObserver()
    options.setdefault("observers", [recorder])
    return spy, recorder, WebSocketHandshakeMiddleware(spy, **options)
