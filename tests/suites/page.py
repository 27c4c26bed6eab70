"""The page about other people's tests: what a run says of them, and its two tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.suites.differences import LISTED
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.suites.run import Result

PAGE = ROOT / "docs" / "suites.md"

_RULE = "| --- | ---: | ---: | ---: | ---: | ---: |"


def lines(result: Result) -> Iterator[str]:
    """Yield what there is to say of a suite."""
    name = result.suite.name
    if result.skipped:
        yield f"{name}: skipped, for {result.skipped}"
        return
    yield (
        f"{name}: {result.tests} tests, {result.reached} reach us, {result.without} pass "
        f"without us, {result.with_us} with us; {len(result.listed)} differences are "
        f"listed, {len(result.unlisted)} are not ({result.seconds:.0f} s)"
    )
    for test, shown in result.unlisted.items():
        yield f"  {test}"
        yield from (f"    {line}" for line in shown.splitlines()[-12:])


def write(results: Sequence[Result], path: Path = PAGE) -> None:
    """Write the rows of these suites anew; those of others stay."""
    text = path.read_text(encoding="utf-8")
    for result in results:
        if not result.skipped:
            text = with_row(text, result)
    path.write_text(with_reasons(text), encoding="utf-8")


def with_row(text: str, result: Result) -> str:
    """Return the page with the row of a suite, in its place or as the last one."""
    begins = f"| {result.suite.name} |"
    row = (
        f"{begins} {result.tests:,} | {result.reached:,} | {result.without:,} "
        f"| {result.with_us:,} | {len(result.listed)} |"
    )
    written = re.compile(rf"^{re.escape(begins)}.*$", re.MULTILINE)
    if written.search(text):
        return written.sub(row, text)
    head, _, rest = text.partition(f"{_RULE}\n")
    rows, _, after = rest.partition("\n\n")
    listed = "\n".join(filter(None, (rows, row)))
    return f"{head}{_RULE}\n{listed}\n\n{after}"


def with_reasons(text: str) -> str:
    """Return the page with the list of differences as it is now."""
    rows = [
        f"| {package} | `{test.rpartition('::')[2]}` | {' '.join(r.why for r in why)} |"
        for package, tests in LISTED.items()
        for test, why in tests.items()
    ]
    table = "\n".join(["| of | test | why |", "| --- | --- | --- |", *rows])
    return re.sub(
        r"\| of \| test \|.*?(?=\n\n|\Z)", lambda _: table, text, flags=re.DOTALL
    ) + ("" if text.endswith("\n") else "\n")
