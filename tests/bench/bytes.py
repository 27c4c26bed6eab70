"""`python -m tests.bench.bytes`: what the length of a head costs, us and others."""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill
from typing import TYPE_CHECKING, NamedTuple

from tests.bench.bytes_chart import chart
from tests.bench.bytes_tables import hostile_rows, markdown, rows_of
from tests.bench.bytes_trials import PEERS, UVICORN, measure, running, trials
from tests.bench.heads import FORMS
from tests.support.conformance_servers import NODE_WS, STACKS
from tests.support.other_page import is_up_to_date
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.conformance_servers import Stack

PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "charts" / "bytes.svg"

_LONG, _SHORT = (f"Microseconds, heads in {form.title}:" for form in FORMS)
_HOSTILE = "Microseconds, judge() alone, its limits raised, heads that try to be dear:"


class Effort(NamedTuple):
    """How many rounds there are, and how long each server is loaded in each."""

    rounds: int
    seconds: float


class Report(NamedTuple):
    """What is printed, and the chart of it."""

    text: str
    svg: str


def main(arguments: Sequence[str]) -> None:
    """Measure, print the tables, and write what was asked for."""
    given = _parser().parse_args(arguments)
    missing = [stack.missing() for stack in PEERS]
    if given.docs and any(missing):
        sys.exit(f"The page needs all servers: {', '.join(filter(None, missing))}.")
    here = [stack for stack in PEERS if stack.missing() is None]
    effort = Effort(1, 0.01) if given.quick else Effort(given.rounds, 0.1)
    report = measured(here, effort)
    sys.stdout.write(report.text)
    if given.svg:
        given.svg.write_text(report.svg, encoding="utf-8")
    if given.docs:
        write_docs(report)


def measured(peers: Sequence[Stack], effort: Effort) -> Report:
    """Measure all, in one run."""
    with TemporaryDirectory() as name, running(Path(name), peers) as servers:
        found = [trials(form, servers, effort.seconds) for form in FORMS]
        measure([*chain.from_iterable(found)], effort.rounds)
    long, short = map(rows_of, found)
    day = time.strftime("%-d %B %Y")
    made = f"Measured on {day}, medians of {effort.rounds}, with {versions(peers)}."
    parts = (
        fill(made, 88, break_on_hyphens=False),
        _LONG,
        markdown(long),
        _SHORT,
        markdown(short),
        _HOSTILE,
        markdown(hostile_rows(rounds=effort.rounds)),
    )
    return Report("\n".join(f"{part.rstrip()}\n" for part in parts), chart(long, short))


def write_docs(report: Report, page: Path = PAGE, svg: Path = CHART) -> None:
    """Put the tables onto the page, and the chart beside it."""
    svg.parent.mkdir(exist_ok=True)
    svg.write_text(report.svg, encoding="utf-8")
    is_up_to_date(page, f"\n{report.text}\n", renew=True)


def versions(peers: Sequence[Stack]) -> str:
    """Name what was measured, and what it ran on."""
    (uvicorn,) = (stack for stack in STACKS if stack.title == UVICORN)
    named = [f"Python {platform.python_version()}", uvicorn.versions()]
    named += [f"uvloop {version('uvloop')}", *(stack.versions() for stack in peers)]
    if any(stack.title == NODE_WS for stack in peers):
        node = subprocess.check_output(["node", "--version"], text=True)  # noqa: S607  (found on PATH)
        named.append(f"Node.js {node.strip().removeprefix('v')}")
    return ", ".join(named)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.bench.bytes", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="see that it runs")
    parser.add_argument("--rounds", type=int, default=30, help="30 take five minutes")
    parser.add_argument("--svg", type=Path, help="write the chart into this file")
    parser.add_argument(
        "--docs", action="store_true", help="write docs/performance.md and its chart"
    )
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
