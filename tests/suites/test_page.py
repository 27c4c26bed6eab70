"""The page about other people's tests: a row for each suite, and each difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.suites import page
from tests.suites.run import Result
from tests.suites.suites import SUITES

if TYPE_CHECKING:
    from pathlib import Path


def test_the_page_has_a_row_for_every_suite_and_every_difference() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.with_reasons(text) == text
    named = [line.split(" | ")[0] for line in text.splitlines() if "| " in line]
    assert set(named) >= {f"| {suite.name}" for suite in SUITES}


def test_rows_are_written_in_the_order_of_the_suites_and_others_stay(
    tmp_path: Path,
) -> None:
    path = tmp_path / "page.md"
    path.write_text(
        "# Page\n\n| suite | reach us |\n| --- | --- |\n\nText\n\n"
        "| why | tests |\n| --- | --- |\n",
        encoding="utf-8",
    )
    one, other, third = SUITES[:3]
    page.write([Result(other, reached=2), Result(third, skipped="no tests")], path)
    page.write([Result(one, reached=1234, without=3)], path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(
        "# Page\n\n| suite | reach us |\n| --- | --- |\n"
        f"| {one.name} | 1,234 | 3 | 0 |\n"
        f"| {other.name} | 2 | 0 | 0 |\n"
        "\nText\n"
    )
    assert "ours wraps it. | uvicorn: `test_wsgi_app`" in text
