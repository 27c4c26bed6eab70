"""Exchange, one request and its response: the same face for HTTP/1.1 and HTTP/2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.client.response import Response

#: No more of a head is read, and no more of a body looked at.
HEAD_LIMIT = 65_536
BODY_LIMIT = 4096

#: How an alert, or a handshake, of TLS begins (RFC 8446 section 5.1).
TLS_RECORDS = (b"\x15\x03", b"\x16\x03")


class Exchange(Protocol):
    """It takes bytes and returns bytes; it knows no socket and no clock.

    `response` is there once its head is; `done` says that nothing more is to come of an
    response that is looked at, and `trouble` why none will come.
    """

    response: Response | None
    trouble: Failure | None
    done: bool
    #: How many bytes have come.
    received: int

    def to_send(self) -> bytes:
        """Return what must be sent now."""
        ...

    def receive(self, data: bytes) -> None:
        """Take what came; nothing says that the other side has ended."""
        ...

    def send_frames(self, data: bytes) -> None:
        """Take frames that are to be sent over the WebSocket."""
        ...

    def take_frames(self) -> bytes:
        """Return, once, what came over the WebSocket."""
        ...

    @property
    def ended(self) -> bool:
        """Return whether nothing more can come over the WebSocket."""
        ...
