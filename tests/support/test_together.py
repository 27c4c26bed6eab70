"""All tests run in two processes, whose results are added up."""

from __future__ import annotations

import runpy
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import together

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """
[tool.pytest]
markers = ["busy: needs the processor alone"]
[tool.coverage.run]
include = ["*"]
"""
TESTS = """
import pytest

@pytest.mark.busy
@pytest.mark.parametrize("number", range(3))
def test_busy(number): assert number != {wrong}

def test_waiting(): pass
"""


@pytest.mark.parametrize(
    ("wrong", "status", "total"),
    [(7, 0, " 4 passed in "), (2, 1, " 3 passed, 1 failed in ")],
)
def test_the_results_of_both_processes_are_shown_and_added_up(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    wrong: int,
    status: int,
    total: str,
) -> None:
    (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    source = TESTS.format(wrong=wrong)
    (tmp_path / "test_made_up.py").write_text(source, encoding="utf-8")

    assert together.main(["-rA", "-o", "addopts="], tmp_path) == status
    printed = capfd.readouterr().out
    last = printed.splitlines()[-1]
    assert total in last
    assert last.startswith("====")
    assert "PASSED test_made_up.py::test_waiting" in printed
    assert "PASSED test_made_up.py::test_busy[0]" in printed
    assert ("FAILED test_made_up.py::test_busy[2]" in printed) is (status == 1)
    assert len(list(tmp_path.glob(".coverage.*"))) == 2


def test_a_process_that_is_killed_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    kills = TESTS.format(wrong=7).replace(
        "number != 7", "not __import__('os').kill(__import__('os').getpid(), 9)"
    )
    (tmp_path / "test_made_up.py").write_text(kills, encoding="utf-8")

    assert together.main(["-o", "addopts="], tmp_path) == -9


def test_what_was_skipped_or_went_wrong_is_added_up_too() -> None:
    lines = [
        "tests/test_x.py 5 passed in 1s\n",
        "=== 5 passed, 1 skipped, 90 deselected, 2 errors in 3.20s ===\n",
        "====== 1 failed, 90 passed in 721.05s (0:12:01) ======\n",
    ]

    assert together.summary(lines, 9) == (
        " 95 passed, 1 skipped, 2 errors, 1 failed in 9.00s "
    )


def test_where_nothing_ran_nothing_passed() -> None:
    assert together.summary([], 1) == " no tests ran in 1.00s "


def test_the_command_hands_its_arguments_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["together", "--no-such-option"])
    monkeypatch.delitem(sys.modules, "tests.support.together")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("tests.support.together", run_name="__main__")

    assert ended.value.code == 4  # what pytest says of a wrong command line
