"""Holds the head of an answer until its body comes, so that both leave in one piece.

ASGI allows it: of `http.response.start` nothing need be sent before the first
`http.response.body`. uvicorn sends it at once, which costs a system call and a packet,
and a client that reads once has the head alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import asyncio

# What an answer begins with. A body may begin so too, and is then held for a moment.
_BEGINNING = b"HTTP/1.1 "

# From here on copying costs more than it saves.
_LONG = 65_536


class _Cork:
    """Stands before a transport, as long as HTTP is spoken on it.

    A head that it holds leaves with the next write, when the transport is closed, or
    when the event loop comes round, whichever is first.
    """

    __slots__ = ("_held", "_loop", "transport")

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.transport = transport
        self._loop = loop
        self._held = b""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever it asks for)
        """Return what is the transport's own, behind what is held."""
        self.release()
        return getattr(self.transport, name)

    def write(self, data: bytes) -> None:
        """Hold a head, and send whatever comes next behind it."""
        held = self._held
        if held:
            if len(data) < _LONG:
                data = held + data
            else:
                self.transport.write(held)
            self._held = b""
            self.transport.write(data)
        elif data[: len(_BEGINNING)] == _BEGINNING:
            self._held = data
            self._loop.call_soon(self.release)
        else:
            self.transport.write(data)

    def close(self) -> None:
        """Close the transport behind what is held."""
        self.release()
        self.transport.close()

    def is_closing(self) -> bool:
        """Ask the transport."""
        return self.transport.is_closing()

    def release(self) -> None:
        """Send what is held, if there is still somebody to have it."""
        held = self._held
        if held:
            self._held = b""
            if not self.is_closing():
                self.transport.write(held)


def corked(
    transport: asyncio.BaseTransport, loop: asyncio.AbstractEventLoop
) -> asyncio.Transport:
    """Return a transport that joins the head of an answer and its body."""
    own = cast("asyncio.Transport", transport)
    return cast("asyncio.Transport", _Cork(own, loop))


def uncorked(transport: asyncio.Transport) -> asyncio.Transport:
    """Return the transport itself, on which nothing is held any longer."""
    if not isinstance(transport, _Cork):
        return transport
    transport.release()
    return transport.transport
