"""Tracks what the application makes of a handshake that the rules found valid."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.asgi.denial import DenialResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ws_handshake.asgi.scope import Message, Receive, Scope, Send

_RESPONSE, _BODY = "websocket.http.response.start", "websocket.http.response.body"
# The last is none that a server can send; it is reported before the server raises.
_DENIALS = frozenset(["websocket.close", _RESPONSE, "http.response.start"])


class Decisions(NamedTuple):
    """What to call once an application has decided.

    `wants` returns whether this acceptance is to be reported. `accepted` is called once
    the server has sent it, or with what it raised instead; `denied` before a denial
    goes out, with the body of a denial response, and returns whether it has sent a
    response itself. Both get the seconds that the application took. None of them
    raises, but what `denied` sends.
    """

    wants: Callable[[Scope, Message], bool]
    accepted: Callable[[Scope, Message, float, Exception | None], None]
    denied: Callable[[Scope, Message, bytes, float, Send], Awaitable[bool]]


class DecisionTracker:
    """Stands between server and application until the handshake is decided.

    `receive` and `send` are coroutine functions, as frameworks ask of them. `pending`
    is true while the application has not decided and its client is there.
    """

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, decisions: Decisions
    ) -> None:
        """Wrap both ends of the connection in `scope`."""
        self._scope = scope
        self._receive = receive
        self._send = send
        self._decisions = decisions
        self._began = perf_counter()
        self.pending = True
        self._denial: DenialResponse | None = None

    async def receive(self) -> Message:
        """Receive a message; a client that has gone waits for no decision."""
        message = await self._receive()
        if _kind(message) == "websocket.disconnect":
            self.pending = False
        return message

    async def send(self, message: Message) -> None:
        """Send a message, and report the one that decides."""
        if self.pending:
            kind = _kind(message)
            if kind == "websocket.accept":
                self.pending = False
                if self._decisions.wants(self._scope, message):
                    await self._accept(message)
                    return
            elif kind in _DENIALS:
                self.pending = False
                if kind == _RESPONSE:
                    self._denial = DenialResponse(message, self.duration())
                else:
                    await self._deny(message)
                    return
        elif (
            self._denial is not None
            and _kind(message) == _BODY
            and self._denial.is_complete(message)
        ):
            await self.end()
        await self._send(message)

    async def end(self) -> None:
        """Report a denial response that is complete, or will never be."""
        response, self._denial = self._denial, None
        if response is not None:
            denied, body = self._decisions.denied, bytes(response.body)
            start, duration = response.start, response.duration
            await denied(self._scope, start, body, duration, self._send)

    def duration(self) -> float:
        """Return the seconds since the application was called."""
        return perf_counter() - self._began

    async def _accept(self, message: Message) -> None:
        accepted, duration = self._decisions.accepted, self.duration()
        try:
            await self._send(message)
        except Exception as error:
            accepted(self._scope, message, duration, error)
            raise
        accepted(self._scope, message, duration, None)

    async def _deny(self, message: Message) -> None:
        denied, duration = self._decisions.denied, self.duration()
        if not await denied(self._scope, message, b"", duration, self._send):
            await self._send(message)


def _kind(message: Message) -> object:
    """Return the type of a message; one that has none is the server's to reject."""
    try:
        return message["type"]
    except (KeyError, TypeError):
        return None
