"""Counts the events of a log, in bounded memory whatever is in the log."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ws_handshake.cli.watch.events import Event

MOST_NAMES = 1000
LAST_EVENTS = 5

_SPAN = 10
_SPANS = 6


class Rate:
    """How often something happened in the last minute, in steps of ten seconds."""

    __slots__ = ("_newest", "_spans")

    def __init__(self) -> None:
        """Begin at zero."""
        self._newest = 0
        self._spans = [0] * _SPANS

    def add(self, number: int, now: float | None) -> None:
        """Add `number`; without `now` they are too old to count."""
        if now is not None:
            self._move_to(now)
            self._spans[self._newest % _SPANS] += number

    def per_minute(self, now: float) -> int:
        """Return the number in the minute before `now`."""
        self._move_to(now)
        return sum(self._spans)

    def _move_to(self, now: float) -> None:
        newest = max(int(now // _SPAN), self._newest)
        for span in range(max(self._newest, newest - _SPANS) + 1, newest + 1):
            self._spans[span % _SPANS] = 0
        self._newest = newest


class Row(NamedTuple):
    """A name, how often it was counted, and how often in the last minute."""

    name: str
    number: int
    per_minute: int


class Names:
    """Counts by name: the sum is exact, and so are the frequent names.

    When there are too many names, the rarer half becomes `other`. A name of these that
    comes again starts at zero: its number may be too low, and is never too high.
    """

    def __init__(self, most: int = MOST_NAMES) -> None:
        """Keep at most this many names."""
        self._most = most
        self._seen: dict[str, tuple[int, Rate]] = {}
        self.other = 0

    def add(self, name: str | None, number: int, now: float | None) -> None:
        """Count a name, if there is one."""
        if name is None or not number:
            return
        if name not in self._seen and len(self._seen) >= self._most:
            self._make_room()
        before, rate = self._seen.get(name, (0, None))
        rate = rate or Rate()
        rate.add(number, now)
        self._seen[name] = (before + number, rate)

    def top(self, most: int, now: float) -> tuple[list[Row], int]:
        """Return the most frequent names, and the sum of all others."""
        names = self._by_number()
        rows = [
            Row(name, number, rate.per_minute(now))
            for name, (number, rate) in names[:most]
        ]
        return rows, self.other + sum(number for _, (number, _) in names[most:])

    def _make_room(self) -> None:
        names = self._by_number()
        kept = self._most // 2
        self.other += sum(number for _, (number, _) in names[kept:])
        self._seen = dict(names[:kept])

    def _by_number(self) -> list[tuple[str, tuple[int, Rate]]]:
        return sorted(self._seen.items(), key=lambda seen: -seen[1][0])


#: What is counted, and whether that includes what the rate limit held back.
DIMENSIONS: Mapping[str, bool] = {
    "reason": True,
    "cause": False,
    "path": False,
    "client": False,
    "warning": True,
}


@dataclass
class Tally:
    """All counts, and the last events.

    accepted + rejected is the number of handshakes. Those without a line of their own
    are also in `suppressed`: of them only the reason is known.
    """

    accepted: int = 0
    rejected: int = 0
    suppressed: int = 0
    report_only: int = 0
    other_lines: int = 0
    #: The first of them, or the last that shows the form of the log.
    sample: bytes = b""
    rate: Rate = field(default_factory=Rate)
    by: dict[str, Names] = field(
        default_factory=lambda: {name: Names() for name in DIMENSIONS}
    )
    last: deque[Event] = field(default_factory=lambda: deque(maxlen=LAST_EVENTS))

    def add(self, event: Event, now: float | None) -> None:
        """Count an event; without `now` it was in the log before."""
        itself = 0 if event.is_summary else 1
        number = itself + event.suppressed
        self.suppressed += event.suppressed
        if event.outcome == "accepted":
            self.accepted += number
        else:
            self.rejected += number
            self.report_only += itself * event.report_only
            self.rate.add(number, now)
        for name, with_suppressed in DIMENSIONS.items():
            if event.outcome == "rejected" or name == "warning":
                counted = number if with_suppressed else itself
                self.by[name].add(getattr(event, name), counted, now)
        if itself and (event.outcome == "rejected" or event.warning):
            self.last.append(event)

    @property
    def events(self) -> int:
        """The number of handshakes."""
        return self.accepted + self.rejected

    def add_other(self, line: bytes, *, is_telling: bool) -> None:
        """Count a line without a readable event, and keep one that says why."""
        if is_telling or not self.other_lines:
            self.sample = line
        self.other_lines += 1

    def document(self, now: float) -> dict[str, object]:
        """Return the counts for JSON, with the 100 most frequent names of each kind."""
        by = {name: _counted(names, now) for name, names in self.by.items()}
        return {
            "accepted": self.accepted,
            "rejected": self.rejected,
            "suppressed": self.suppressed,
            "report_only": self.report_only,
            "other_lines": self.other_lines,
            "by": by,
        }


def _counted(names: Names, now: float) -> dict[str, object]:
    rows, other = names.top(100, now)
    return {"counts": {row.name: row.number for row in rows}, "other": other}
