from __future__ import annotations

import pytest

from tests.support.waiting import wait_until


def test_waiting_ends_as_soon_as_it_holds() -> None:
    responses = iter([False, False, True])

    wait_until(lambda: next(responses), lambda: "never")

    assert list(responses) == []


def test_waiting_too_long_raises_with_what_was_there_instead() -> None:
    with pytest.raises(TimeoutError, match="only seven"):
        wait_until(lambda: False, lambda: "only seven", seconds=0)
