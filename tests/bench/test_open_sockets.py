"""The bench of open WebSockets runs, and its page says what was measured."""

from __future__ import annotations

import re
import resource
from typing import TYPE_CHECKING

import pytest

from tests.bench import open_sockets
from tests.bench.open_sockets import COUNTS, PAGE, STACKS, Memory, main, rows
from tests.bench.requests import WITHOUT_KEY
from tests.support.docs_examples import table
from tests.support.marked_page import MarkedPage

if TYPE_CHECKING:
    from pathlib import Path

HEADING = "Memory of open WebSockets"


def test_the_quick_bench_prints_what_an_open_socket_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--quick"])
    assert re.search(
        r"(?m)^\| wsproto +\| +200 \| +\d+\.\d \|", capsys.readouterr().out
    )


def test_a_row_has_what_a_websocket_takes_with_us_and_without() -> None:
    _, row = rows(iter([Memory("wsproto", 1000, 20.0, 25.0)]))
    assert row == ("wsproto", "1,000", "20.0", "25.0", "5.0", "1.25")


def test_what_was_measured_is_written_onto_the_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = MarkedPage(tmp_path, "open sockets")
    monkeypatch.setattr(open_sockets, "PAGE", page.path)
    monkeypatch.setattr(
        open_sockets, "measured", lambda *_: iter([Memory("wsproto", 7, 20.0, 25.0)])
    )
    main(["--docs"])
    assert "medians of 5." in page.written()
    assert "| wsproto" in page.written()
    assert page.written().startswith("\n")
    assert page.written().endswith("|\n\n")


def test_a_socket_that_is_not_opened_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(open_sockets, "OFFERS_NOTHING", WITHOUT_KEY)
    with pytest.raises(RuntimeError, match=r"^Instead of a 101 came b'HTTP/1.1 400 "):
        list(open_sockets.measured(["wsproto"], (1,), 1))


def test_a_low_limit_of_open_files_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    assert [*open_sockets.measured((), (500,), 1)] == []
    assert [*open_sockets.measured((), (10,), 1)] == []
    assert asked == [(600, 4096), (110, 4096)]


def test_the_page_has_every_row_and_the_figure_in_its_text() -> None:
    shown = table(PAGE, HEADING)
    assert [(row[0], row[1]) for row in shown] == [
        (stack, f"{count:,}") for stack in STACKS for count in COUNTS
    ]
    text = PAGE.read_text(encoding="utf-8")
    assert {f"takes {float(row[4]):.0f} KiB more than" for row in shown} == {
        "takes 4 KiB more than"
    }
    assert "takes 4 KiB more than under uvicorn alone" in text
    for few, many in (shown[:2], shown[2:]):
        assert abs(float(few[5]) - float(many[5])) < 0.05
