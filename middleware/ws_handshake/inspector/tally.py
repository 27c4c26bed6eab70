"""How many handshakes were accepted and rejected: in all, and in each second."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ws_handshake.outcome.record import HandshakeRecord

SECONDS = 120


class Count:
    """How many were accepted, and how many rejected, by the first code of each."""

    __slots__ = ("accepted", "by_reason", "rejected")

    def __init__(self) -> None:
        """Start at zero."""
        self.accepted = 0
        self.rejected = 0
        self.by_reason: Counter[str] = Counter()

    def add(self, record: HandshakeRecord) -> None:
        """Count one handshake."""
        if record.rejection is None:
            self.accepted += 1
        else:
            self.rejected += 1
            self.by_reason[record.rejection.reason.code] += 1

    def row(self) -> dict[str, object]:
        """Return it as the page gets it."""
        return {
            "accepted": self.accepted,
            "rejected": self.rejected,
            "by_reason": dict(self.by_reason),
        }


class Tally:
    """All counts since the start, and those of the last two minutes."""

    def __init__(self) -> None:
        """Start at zero."""
        self.total = Count()
        self._seconds: deque[tuple[int, Count]] = deque(maxlen=SECONDS)

    def add(self, record: HandshakeRecord, now: float) -> None:
        """Count one handshake in its second."""
        second = int(now)
        # after the clock was set back, counting goes on in the last second
        if not self._seconds or self._seconds[-1][0] < second:
            self._seconds.append((second, Count()))
        self._seconds[-1][1].add(record)
        self.total.add(record)

    def seconds(self, since: float) -> list[dict[str, object]]:
        """Return the seconds from `since` on in which anything happened."""
        begin = int(since)
        return [{"t": t, **count.row()} for t, count in self._seconds if t >= begin]
