"""Watches what the application makes of a handshake that the rules found sound."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ws_handshake.scopes import Message, Scope, Send

# The last is none that a server can send; it is told before the server says so.
_DENIALS = frozenset(
    ["websocket.close", "websocket.http.response.start", "http.response.start"]
)


class Decisions(NamedTuple):
    """Who is told what an application decided.

    `listens` says whether anybody wants to know of this acceptance. `accepted` is
    called once the server has sent it, or with what it raised instead; `denied` before
    a denial goes out, and says whether it has taken the answer into its own hands. Both
    are told how many seconds the application took.
    """

    listens: Callable[[Scope, Message], bool]
    accepted: Callable[[Scope, Message, float, Exception | None], None]
    denied: Callable[[Scope, Message, float, Send], Awaitable[bool]]


class Watch:
    """The application's `send`, until the handshake is decided; then only passed on."""

    __slots__ = ("_began", "_decided", "_decisions", "_scope", "_send")

    def __init__(self, send: Send, scope: Scope, decisions: Decisions) -> None:
        """Wrap the `send` of the connection in `scope`."""
        self._send = send
        self._scope = scope
        self._decisions = decisions
        self._decided = False
        self._began = perf_counter()

    def __call__(self, message: Message) -> Awaitable[None]:
        """Send a message; after the decision this costs a call and nothing else."""
        if self._decided:
            return self._send(message)
        kind = message["type"]
        if kind == "websocket.accept":
            self._decided = True
            if self._decisions.listens(self._scope, message):
                return self._accept(message)
        elif kind in _DENIALS:
            self._decided = True
            return self._deny(message)
        return self._send(message)

    async def _accept(self, message: Message) -> None:
        accepted, duration = self._decisions.accepted, self._duration()
        try:
            await self._send(message)
        except Exception as fault:
            accepted(self._scope, message, duration, fault)
            raise
        accepted(self._scope, message, duration, None)

    async def _deny(self, message: Message) -> None:
        denied, duration = self._decisions.denied, self._duration()
        if not await denied(self._scope, message, duration, self._send):
            await self._send(message)

    def _duration(self) -> float:
        return perf_counter() - self._began
