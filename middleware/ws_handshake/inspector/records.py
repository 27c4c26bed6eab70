"""The handshakes that the inspector keeps: the newest, and how many there were."""

from __future__ import annotations

import json
import time
from collections import deque
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.inspector.tally import SECONDS, Tally
from ws_handshake.outcome.event import event_of
from ws_handshake.outcome.problem import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.outcome.record import HandshakeRecord

    Row = dict[str, object]

_encode = json.JSONEncoder(separators=(",", ":")).encode


def row_of(record: HandshakeRecord, now: float) -> Row:
    """Return a record as the log has it in JSON; `problem` is what the client got."""
    level, name, fields = event_of(record)
    when = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
    row = {
        "timestamp": when.replace("+00:00", "Z"),
        "level": level,
        "event": name,
        **fields,
    }
    if record.rejection is not None:
        row["problem"] = problem(record.rejection)
    return row


class Kept(NamedTuple):
    """One handshake: its number, from 1, and its row as JSON."""

    number: int
    text: str


class Records:
    """Keeps the newest `size` handshakes, and counts all. Threads may share it.

    A reader asks for what is new since a number. Nothing is kept for a reader: one
    that is slow misses the oldest, and sees it by the gap in the numbers.
    """

    def __init__(self, size: int, clock: Callable[[], float] = time.time) -> None:
        """Start with none; `clock` returns seconds since the epoch."""
        self._clock = clock
        self._lock = Lock()
        self._kept: deque[Kept] = deque(maxlen=size)
        self._tally = Tally()
        self._last = 0
        self.started = clock()

    def add(self, record: HandshakeRecord) -> None:
        """Keep a handshake, in the place of the oldest if there is no room."""
        now = self._clock()
        text = _encode(row_of(record, now))
        with self._lock:
            self._last += 1
            self._kept.append(Kept(self._last, text))
            self._tally.add(record, now)

    def now(self) -> float:
        """Return the time, by which records are dated."""
        return self._clock()

    def since(self, number: int, most: int | None = None) -> list[Kept]:
        """Return what came after a number, the newest `most`, the oldest first."""
        with self._lock:
            new = min(self._last - number, len(self._kept))
            new = new if most is None else min(new, most)
            return [self._kept[at] for at in range(-new, 0)]

    def counts(self, since: float = 0) -> str:
        """Return as JSON how many there were, in all and in each second `since`."""
        now = self._clock()
        with self._lock:
            counted: Row = {
                "started": round(self.started, 3),
                "now": round(now, 3),
                "last": self._last,
                "counts": self._tally.total.row(),
                "seconds": self._tally.seconds(max(since, now - SECONDS)),
            }
        return _encode(counted)
