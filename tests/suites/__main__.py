"""Other people's tests, without us and with us: `python -m tests.suites`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.suites import page
from tests.suites.run import compare
from tests.suites.suites import SUITES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.suites.run import Result
    from tests.suites.suites import Suite

_LANES = 2


def main(arguments: Sequence[str]) -> int:
    """Run them, two at a time; return 0 if nothing differs without a reason.

    In CI it is 1, too, where one could not be run.
    """
    parser = argparse.ArgumentParser("python -m tests.suites", description=__doc__)
    parser.add_argument("names", nargs="*", help="only suites whose names begin so")
    parser.add_argument("--quick", action="store_true", help="what CI runs of them")
    parser.add_argument(
        "--python", default=sys.executable, help="try them with this one"
    )
    parser.add_argument(
        "--source",
        action="append",
        default=[],
        help="PACKAGE=FOLDER, where its source distribution has no tests",
    )
    given = parser.parse_args(arguments)
    if not chosen(given):
        parser.error(f"no suite has a name like {', '.join(given.names)}")
    results = []
    with TemporaryDirectory() as folder:
        for result in run(given, Path(folder)):
            results.append(result)
            sys.stdout.write("\n".join(page.lines(result)) + "\n")
            sys.stdout.flush()
    if os.environ.get("RENEW") == "1" and not given.quick:
        page.write(results)
    return int(any(result.failed for result in results))


def run(given: argparse.Namespace, folder: Path) -> Iterator[Result]:
    """Yield what came of each suite that was asked for, in their order."""
    sources = dict(one.split("=", 1) for one in given.source)

    def tried(numbered: tuple[int, Suite]) -> Result:
        number, suite = numbered
        began = time.monotonic()
        source = sources.get(suite.package)
        result = compare(
            suite,
            folder / str(number),
            given.python,
            quick=given.quick,
            source=Path(source) if source else None,
        )
        result.seconds = time.monotonic() - began
        return result

    with ThreadPoolExecutor(_LANES) as pool:
        yield from pool.map(tried, enumerate(chosen(given)))


def chosen(given: argparse.Namespace) -> list[Suite]:
    """Return the suites that were asked for."""
    return [
        suite
        for suite in SUITES
        if (suite.quick or not given.quick)
        and (not given.names or suite.name.startswith(tuple(given.names)))
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
