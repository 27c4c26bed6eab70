"""Waiting for what will be, and not for a guessed while."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def wait_until(
    holds: Callable[[], bool], describe: Callable[[], object], seconds: float = 60.0
) -> None:
    """Ask again and again; after so many seconds raise TimeoutError with what is."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(str(describe()))
        time.sleep(0.01)
