"""The page of the reports from the field: each row says what is really said."""

from __future__ import annotations

from itertools import product

import pytest

from tests.support.docs_examples import DOCS, renewed
from tests.support.field_apps import APPS
from tests.support.field_reports import (
    KINDS,
    PASTES,
    REQUESTS,
    VERDICTS,
    Report,
    reports,
    said,
    title_of,
)

PAGE = DOCS / "field_reports.md"

ALL = [(kind, report) for kind in KINDS for report in reports(kind)]
OTHERS = [(kind, report) for kind, report in ALL if kind not in REQUESTS]


def is_further(report: Report) -> bool:
    """Return whether it was found after the first ones had been fixed."""
    return report.number.startswith("F")


@pytest.fixture(scope="module", name="rows")
def _rows() -> dict[str, str]:
    return {report.name: said(kind, report) for kind, report in ALL}


@pytest.mark.parametrize(("kind", "report"), OTHERS, ids=lambda each: str(each)[:40])
def test_it_says_what_helps_and_no_secret(
    kind: str, report: Report, rows: dict[str, str]
) -> None:
    told = rows[report.name]
    assert [words for words in report.says if words not in told] == []
    assert [words for words in report.never if words in told] == [], kind


def test_every_application_and_every_paste_has_its_row() -> None:
    names = {
        kind: {report.name for report in reports(kind) if not report.text}
        for kind in KINDS
    }

    assert names["application"] == APPS.keys()
    assert names["pasted"] == {path.stem for path in PASTES.glob("*.txt")}
    assert len({report.name for _, report in ALL}) == len(ALL)


@pytest.mark.parametrize("report", [each for _, each in ALL], ids=lambda r: r.name)
def test_a_row_is_judged_and_says_what_is_wanting(report: Report) -> None:
    assert {report.at_first, report.now} <= set(VERDICTS)
    assert bool(report.wanting) is (report.now != "right")
    assert report.source.startswith("https://") or not is_further(report)


def test_of_the_further_reports_there_are_twenty_at_least() -> None:
    assert sum(is_further(report) for _, report in ALL) >= 20


def test_the_page_has_every_report_and_what_is_said_of_it_now(
    rows: dict[str, str],
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    intro = page.partition("\n## ")[0].rstrip()
    wanted = "\n".join([intro, *_counted(), *_tables(rows)]) + "\n"

    assert renewed(PAGE, page, wanted) == wanted


def _counted() -> list[str]:
    head = ["", "## In numbers", "", "| reports | number | at first | now |"]
    lines = [*head, "| --- | --- | --- | --- |"]
    for name, further in (("the first", False), ("further ones", True)):
        of_it = [report for _, report in ALL if is_further(report) is further]
        number = {
            (when, verdict): sum(getattr(r, when) == verdict for r in of_it)
            for when, verdict in product(("at_first", "now"), VERDICTS)
        }
        cells = [
            ", ".join(f"{number[when, verdict]} {verdict}" for verdict in VERDICTS)
            for when in ("at_first", "now")
        ]
        lines.append(f"| {name} | {len(of_it)} | {' | '.join(cells)} |")
    return lines


def _tables(rows: dict[str, str]) -> list[str]:
    lines = []
    for kind in KINDS:
        lines += ["", f"## {title_of(kind)}", ""]
        lines += [
            "| | reported | said at first | said now |",
            "| --- | --- | --- | --- |",
        ]
        lines += [_row(report, rows[report.name]) for report in reports(kind)]
    return lines


def _row(report: Report, told: str) -> str:
    what = f"[{report.what}]({report.source})" if report.source else report.what
    first = f"{report.at_first}: {report.said_at_first}"
    now = f"{report.now}: {told}"
    if report.wanting:
        now += f" *Wanting: {report.wanting}.*"
    return f"| {report.number} | {what} | {first} | {now} |"
