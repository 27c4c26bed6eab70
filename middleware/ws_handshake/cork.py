"""Holds the head of an answer until its body comes, so that both leave in one piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import asyncio


class _Cork:
    """Stands before a transport, for one answer.

    What it holds leaves with the next write, when the transport is closed, or when
    the event loop comes round, whichever is first.
    """

    __slots__ = ("_began", "_held", "_loop", "_transport")

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._transport = transport
        self._loop = loop
        self._began = False
        self._held = b""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever it asks for)
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Hold what is written first, and send the rest as it comes."""
        if not self._began:
            self._began, self._held = True, data
            self._loop.call_soon(self._release)
            return
        held, self._held = self._held, b""
        self._transport.write(held + data)

    def close(self) -> None:
        """Close the transport behind what is held."""
        self._release()
        self._transport.close()

    def _release(self) -> None:
        held, self._held = self._held, b""
        if held and not self._transport.is_closing():
            self._transport.write(held)


def corked(
    transport: asyncio.Transport, loop: asyncio.AbstractEventLoop
) -> asyncio.Transport:
    """Return a transport for one answer, which joins its head and its body.

    A server writes the two apart, and a client that reads once may have the head
    alone.
    """
    return cast("asyncio.Transport", _Cork(transport, loop))
