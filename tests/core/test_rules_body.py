from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake import judge


@pytest.mark.parametrize("length", [b"X", b"X0", b"0X", b"0,", b"-0", b"1", b""])
def test_a_length_that_is_not_all_zeros_is_a_body(length: bytes) -> None:
    handshake = VALID.plus(b"content-length", length)

    assert judge(handshake.head()).codes == ("body_unexpected",)
