"""What tests need: without it a test is skipped, or fails in CI."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from typing import NoReturn

import pytest


def in_ci() -> bool:
    """Return whether CI runs this; it sets CI to true."""
    return os.environ.get("CI") == "true"


def is_missing(reason: str) -> NoReturn:
    """Skip the test; in CI, fail it."""
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)


def program(*names: str) -> str:
    """Return where a program is, under the first of its names that is there."""
    for name in names:
        if path := shutil.which(name):
            return path
    is_missing(f"{names[0]} is not installed")


def packages(*names: str) -> None:
    """Go on if all of these can be imported."""
    missing = [name for name in names if not find_spec(name)]
    if missing:
        is_missing(f"{', '.join(missing)} is not installed")
