from __future__ import annotations

import pytest

from tests.support.effort import examples


@pytest.mark.parametrize(
    ("number", "part", "tried"), [(5000, 10, 500), (5000, 1, 5000), (3, 10, 1)]
)
def test_a_part_of_the_examples_is_tried_and_at_least_one(
    number: int, part: int, tried: int
) -> None:
    assert examples(number, part) == tried
