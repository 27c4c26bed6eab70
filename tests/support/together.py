"""Runs all tests in two processes at once: `python -m tests.support.together`.

Tests that are marked `busy` need nothing but the processor. They run beside the others,
which mostly wait for servers and browsers.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).parent.parent.parent

# a file of measurements for each process; `coverage combine` makes one of them
_PYTEST = (sys.executable, "-m", "coverage", "run", "--parallel-mode", "-m", "pytest")

_outcome = re.compile(r"(\d+) ([a-z]+)")


def main(arguments: Sequence[str] = (), root: Path = ROOT) -> int:
    """Run them, show what both print and the sum; return 0 if both have succeeded."""
    began = time.monotonic()
    with TemporaryFile("w+", encoding="utf-8") as printed:
        busy = _start("busy", arguments, root, printed.fileno())
        others = _start("not busy", arguments, root, subprocess.PIPE)
        with busy, others:
            shown = list(_shown(others.stdout or ()))
        printed.seek(0)
        shown.extend(_shown(printed))
    total = summary(shown, time.monotonic() - began)
    sys.stdout.write(f"{total:=^80}\n")
    # a process that was killed has a negative status
    return busy.returncode or others.returncode


def summary(lines: Iterable[str], seconds: float) -> str:
    """Add up the last lines of several runs."""
    counts: Counter[str] = Counter()
    for line in lines:
        if re.fullmatch(r"=+ .* in [0-9.]+s.* =+\n", line):
            outcomes, _, _ = line.rpartition(" in ")
            for number, outcome in _outcome.findall(outcomes):
                counts[outcome] += int(number)
    del counts["deselected"]  # by the one, and run by the other
    outcomes = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
    return f" {outcomes or 'no tests ran'} in {seconds:.2f}s "


def _start(
    mark: str, arguments: Sequence[str], root: Path, output: int
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*_PYTEST, "-m", mark, *arguments],
        cwd=root,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _shown(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        sys.stdout.write(line)
        sys.stdout.flush()
        yield line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
