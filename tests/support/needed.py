"""Programs that tests need: without one a test is skipped, or fails in CI."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def is_missing(reason: str) -> NoReturn:
    """Skip the test; in CI, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def program(*names: str) -> str:
    """Return where a program is, under the first of its names that is there."""
    for name in names:
        if path := shutil.which(name):
            return path
    is_missing(f"{names[0]} is not installed")
