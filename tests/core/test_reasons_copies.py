from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.copies import COPIES
from ws_handshake.core.reasons import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_a_copy_of_a_reason_is_the_row_of_the_catalogue(
    copied: Callable[[Any], Any],
) -> None:
    for reason in CATALOGUE:
        assert copied(reason) is reason
