"""The steps over an open WebSocket: a ping and a clean close.

wsproto reads and writes the frames.
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
from ws_handshake.cli.probe.notes import messages_came
from ws_handshake.cli.screen import shown
from ws_handshake.core.redaction import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wsproto.events import Event

    from ws_handshake.cli.client.dial import Wire
    from ws_handshake.cli.client.exchange import Exchange
    from ws_handshake.cli.probe.notes import Note
    from ws_handshake.cli.probe.track import Draft, Track

# The share of the time that the pong may take; the rest is for the close.
_SHARE_OF_PING = 0.6
# After this many bytes the probe stops reading from a server that sends without end.
_MOST = 4_194_304
# The number of bytes that -v shows of each direction.
_TRACED = 24

# A server that sends another code closed on its own, before it read our close frame.
_RESPONSE_CODES = frozenset(
    [
        CloseReason.NORMAL_CLOSURE,
        CloseReason.GOING_AWAY,
        CloseReason.NO_STATUS_RCVD,
    ]
)
_PROTOCOL_ERRORS = (CloseReason.PROTOCOL_ERROR, CloseReason.INVALID_FRAME_PAYLOAD_DATA)
# RFC 6455 section 7.4.1: from an error of protocol, data or size to one of the server
_TELLING_CODES = frozenset([1002, 1003, 1007, 1009, 1010, 1011, 1012, 1013, 1014])
_ENDED = "the connection ended"
_SAY_WHY_IT_ENDED = "Read the logs of the server and the proxies: one of them ended it."
_CLOSED = (ConnectionState.REMOTE_CLOSING, ConnectionState.CLOSED)


class Opened:
    """An open WebSocket: sends a ping and a close frame over a connection."""

    def __init__(self, wire: Wire, exchange: Exchange, payload: bytes) -> None:
        """Take over the connection after the handshake."""
        self._wire = wire
        self._exchange = exchange
        self._talk = Talk(payload)
        self._lines: list[str] = []

    def steps(self, track: Track) -> Iterator[Failure]:
        """Ping and close; yield what fails."""
        with track.step("ping") as step:
            found = self._ping()
            self._report(step, found, "pong")
        if found is not None:
            yield found
        if self._is_over():
            return
        with track.step("close") as step:
            found = self._close()
            self._report(step, found, "")
        if found is not None:
            yield found

    @property
    def broke(self) -> bool:
        """True if the WebSocket broke off, as where compressed frames are not known."""
        talk = self._talk
        by_code = talk.closed is not None and talk.closed.code in _PROTOCOL_ERRORS
        ended = self._exchange.ended and not talk.ponged
        return by_code or ended or talk.malformed is not None

    @property
    def closed_silently(self) -> bool:
        """True if the server closed the WebSocket, and did not say why."""
        talk = self._talk
        if talk.closed is None:
            return self._exchange.ended and not talk.ponged and talk.malformed is None
        code = talk.closed.code
        on_its_own = talk.closed_first or code not in _RESPONSE_CODES
        return on_its_own and not talk.closed.reason and code not in _TELLING_CODES

    def notes(self) -> Iterator[Note]:
        """Yield the notes on what was received."""
        if self._talk.messages:
            yield messages_came(self._talk.messages)

    def _ping(self) -> Failure | None:
        whole = self._wire.deadline
        self._wire.deadline = whole.part(_SHARE_OF_PING)
        ending = self._exchange_until(self._talk.ping(), lambda: self._talk.ponged)
        self._wire.deadline = whole
        return after_ping(self._talk, ending)

    def _close(self) -> Failure | None:
        ending = self._exchange_until(self._talk.close(), lambda: False)
        return after_close(self._talk, ending)

    def _exchange_until(self, frame: bytes, done: Callable[[], bool]) -> str:
        """Send a frame and read until `done`; return why reading ended otherwise."""
        self._send_frames(frame)
        try:
            while not (self._take() or done()):
                self._wire.send(self._exchange.to_send())
                self._exchange.receive(self._wire.receive())
        except TimeoutError:
            return "nothing was received in time"
        return _ENDED if self._exchange.ended else "too much was received"

    def _take(self) -> bool:
        """Read the frames that are there; return whether to stop reading."""
        received = self._exchange.take_frames()
        self._trace("<", received)
        self._send_frames(self._talk.receive(received))
        if self._talk.over:
            self._wire.send(self._exchange.to_send())
        return self._is_over()

    def _is_over(self) -> bool:
        too_much = self._exchange.received > _MOST
        return self._talk.over or self._exchange.ended or too_much

    def _send_frames(self, data: bytes) -> None:
        self._trace(">", data)
        self._exchange.send_frames(data)

    def _trace(self, direction: str, data: bytes) -> None:
        if data:
            more = " ..." if len(data) > _TRACED else ""
            self._lines.append(f"{direction} {data[:_TRACED].hex(' ')}{more}")

    def _report(self, step: Draft, found: Failure | None, good: str) -> None:
        closed = self._talk.closed
        if found is not None:
            step.ok, step.result = False, found.seen or found.kind.what
        else:
            step.result = good or (close_in_words(closed) if closed else "")
        if self._talk.messages:
            step.facts["messages"] = self._talk.messages
            step.result += f", after {counted(self._talk.messages, 'message')}"
        if closed is not None:
            step.facts["code"] = int(closed.code)
        step.lines, self._lines = tuple(self._lines), []


class Talk:
    """The frames of an open WebSocket, from the client's side; bytes in, bytes out."""

    def __init__(self, payload: bytes) -> None:
        """Take the payload of the ping."""
        # a window of 15 bits decompresses whatever parameters were agreed on
        deflate = PerMessageDeflate()
        deflate.finalize("permessage-deflate")
        self._frames = Connection(ConnectionType.CLIENT, [deflate])
        self._payload = payload
        self.ponged = False
        self.messages = 0
        #: The close frame that was received, and why a frame could not be read.
        self.closed: CloseConnection | None = None
        self.closed_first = False
        self.malformed: str | None = None

    @property
    def over(self) -> bool:
        """True when nothing more is to be read."""
        return self.closed is not None or self.malformed is not None

    def ping(self) -> bytes:
        """Return the ping."""
        return self._frames.send(Ping(payload=self._payload))

    def close(self) -> bytes:
        """Return a close frame with code 1000."""
        return self._frames.send(CloseConnection(code=CloseReason.NORMAL_CLOSURE))

    def receive(self, data: bytes) -> bytes:
        """Take received bytes, and return the bytes to send in response."""
        if self.over:
            return b""
        self._frames.receive_data(data)
        return b"".join(map(self._reply, self._frames.events()))

    def _reply(self, event: Event) -> bytes:
        if isinstance(event, Ping):
            is_open = self._frames.state is ConnectionState.OPEN
            return self._frames.send(event.response()) if is_open else b""
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
        self.closed_first = self._frames.state is ConnectionState.REMOTE_CLOSING
        return self._frames.send(event.response()) if self.closed_first else b""


def after_ping(talk: Talk, ending: str | None) -> Failure | None:
    """Return what failed up to the pong."""
    if talk.malformed is not None:
        return Failure(FRAME_MALFORMED, talk.malformed)
    if talk.closed is not None:
        return Failure(CLOSED_AT_ONCE, close_in_words(talk.closed))
    if talk.ponged:
        return None
    fix = _SAY_WHY_IT_ENDED if ending == _ENDED else None
    return Failure(PONG_MISSING, ending, fix)


def after_close(talk: Talk, ending: str | None) -> Failure | None:
    """Return what failed in the closing handshake."""
    if talk.malformed is not None:
        return Failure(FRAME_MALFORMED, talk.malformed)
    if talk.closed is None:
        return Failure(CLOSE_MISSING, ending)
    if talk.closed.code not in _RESPONSE_CODES:
        return Failure(CLOSED_AT_ONCE, close_in_words(talk.closed))
    return None


def close_in_words(event: CloseConnection) -> str:
    """Return the code and the reason of a close frame."""
    code = (
        "no code" if event.code == CloseReason.NO_STATUS_RCVD else str(int(event.code))
    )
    return f"{code}, {shown(event.reason)}" if event.reason else code
