"""Where the labels of lines stand: at their ends, on no line and on no other label."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    Point = tuple[float, float]
    Path = Sequence[Point]
    #: Where the text begins, and the line that leads to it.
    Label = tuple[Point, tuple[Point, Point]]

#: How far lines of text are apart, and how wide a letter is at most, mostly.
LEADING, LETTER = 17.0, 7.2
#: How far a mark reaches above and below its line.
MARK = 5.0
#: From the middle of the letters down to their base line.
BASE = 4.5


class Box(NamedTuple):
    """The room that a text takes."""

    left: float
    right: float
    top: float
    bottom: float

    @classmethod
    def of(cls, text: str, left: float, middle: float) -> Box:
        """Return the room of a text that begins here."""
        half = LEADING / 2
        return cls(left, left + LETTER * len(text), middle - half, middle + half)

    def overlaps(self, other: Box) -> bool:
        """Return whether both take the same room somewhere."""
        return (self.left < other.right and other.left < self.right) and (
            self.top < other.bottom and other.top < self.bottom
        )

    def is_on(self, path: Path) -> bool:
        """Return whether a line, or a mark on it, comes too close."""
        return any(self._is_on(*ends) for ends in pairwise(path))

    def _is_on(self, start: Point, end: Point) -> bool:
        (x, y), (to_x, to_y) = start, end
        left, right = max(x, self.left), min(to_x, self.right)
        if left > right:
            return False
        slope = (to_y - y) / (to_x - x)
        heights = y + slope * (left - x), y + slope * (right - x)
        return min(heights) < self.bottom + MARK and self.top - MARK < max(heights)


def placed(
    texts: Sequence[str], paths: Sequence[Path], edges: tuple[float, float]
) -> list[Label]:
    """Return a label for each line: right of the picture, or close to an early end."""
    edge = edges[1]
    found: dict[int, Label] = {}
    reach = [n for n, path in enumerate(paths) if path[-1][0] > edge - 1]
    heights = _apart([paths[n][-1][1] for n in reach])
    for number, middle in zip(reach, heights, strict=True):
        _, y = paths[number][-1]
        lead = ((edge + 7, y), (edge + 14, middle))
        found[number] = ((edge + 18, middle + BASE), lead)
    taken: list[Box] = []
    for number, path in enumerate(paths):
        if number not in found:
            box = _free(texts[number], path[-1], edges, paths, taken)
            taken.append(box)
            found[number] = _beside(box, path[-1])
    return [label for _, label in sorted(found.items())]


def _apart(middles: Sequence[float]) -> list[float]:
    """Return these heights, moved until neighbours are a line of text apart."""
    order = sorted(range(len(middles)), key=middles.__getitem__)
    moved = list(middles)
    for _ in range(100):  # each time neighbours share what is missing
        for above, under in pairwise(order):
            missing = max(0.0, LEADING - (moved[under] - moved[above]))
            moved[above] -= missing / 2
            moved[under] += missing / 2
    return moved


def _free(
    text: str,
    end: Point,
    edges: tuple[float, float],
    paths: Sequence[Path],
    taken: Sequence[Box],
) -> Box:
    """Return the nearest room below or above the end of a line."""
    half = LETTER * len(text) / 2
    left = min(max(end[0] - half, edges[0] + 4), edges[1] - 4 - 2 * half)
    for step in range(4, 80):
        for side in (1, -1):
            box = Box.of(text, left, end[1] + side * step * LEADING / 4)
            if not any(map(box.is_on, paths)) and not any(map(box.overlaps, taken)):
                return box
    raise ValueError(f"There is no room for {text!r}.")


def _beside(box: Box, end: Point) -> Label:
    x, y = end
    below = box.top > y
    start, stop = (y + 6, box.top + 2) if below else (y - 6, box.bottom - 2)
    return (box.left, box.bottom - LEADING / 2 + BASE), ((x, start), (x, stop))
