from __future__ import annotations

import re

import pytest

from ws_handshake.diagnosis import causes
from ws_handshake.diagnosis.cause import Cause
from ws_handshake.diagnosis.causes import CAUSES


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.code)
def test_a_cause_says_what_happened_and_what_to_do(cause: Cause) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)*", cause.code)
    assert cause.detail.endswith(".")
    assert 20 < len(cause.detail) <= 180
    assert 10 < len(cause.fix) <= 180
    assert cause.fix[0].isupper()
    assert (cause.detail + cause.fix).isascii()


def test_the_catalogue_lists_every_cause_of_its_module() -> None:
    written = [value for value in vars(causes).values() if isinstance(value, Cause)]

    assert list(CAUSES.values()) == written
