"""The page about other people's tests: what a run says of them, and its two tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.suites.differences import LISTED
from tests.suites.suites import SUITES
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.suites.run import Result

PAGE = ROOT / "docs" / "suites.md"

_SUITES = re.compile(r"^\| suite \| .*\n\| --- .*\n((?:\| .*\n)*)", re.MULTILINE)
_REASONS = re.compile(r"^\| why \| tests \|.*\n\| --- .*\n((?:\| .*\n)*)", re.MULTILINE)


def lines(result: Result) -> Iterator[str]:
    """Yield what there is to say of a suite."""
    name = result.suite.name
    if result.skipped:
        yield f"{name}: skipped, for {result.skipped}"
        return
    yield (
        f"{name}: {result.tests} tests, {result.reached} reach us, "
        f"{result.without} pass without us, {result.with_us} with us; "
        f"{len(result.listed)} differences are listed, {len(result.unlisted)} are not "
        f"({result.seconds:.0f} s)"
    )
    for test, shown in result.unlisted.items():
        yield f"  {test}"
        yield from (f"    {line}" for line in shown.splitlines()[-12:])


def write(results: Sequence[Result], path: Path = PAGE) -> None:
    """Write the rows of these suites anew; those of others stay."""
    text = with_rows(path.read_text(encoding="utf-8"), results)
    path.write_text(with_reasons(text), encoding="utf-8")


def with_rows(text: str, results: Sequence[Result]) -> str:
    """Return the page with the rows of these suites, in the order of all suites."""
    rows = {name: f"{row}\n" for name, row in _rows(text)}
    for result in results:
        if not result.skipped:
            rows[result.suite.name] = _row(result)
    written = (rows.get(suite.name, "") for suite in SUITES)
    return _replaced(_SUITES, text, "".join(written))


def with_reasons(text: str) -> str:
    """Return the page with the list of differences as it is now."""
    named: dict[tuple[str, str], list[str]] = {}
    for package, tests in LISTED.items():
        for test, reasons in tests.items():
            for reason in reasons:
                name = f"`{test.rpartition('::')[2]}`"
                named.setdefault((package, reason.why), []).append(name)
    rows = (
        f"| {why} | {package}: {', '.join(names)} |\n"
        for (package, why), names in named.items()
    )
    return _replaced(_REASONS, text, "".join(rows))


def _rows(text: str) -> list[tuple[str, str]]:
    (rows,) = _SUITES.findall(text)
    return [(row.split(" | ")[0].removeprefix("| "), row) for row in rows.splitlines()]


def _row(result: Result) -> str:
    numbers = (result.reached, result.without, result.with_us)
    shown = " | ".join(f"{number:,}" for number in numbers)
    return f"| {result.suite.name} | {shown} |\n"


def _replaced(table: re.Pattern[str], text: str, rows: str) -> str:
    (found,) = table.finditer(text)
    return text[: found.start(1)] + rows + text[found.end(1) :]
