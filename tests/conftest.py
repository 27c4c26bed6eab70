"""Tells coverage which test file it is watching: `own_coverage.py` asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage import Coverage

if TYPE_CHECKING:
    import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Whatever runs from here on is run by this file."""
    coverage = Coverage.current()
    if coverage is not None:
        coverage.switch_context(item.path.stem)
