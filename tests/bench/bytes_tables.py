"""The tables of what the length of a head costs."""

from __future__ import annotations

from functools import partial
from itertools import chain
from math import log
from statistics import linear_regression, median
from typing import TYPE_CHECKING

from tests.bench.bytes_trials import OPENED, WITH_US, WITHOUT_US
from tests.bench.core import compare
from tests.bench.heads import KIB, SIZES
from tests.support.hostile_heads import HEADS, POLICIES
from ws_handshake import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tests.bench.bytes_trials import Trial
    from ws_handshake import RequestHead

    Row = Sequence[str]
    Family = Callable[[int], RequestHead]

RATIO = "with / alone"
SLOPE = "µs a KiB"
#: Between these the cost of a byte is to be the same.
LONG = tuple(size for size in SIZES if size >= 8 * KIB)

#: The hostile heads that are always shown; of all others the dearest and the steepest.
SHOWN = ("commas in Protocol", "quotes", "quoted values", "many short lines")


def rows_of(trials: Sequence[Trial]) -> list[Row]:
    """Return the table of one form of heads, in microseconds, with its first line.

    A status means a rejection; what ours cost follows in parentheses.
    """
    titles = dict.fromkeys(trial.title for trial in trials)
    by_title = {name: [t for t in trials if t.title == name] for name in titles}
    rows = {name: _row(name, of) for name, of in by_title.items()}
    ratios = zip(by_title[WITH_US], by_title[WITHOUT_US], strict=True)
    ratio = [RATIO, *(_ratio(*pair) for pair in ratios), ""]
    first, second, *others = rows.values()
    head = ["KiB of head", *(f"{size / KIB:g}" for size in SIZES), SLOPE]
    return [head, first, second, ratio, *others]


def hostile_rows(
    families: Mapping[str, Family] = HEADS, *, rounds: int = 9, calls: int = 3
) -> list[Row]:
    """Return what judge() takes for heads that are made to be expensive."""
    costs = {name: _judged(head, rounds, calls) for name, head in families.items()}
    dearest = max(costs, key=lambda name: costs[name][-1])
    steepest = max(costs, key=lambda name: _exponent(costs[name]))
    shown = {name: name for name in SHOWN if name in costs}
    shown[f"the dearest of {len(costs)}: {dearest}"] = dearest
    shown[f"the steepest of {len(costs)}: {steepest}"] = steepest
    head = ["KiB of head", *(f"{size / KIB:g}" for size in LONG)]
    nanoseconds = [f"ns a byte at {size // KIB} KiB" for size in (LONG[0], LONG[-1])]
    return [
        [*head, *nanoseconds, "exponent"],
        *(_hostile_row(label, costs[name]) for label, name in shown.items()),
    ]


def markdown(rows: Iterable[Row]) -> str:
    """Return a table that can be read in a terminal as well."""
    head, *rest = rows
    rule = ["---", *("---:" for _ in head[1:])]
    written = [head, rule, *rest]
    widths = [max(map(len, column)) for column in zip(*written, strict=True)]
    return "".join(f"| {_padded(row, widths)} |\n" for row in written)


def microseconds(cell: str) -> float | None:
    """Read back what a handshake that was opened cost; None where none was."""
    return float(cell) if cell.replace(".", "").isdigit() and "." in cell else None


def rejection(cell: str) -> float | None:
    """Read back what a rejection cost; None where none was measured."""
    _, found, cost = cell.partition(" (")
    return float(cost.rstrip(")")) if found else None


def _row(name: str, trials: Sequence[Trial]) -> Row:
    opened = [t for t in trials if t.response == OPENED and t.size in LONG]
    slope = ""
    if len(opened) > 1:
        line = linear_regression([t.size for t in opened], [t.cost for t in opened])
        slope = f"{line.slope * KIB * 1e6:.2f}"
    return [name, *map(_cell, trials), slope]


def _cell(trial: Trial) -> str:
    if trial.measure is None:
        return trial.response
    cost = f"{trial.cost * 1e6:.1f}"
    return cost if trial.response == OPENED else f"{trial.response} ({cost})"


def _ratio(within: Trial, without: Trial) -> str:
    if not within.response == without.response == OPENED:
        return ""
    pairs = zip(within.costs, without.costs, strict=True)
    return f"{median(ours / theirs for ours, theirs in pairs):.2f}"


def _judged(head: Family, rounds: int, calls: int) -> list[float]:
    policy = POLICIES["with limits of 1 MiB"]  # so that the rules read to the end
    candidates = {str(size): partial(judge, head(size), policy) for size in LONG}
    return list(compare(candidates, rounds=rounds, calls=calls).best.values())


def _exponent(costs: Sequence[float]) -> float:
    return linear_regression([*map(log, LONG)], [*map(log, costs)]).slope


def _hostile_row(label: str, costs: Sequence[float]) -> Row:
    times = (f"{cost * 1e6:.1f}" for cost in costs)
    per_byte = (f"{costs[at] / LONG[at] * 1e9:.2f}" for at in (0, -1))
    return [label, *chain(times, per_byte), f"{_exponent(costs):.2f}"]


def _padded(row: Row, widths: Sequence[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    return " | ".join([first[0].ljust(first[1]), *(c.rjust(w) for c, w in others)])
