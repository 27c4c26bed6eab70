"""The bench of a flood runs; an address costs neither time nor memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.bench import flood as bench_flood
from tests.bench.flood import ADDRESSES, Cost, flood, main, rows
from tests.bench.open_sockets import PAGE
from tests.support.docs_examples import table
from tests.support.marked_page import MarkedPage

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

HEADING = "A flood from many addresses"
SHOWN = [f"{addresses:,}" for addresses in ADDRESSES]


def test_the_quick_bench_prints_what_a_rejection_costs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--quick"])
    assert re.search(r"(?m)^\| 1 +\| +\d+\.\d \| ", capsys.readouterr().out)


def test_what_a_flood_costs_is_measured_in_a_process_and_the_log_is_limited() -> None:
    cost = flood(1000, 1000)
    assert cost.addresses == 1000
    assert 0 < cost.seconds < 0.01
    assert 50 <= cost.lines < 500
    assert [*rows([cost._replace(seconds=31e-6, grown=80.0, lines=60)])][1] == (
        *("1,000", "31.0", "80", "60"),
    )


def test_what_was_measured_is_written_onto_the_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = MarkedPage(tmp_path, "flood")
    monkeypatch.setattr(bench_flood, "PAGE", page.path)
    monkeypatch.setattr(bench_flood, "measured", lambda *_: [Cost(1, 31e-6, 80.0, 339)])
    main(["--docs"])
    assert "200,000 rejections each." in page.written()
    assert page.written().startswith("\n")
    assert page.written().endswith("|\n\n")


def test_on_the_page_an_address_costs_neither_time_nor_memory() -> None:
    shown = table(PAGE, HEADING)
    assert [row[0] for row in shown] == SHOWN
    times = [float(row[1]) for row in shown]
    assert max(times) / min(times) < 1.1
    assert all(float(row[2].replace(",", "")) < 1024 for row in shown)
