"""What the short way must not be taken for."""

from __future__ import annotations

import pytest

from tests.handshakes import SOUND, Handshake
from ws_handshake import Policy, judge
from ws_handshake.shortcut import first_sight


def test_a_name_that_is_too_long_is_seen_though_its_value_is_short() -> None:
    handshake = SOUND.plus(b"x" * 9000, b"1")

    assert judge(handshake.head()).codes == ("headers_too_large",)


@pytest.mark.parametrize(
    ("handshake", "plain"),
    [
        (SOUND, True),
        (SOUND.asked(target=b"/ws#a"), False),
        (SOUND.asked(target=b"http://a/ws"), False),
        (SOUND.but(b"host", b"xn--fa-hia.example"), False),
    ],
)
def test_a_request_that_some_read_otherwise_is_not_plain(
    handshake: Handshake, *, plain: bool
) -> None:
    assert first_sight(handshake.head(), Policy()).plain is plain
