from __future__ import annotations

import gc
import warnings

import pytest

from tests.misbehaving import FAULTS
from ws_handshake.harmless import ENDINGS, Harmless, called


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


def test_a_method_is_called_with_its_arguments() -> None:
    assert called(divmod, 7, 3) == (2, 1)


def test_a_coroutine_is_closed_and_refused() -> None:
    async def observe(_record: object) -> None:
        """Do nothing, later."""

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(TypeError, match="is a coroutine function"):
            called(observe, None)
        gc.collect()

    assert warned == []
