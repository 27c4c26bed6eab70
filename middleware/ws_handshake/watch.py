"""Watches what the application makes of a handshake that the rules found sound."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ws_handshake.scopes import Message, Scope, Send

# The last is none that a server can send; it is told before the server says so.
_DECISIONS = frozenset(
    [
        "websocket.accept",
        "websocket.close",
        "websocket.http.response.start",
        "http.response.start",
    ]
)


class Watch:
    """The application's `send`, until the handshake is decided; then only passed on.

    `accepted` is called once the server has sent the acceptance, or with what it raised
    instead; `denied` before a denial goes out, and says whether it has taken the answer
    into its own hands. Both are told how many seconds that took.
    """

    __slots__ = ("_accepted", "_began", "_decided", "_denied", "_scope", "_send")

    def __init__(
        self,
        send: Send,
        scope: Scope,
        accepted: Callable[[Scope, Message, float, Exception | None], None],
        denied: Callable[[Scope, Message, float, Send], Awaitable[bool]],
    ) -> None:
        """Wrap the `send` of the connection in `scope`."""
        self._send = send
        self._scope = scope
        self._accepted = accepted
        self._denied = denied
        self._decided = False
        self._began = perf_counter()

    def __call__(self, message: Message) -> Awaitable[None]:
        """Send a message; after the decision this costs a call and nothing else."""
        if self._decided or message["type"] not in _DECISIONS:
            return self._send(message)
        self._decided = True
        return self._decide(message)

    async def _decide(self, message: Message) -> None:
        if message["type"] == "websocket.accept":
            try:
                await self._send(message)
            except Exception as fault:
                self._accepted(self._scope, message, self._duration(), fault)
                raise
            self._accepted(self._scope, message, self._duration(), None)
            return
        duration = self._duration()
        if not await self._denied(self._scope, message, duration, self._send):
            await self._send(message)

    def _duration(self) -> float:
        return perf_counter() - self._began
