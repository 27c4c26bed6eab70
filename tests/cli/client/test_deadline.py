"""The time by which everything must be over."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.deadline import Deadline


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_deadline_counts_down_and_then_says_that_it_is_over() -> None:
    clock = Clock()
    deadline = Deadline(10, clock)
    assert deadline.left() == 10

    clock.now += 9.5
    assert deadline.left() == 0.5

    clock.now += 0.5
    with pytest.raises(TimeoutError):
        deadline.left()


def test_a_part_takes_a_share_of_what_is_left() -> None:
    clock = Clock()
    deadline = Deadline(10, clock)
    clock.now += 2

    assert deadline.part(0.5).left() == 4
    assert deadline.part(0.5, most=1).left() == 1
    assert deadline.left() == 8


def test_a_part_of_nothing_is_over() -> None:
    clock = Clock()
    deadline = Deadline(1, clock)
    clock.now += 2

    with pytest.raises(TimeoutError):
        deadline.part(1).left()
