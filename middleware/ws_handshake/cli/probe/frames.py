"""Whether frames get through after the handshake: a ping, and a clean close.

It takes bytes and returns bytes; wsproto reads and writes the frames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import CloseConnection, Message, Ping, Pong
from wsproto.extensions import PerMessageDeflate
from wsproto.frame_protocol import CloseReason

from ws_handshake.cli.client.failures import (
    CLOSE_MISSING,
    CLOSED_AT_ONCE,
    FRAME_MALFORMED,
    PONG_MISSING,
    Failure,
)
from ws_handshake.cli.screen import shown

if TYPE_CHECKING:
    from wsproto.events import Event

# With another code the server had closed before it read our close frame.
_RESPONSES_TO_OURS = frozenset(
    [
        CloseReason.NORMAL_CLOSURE,
        CloseReason.GOING_AWAY,
        CloseReason.NO_STATUS_RCVD,
    ]
)
_CLOSED = (ConnectionState.REMOTE_CLOSING, ConnectionState.CLOSED)


class Talk:
    """A WebSocket as its client sees it, open after an acceptance."""

    def __init__(self, payload: bytes) -> None:
        """Take the payload of the ping that will be sent."""
        # A window of 15 bits reads what was compressed with any parameters.
        deflate = PerMessageDeflate()
        deflate.finalize("permessage-deflate")
        self._frames = Connection(ConnectionType.CLIENT, [deflate])
        self._payload = payload
        self.ponged = False
        self.messages = 0
        #: The close frame that came, and why what came is no frame.
        self.closed: CloseConnection | None = None
        self.malformed: str | None = None

    @property
    def over(self) -> bool:
        """Return whether nothing more is to be read."""
        return self.closed is not None or self.malformed is not None

    def ping(self) -> bytes:
        """Return the ping."""
        return self._frames.send(Ping(payload=self._payload))

    def close(self) -> bytes:
        """Return a close frame with code 1000."""
        return self._frames.send(CloseConnection(code=CloseReason.NORMAL_CLOSURE))

    def receive(self, data: bytes) -> bytes:
        """Take what came, and return what must get a response."""
        if self.over:
            return b""
        self._frames.receive_data(data)
        return b"".join(map(self._reply, self._frames.events()))

    def _reply(self, event: Event) -> bytes:
        if isinstance(event, Ping):
            responses = self._frames.state is ConnectionState.OPEN
            return self._frames.send(event.response()) if responses else b""
        if isinstance(event, Pong):
            self.ponged = self.ponged or event.payload == self._payload
        elif isinstance(event, Message):
            self.messages += event.message_finished
        else:
            return self._note_close(cast("CloseConnection", event))
        return b""

    def _note_close(self, event: CloseConnection) -> bytes:
        if self._frames.state not in _CLOSED:  # wsproto could not read a frame
            self.malformed = shown(event.reason or "")
            return b""
        self.closed = event
        responses = self._frames.state is ConnectionState.REMOTE_CLOSING
        return self._frames.send(event.response()) if responses else b""


def after_ping(talk: Talk, ending: str | None) -> Failure | None:
    """Return what was wrong until the pong came, or should have come."""
    if talk.malformed is not None:
        return Failure(FRAME_MALFORMED, talk.malformed)
    if talk.closed is not None:
        return Failure(CLOSED_AT_ONCE, close_in_words(talk.closed))
    return None if talk.ponged else Failure(PONG_MISSING, ending)


def after_close(talk: Talk, ending: str | None) -> Failure | None:
    """Return what was wrong with the closing handshake."""
    if talk.malformed is not None:
        return Failure(FRAME_MALFORMED, talk.malformed)
    if talk.closed is None:
        return Failure(CLOSE_MISSING, ending)
    if talk.closed.code not in _RESPONSES_TO_OURS:
        return Failure(CLOSED_AT_ONCE, close_in_words(talk.closed))
    return None


def close_in_words(event: CloseConnection) -> str:
    """Return code and reason of a close frame."""
    code = (
        "no code" if event.code == CloseReason.NO_STATUS_RCVD else str(int(event.code))
    )
    return f"{code}, {shown(event.reason)}" if event.reason else code
