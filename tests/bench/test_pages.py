"""The bench of the pages runs and prints; what it prints is judged by people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.bench import pages as bench_pages

if TYPE_CHECKING:
    import pytest


def test_the_quick_bench_prints_what_ten_pages_cost(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench_pages.main(["--quick"])
    assert re.fullmatch(
        r"a rejection with 10 pages open costs \d\.\d\d times the processor time "
        r"\(\d\.\d\d to \d\.\d\d\)\n",
        capsys.readouterr().out,
    )
