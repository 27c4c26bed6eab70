"""Tells coverage which test file it is watching: `own_coverage.py` asks for it."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from coverage import Coverage

import ws_handshake

if TYPE_CHECKING:
    import pytest

# What runs at import is nobody's own, whichever test would have been the first.
for module in pkgutil.walk_packages(ws_handshake.__path__, "ws_handshake."):
    importlib.import_module(module.name)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Whatever runs from here on is run by this file."""
    coverage = Coverage.current()
    if coverage is not None:
        coverage.switch_context(item.path.stem)
