"""The steps over an open WebSocket: a ping, and a clean close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.cli.probe.frames import Talk, after_close, after_ping, close_in_words
from ws_handshake.cli.probe.notes import messages_came
from ws_handshake.core.redaction import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake.cli.client.dial import Wire
    from ws_handshake.cli.client.exchange import Exchange
    from ws_handshake.cli.client.failures import Failure
    from ws_handshake.cli.probe.notes import Note
    from ws_handshake.cli.probe.track import Draft, Track

# What the pong may take of the time; the rest is for the close.
_SHARE_OF_PING = 0.6
# A server that talks without end is not waited for.
_MOST = 4_194_304
# So many bytes of what comes or goes are shown by -v.
_TRACED = 24


class Opened:
    """An open WebSocket on a wire."""

    def __init__(self, wire: Wire, exchange: Exchange, payload: bytes) -> None:
        """Take over what the handshake has opened."""
        self._wire = wire
        self._exchange = exchange
        self._talk = Talk(payload)
        self._lines: list[str] = []

    def steps(self, track: Track) -> Iterator[Failure]:
        """Ping and close, and yield what is wrong with either."""
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

    def notes(self) -> Iterator[Note]:
        """Yield what is worth a word."""
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
        """Send a frame and read until `done`; return how it ended where it did not."""
        self._send_frames(frame)
        try:
            while not (self._take() or done()):
                self._wire.send(self._exchange.to_send())
                self._exchange.receive(self._wire.receive())
        except TimeoutError:
            return "nothing came in time"
        return "the connection ended" if self._exchange.ended else "too much came"

    def _take(self) -> bool:
        """Read the frames that are there; say whether no more are to be read."""
        came = self._exchange.take_frames()
        self._trace("<", came)
        self._send_frames(self._talk.receive(came))
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
            step.good, step.reported = False, found.seen or found.kind.what
        else:
            step.reported = good or (close_in_words(closed) if closed else "")
        if self._talk.messages:
            step.facts["messages"] = self._talk.messages
            step.reported += f", after {counted(self._talk.messages, 'message')}"
        if closed is not None:
            step.facts["code"] = int(closed.code)
        step.lines, self._lines = tuple(self._lines), []
