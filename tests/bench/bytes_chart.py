"""The chart of what the length of a head costs, drawn from the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.bytes_tables import RATIO, microseconds, rejection
from tests.bench.bytes_trials import WITH_US
from tests.bench.plot import Line, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.bytes_tables import Row

TITLE = "What an opening handshake costs the server, by the length of its head"
BELOW = "microseconds of processor time; lines of 1 KiB; both axes are logarithmic"

#: How steep what is in proportion to the length would be, where there is room for it.
_GUIDE = Line("twice the bytes, twice the cost", [(0.5, 6), (4, 48)], style="guide")


def chart(long: Sequence[Row], short: Sequence[Row]) -> str:
    """Return the SVG of both tables: handshakes, and what we reject, dashed."""
    lines = list(_opened(long))
    rejected = next(row for row in short if row[0] == WITH_US)
    points = _points(short[0], rejected, rejection)
    if points:
        lines.append(Line("rejected: 431, short lines", points, style="dashed"))
    return drawn(TITLE, BELOW, _described(lines), [_GUIDE, *lines])


def _opened(rows: Sequence[Row]) -> Iterator[Line]:
    head, *servers = (row for row in rows if row[0] != RATIO)
    for number, row in enumerate(servers):
        points = _points(head, row, microseconds)
        if points:
            yield Line(_labelled(head, row), points, number)


def _points(
    head: Row, row: Row, read: Callable[[str], float | None]
) -> list[tuple[float, float]]:
    cells = zip(head[1:-1], map(read, row[1:-1]), strict=True)
    # where the clock has not ticked in a round, its cost is 0
    return [(float(size), cost) for size, cost in cells if cost]


def _labelled(head: Row, row: Row) -> str:
    """Return the name; where it stops, where and how."""
    for size, cell in zip(head[1:-1], row[1:-1], strict=True):
        if microseconds(cell) is None:
            return f"{row[0]}: {cell.split()[0]} from {size} KiB on"
    return row[0]


def _described(lines: Sequence[Line]) -> str:
    described = []
    for line in lines:
        (size, cost), (last, most) = line.points[0], line.points[-1]
        described.append(
            f"{line.label}: {cost:.0f} at {size:g} KiB, {most:.0f} at {last:g}."
        )
    return " ".join(["In microseconds of processor time.", *described])
