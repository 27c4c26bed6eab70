from __future__ import annotations

import gc
import warnings

import pytest

from tests.support.misbehaving import FAULTS
from ws_handshake.outcome.harmless import ENDINGS, Harmless, no_coroutine


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_what_is_raised_in_the_block_is_kept(fault: BaseException) -> None:
    with Harmless():
        raise fault


def test_what_raises_nothing_goes_on() -> None:
    gone_on = False
    with Harmless():
        gone_on = True

    assert gone_on


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_the_process_passes(ending: type[BaseException]) -> None:
    with pytest.raises(ending), Harmless():
        raise ending


def test_what_is_no_coroutine_is_returned() -> None:
    assert no_coroutine(FAULTS) is FAULTS


def test_a_coroutine_is_closed_and_rejected() -> None:
    async def observe(_record: object) -> None:
        """Do nothing, later."""

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(TypeError, match="observe is a coroutine function"):
            no_coroutine(observe(None))
        gc.collect()

    assert warned == []
