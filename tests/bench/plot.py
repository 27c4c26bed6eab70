"""Draws lines on two logarithmic axes, as an SVG for eyes and for screen readers."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import log2, log10
from typing import TYPE_CHECKING

from tests.bench.plot_labels import placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.plot_labels import Point

WIDTH, HEIGHT = 780, 500
LEFT, RIGHT, TOP, BOTTOM = 62.0, 560.0, 78.0, 440.0

# Each colour has at least 3:1 against its paper, the text 4.5:1. The picture brings its
# own paper, as a page may be dark where the reader's system is light.
STYLE = """
  svg { --paper: #fff; --ink: #1f2328; --soft: #59636e; --rule: #dfe3e8;
        --0: #0b5cad; --1: #57606a; --2: #b35900; --3: #0f766e;
        --4: #7c3aed; --5: #357a1d; --6: #be185d; }
  @media (prefers-color-scheme: dark) {
  svg { --paper: #15181d; --ink: #e6e8eb; --soft: #9aa4af; --rule: #2e343c;
        --0: #6cb0ff; --1: #a9b3bf; --2: #f0a35e; --3: #3fc1b0;
        --4: #b79bff; --5: #86c95f; --6: #f57ab5; }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--ink);
         paint-order: stroke; stroke: var(--paper); stroke-width: 4; }
  .title { font-size: 17px; font-weight: 600; }
  .soft, .guide text { fill: var(--soft); }
  .rule { stroke: var(--rule); }
  .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
  .mark { fill: currentColor; }
  .lead { stroke: currentColor; opacity: .6; }
  .first .line { stroke-width: 3; }
  .first text { font-weight: 600; }
  .dashed .line { stroke-dasharray: 6 4; }
  .dashed .mark { stroke: currentColor; stroke-width: 2; fill: var(--paper); }
  .guide .line { stroke-width: 1.5; stroke-dasharray: 1.5 4; }
"""

# A shape for each colour, for readers who cannot tell the colours apart.
_SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    "M-3.5 -3.5h7v7h-7z",
    "M0 -5L5 4h-10z",
    "M0 -5L5 0L0 5L-5 0z",
    "M0 5L5 -4h-10z",
    "M-5 -1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z",
    "M-5 -2h10v4h-10z",
)


@dataclass(frozen=True)
class Line:
    """Points, in KiB and microseconds, and how they are drawn.

    A `solid` or `dashed` line has a colour and a shape by its number, a `guide` none.
    """

    label: str
    points: Sequence[Point]
    number: int = 0
    style: str = "solid"


def drawn(title: str, below: str, description: str, lines: Sequence[Line]) -> str:
    """Return the SVG."""
    scale = _Scale.of(lines)
    parts = _frame(title, below, description), _grid(scale), _lines(scale, lines)
    return "\n".join([*(text for part in parts for text in part), "</svg>", ""])


@dataclass(frozen=True)
class _Scale:
    """Where a point is on the picture."""

    first: float
    last: float
    low: float
    high: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Scale:
        """Take in all points; upwards to the next step of 1, 2 and 5."""
        across, up = zip(*(p for line in lines for p in line.points), strict=True)
        steps = [step * 10.0**power for power in range(-3, 9) for step in (1, 2, 5)]
        low = max(step for step in steps if step <= min(up))
        high = min(step for step in steps if step >= max(up))
        return cls(min(across), max(across), low, high)

    def at(self, point: Point) -> Point:
        size, cost = point
        across = log2(size / self.first) / log2(self.last / self.first)
        up = log10(cost / self.low) / log10(self.high / self.low)
        return LEFT + across * (RIGHT - LEFT), BOTTOM - up * (BOTTOM - TOP)

    def sizes(self) -> Iterator[tuple[float, float]]:
        """Yield the steps across, and where they are."""
        size = self.first
        while size <= self.last:
            yield size, self.at((size, self.low))[0]
            size *= 2

    def costs(self) -> Iterator[tuple[float, float]]:
        """Yield the steps upwards, and where they are."""
        cost = self.low
        while cost <= self.high * 1.001:
            yield cost, self.at((self.first, cost))[1]
            cost *= 2.5 if f"{cost:e}".startswith("2") else 2


def _frame(title: str, below: str, description: str) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' role="img" aria-labelledby="title description">'
    )
    yield f'<title id="title">{escape(title)}</title>'
    yield f'<desc id="description">{escape(description)}</desc>'
    yield f"<style>{STYLE}</style>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="var(--paper)"/>'
    yield _text((20, 32), title, "title")
    yield _text((20, 54), below, "soft")


def _grid(scale: _Scale) -> Iterator[str]:
    for cost, y in scale.costs():
        yield f'<path class="rule" d="M{LEFT:g} {y:.1f}H{RIGHT:g}"/>'
        yield _text((LEFT - 8, y + 4.5), f"{cost:,g}", "soft", "end")
    for size, x in scale.sizes():
        yield f'<path class="rule" d="M{x:.1f} {TOP:g}V{BOTTOM:g}"/>'
        yield _text((x, BOTTOM + 21), f"{size:g}", "soft", "middle")
    middle = (LEFT + RIGHT) / 2, BOTTOM + 44
    yield _text(middle, "KiB of request head", "soft", "middle")


def _lines(scale: _Scale, lines: Sequence[Line]) -> Iterator[str]:
    paths = [[scale.at(point) for point in line.points] for line in lines]
    labels = placed([line.label for line in lines], paths, (LEFT, RIGHT))
    for line, path, (place, lead) in zip(lines, paths, labels, strict=True):
        yield from _line(line, path)
        (x, y), (to_x, to_y) = lead
        yield f'  <path class="lead" d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"/>'
        yield "  " + _text(place, line.label)
        yield "</g>"


def _line(line: Line, path: Sequence[Point]) -> Iterator[str]:
    guides = line.style == "guide"
    colour = "--soft" if guides else f"--{line.number}"
    emphasis = " first" if line.number == 0 and line.style == "solid" else ""
    yield f'<g class="{line.style}{emphasis}" color="var({colour})">'
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in path)
    yield f'  <path class="line" d="M{steps}"/>'
    shape = _SHAPES[line.number]
    for x, y in () if guides else path:
        place = f"translate({x:.1f} {y:.1f})"
        yield f'  <path class="mark" transform="{place}" d="{shape}"/>'


def _text(place: Point, text: str, name: str = "", anchor: str = "") -> str:
    named = f' class="{name}"' if name else ""
    anchored = f' text-anchor="{anchor}"' if anchor else ""
    x, y = place
    return f'<text x="{x:.1f}" y="{y:.1f}"{named}{anchored}>{escape(text)}</text>'
