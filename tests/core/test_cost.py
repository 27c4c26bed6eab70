"""What hostile heads cost: time linear in their bytes, and little of it."""

from __future__ import annotations

from functools import partial

import pytest

from tests.support.hostile_heads import HEADS, KIB, POLICIES
from tests.support.stopwatch import is_linear, takes_less_than
from ws_handshake import judge

# beside a process that waits, and not beside one that is busy all the time

every_family = pytest.mark.parametrize("family", HEADS)
every_policy = pytest.mark.parametrize("policy", POLICIES)


@every_policy
@every_family
@pytest.mark.parametrize("upgraded", [False, True], ids=["", "upgraded"])
def test_the_cost_of_a_head_is_linear_in_its_bytes(
    family: str, policy: str, *, upgraded: bool
) -> None:
    small, large = (
        partial(
            judge, HEADS[family](size)._replace(upgraded=upgraded), POLICIES[policy]
        )
        for size in (4 * KIB, 64 * KIB)
    )

    # it is measured without the tracer, which has to see it once
    assert small().request.headers
    assert is_linear(small, large)


@every_policy
@every_family
def test_64_kib_are_judged_in_less_than_2_ms(family: str, policy: str) -> None:
    assert takes_less_than(
        2e-3, partial(judge, HEADS[family](64 * KIB), POLICIES[policy])
    )


@every_family
def test_every_family_of_64_kib_is_64_kib(family: str) -> None:
    request = HEADS[family](64 * KIB)
    size = sum(len(name) + len(value) + 4 for name, value in request.headers)

    assert 64 * KIB - 64 <= size <= 65 * KIB
