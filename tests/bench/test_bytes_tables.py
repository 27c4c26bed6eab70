"""The tables of long heads, and the chart that is drawn from them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.bench.bytes import CHART, PAGE
from tests.bench.bytes_chart import chart
from tests.bench.bytes_tables import (
    SHOWN,
    hostile_rows,
    markdown,
    microseconds,
    rejection,
    rows_of,
)
from tests.bench.bytes_trials import ALONE, OTHERS, WITH_US, WITHOUT_US, Trial, measure
from tests.bench.heads import KIB, SIZES
from tests.support.conformance_servers import NODE_WS
from tests.support.docs_examples import renewed, table
from tests.support.hostile_heads import HEADS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.bytes_tables import Row

HEADING = "Cost against the length of the head"
SIZES_SHOWN = ("0.5", "1", "2", "4", "8", "16", "32", "64")


def cost(title: str, size: int, microseconds: float, response: str = "101") -> Trial:
    """Return a trial that has cost so much in its one round."""
    return Trial(title, size, response, lambda: 0.0, [microseconds * 1e-6])


def made() -> list[Trial]:
    """Return trials: with us twice as expensive as without, and one that rejects."""
    straight = {WITH_US: 200.0, WITHOUT_US: 100.0, ALONE: 1.0}
    found = [
        cost(title, size, base + base * size / KIB)
        for title, base in straight.items()
        for size in SIZES
    ]
    rejected = [Trial("other", size, "431", None) for size in SIZES[5:]]
    return [*found, *(cost("other", size, 50.0) for size in SIZES[:5]), *rejected]


def on_the_page(number: int) -> list[Row]:
    return [["KiB of head", *SIZES_SHOWN, ""], *table(PAGE, HEADING, number)]


def test_a_table_has_a_row_for_each_and_the_ratio_below_ours() -> None:
    head, *rows = rows_of(made())
    assert head == ["KiB of head", *SIZES_SHOWN, "µs a KiB"]
    ratio, same = "with / alone", ["2.00"] * 8
    names = [WITH_US, WITHOUT_US, ratio, ALONE, "other"]
    assert [row[0] for row in rows] == names
    assert rows[0][1:4] == ["300.0", "400.0", "600.0"]
    assert rows[2] == [ratio, *same, ""]


def test_the_cost_of_a_kib_is_shown_for_servers_that_open_two_long_heads() -> None:
    *_, alone, other = rows_of(made())
    assert alone[-1] == "1.00"
    assert other[-4:] == ["431", "431", "431", ""]


def test_a_rejection_of_ours_stands_in_parentheses_and_has_no_ratio() -> None:
    with_us = [cost(WITH_US, size, 12.34, "431") for size in SIZES]
    without = [cost(WITHOUT_US, size, 12.34) for size in SIZES]
    _, rejected, opened, ratio = rows_of([*with_us, *without])
    assert rejected == [WITH_US, *["431 (12.3)"] * 8, ""]
    assert opened[1:-1] == ["12.3"] * 8
    assert ratio[1:] == [""] * 9


@pytest.mark.parametrize(
    ("cell", "opened", "rejected"),
    [
        ("12.3", 12.3, None),
        ("431", None, None),
        ("431 (12.3)", None, 12.3),
        ("closed", None, None),
    ],
)
def test_a_cell_can_be_read_back(
    cell: str, opened: float | None, rejected: float | None
) -> None:
    assert (microseconds(cell), rejection(cell)) == (opened, rejected)


def test_the_first_round_warms_up_and_every_other_one_is_in_reverse_order() -> None:
    asked: list[str] = []

    def asking(name: str) -> Callable[[], float]:
        def measured_once() -> float:
            asked.append(name)
            return float(len(asked))

        return measured_once

    found = [Trial(name, KIB, "101", asking(name)) for name in "abc"]
    measure([*found, Trial("d", KIB, "431", None)], 3)
    assert "".join(asked) == "abccba" * 2
    assert [trial.costs for trial in found] == [[6, 7, 12], [5, 8, 11], [4, 9, 10]]
    assert [trial.cost for trial in found] == [7, 8, 9]


def test_a_hostile_head_has_a_row_with_its_exponent() -> None:
    head, *rows = hostile_rows(HEADS, rounds=1, calls=1)
    assert head[1:5] == ["8", "16", "32", "64"]
    assert head[5:] == ["ns a byte at 8 KiB", "ns a byte at 64 KiB", "exponent"]
    names = [row[0] for row in rows]
    assert names[: len(SHOWN)] == list(SHOWN)
    assert [name.split(":")[0] for name in names[len(SHOWN) :]] == [
        f"the dearest of {len(HEADS)}",
        f"the steepest of {len(HEADS)}",
    ]
    *_, at_64, first, last, exponent = map(float, rows[2][1:])
    assert last == pytest.approx(at_64 * 1000 / (64 * KIB), abs=0.01)
    assert 0 < exponent < 2 < first


def test_of_other_heads_only_the_extremes_are_shown() -> None:
    _, *rows = hostile_rows({"dots": HEADS["a long host"]}, rounds=1, calls=1)
    assert [row[0] for row in rows] == [
        "the dearest of 1: dots",
        "the steepest of 1: dots",
    ]


def test_a_table_is_padded_for_the_terminal() -> None:
    assert markdown([["server", "1"], ["a", "23.4"]]) == (
        "| server |    1 |\n| ---    | ---: |\n| a      | 23.4 |\n"
    )


def test_the_chart_has_no_dashes_where_nothing_was_rejected() -> None:
    rows = rows_of(made())
    svg = chart(rows, rows)
    assert 'class="dashed"' not in svg
    assert "other: 431 from 16 KiB on</text>" in svg


def test_a_server_that_opens_no_handshake_has_no_line() -> None:
    closed = [Trial("silent", size, "closed", None) for size in SIZES]
    rows = rows_of([*made(), *closed])
    assert rows[-1] == ["silent", *["closed"] * 8, ""]
    assert "silent" not in chart(rows, rows)


def test_the_chart_of_the_page_is_drawn_from_its_tables() -> None:
    drawn = chart(on_the_page(0), on_the_page(1))
    shown = CHART.read_text(encoding="utf-8")
    assert renewed(CHART, shown, drawn) == drawn, "RENEW=1 draws it anew"


def test_the_page_shows_the_chart_and_says_what_is_in_it() -> None:
    shown = re.search(
        r"!\[([^\]]+)\]\(charts/bytes\.svg\)", PAGE.read_text(encoding="utf-8")
    )
    assert shown is not None
    assert len(shown[1].split()) > 8


def test_no_head_on_the_page_costs_more_than_in_proportion_to_its_length() -> None:
    rows: Sequence[Row] = table(PAGE, HEADING, 2)
    assert len(rows) == len(SHOWN) + 2
    assert all(float(row[-1]) < 1.05 for row in rows)


def measured(number: int) -> dict[str, list[float | None]]:
    """Return what opened handshakes cost, by server; of the ratios, the ratios."""
    rows = table(PAGE, HEADING, number)
    return {row[0]: [microseconds(cell) for cell in row[1:-1]] for row in rows}


def opened(title: str) -> list[float]:
    return [cost for cost in measured(0)[title] if cost is not None]


def test_what_we_cost_is_the_same_at_every_length_and_the_page_says_how_much() -> None:
    ratios = opened("with / alone")
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"{min(ratios)} to {max(ratios)} times as much with ws-handshake" in page
    assert max(ratios) - min(ratios) < 0.1


def test_what_grows_with_the_head_grows_as_without_us() -> None:
    grown = [opened(title)[-1] - opened(title)[0] for title in (WITH_US, WITHOUT_US)]
    assert 0.9 < grown[0] / grown[1] < 1.1


def test_nothing_on_the_page_rises_faster_than_the_head() -> None:
    for title in (ALONE, WITH_US, WITHOUT_US, *OTHERS):
        assert all(after < 2 * before for before, after in pairwise(opened(title)))


@pytest.mark.parametrize("title", ["granian", "aiohttp", NODE_WS])
@pytest.mark.parametrize("number", [0, 1])
def test_others_cost_less_than_uvicorn_at_every_length(title: str, number: int) -> None:
    rows = measured(number)
    pairs = zip(rows[title], rows[WITHOUT_US], strict=True)
    assert all(cost is None or (than and cost < than) for cost, than in pairs)


def test_of_the_servers_only_bare_uvicorn_opens_more_than_128_lines() -> None:
    rows = measured(1)
    whole = [title for title, costs in rows.items() if None not in costs]
    assert whole == [WITHOUT_US]
    assert all(costs[5] is not None for costs in rows.values())
