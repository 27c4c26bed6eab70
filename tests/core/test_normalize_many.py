from __future__ import annotations

from functools import partial

import pytest

from tests.support.handshakes import VALID
from tests.support.stopwatch import takes_less_than
from ws_handshake.core.normalize import handed_over

EXTENSIONS = b"sec-websocket-extensions"


def offered(value: bytes) -> bytes:
    request = VALID.plus(EXTENSIONS, value).head()
    return dict(handed_over(request).headers)[EXTENSIONS]


def test_16_offers_are_handed_over_unchanged() -> None:
    offers = b", ".join(b"x%d" % number for number in range(16))

    assert offered(offers) == offers


def test_of_more_than_16_offers_the_first_16_are_handed_over() -> None:
    names = [b"x%d" % number for number in range(17)]

    assert offered(b", ".join(names)) == b",".join(names[:16])
    assert offered(b"permessage-deflate," * 2 + b",".join(names)) == b",".join(
        [b"permessage-deflate", *names[:15]]
    )


@pytest.mark.parametrize("unit", [b"x,", b"x;a=b,", b"permessage-deflate,", b"x;a;"])
def test_as_many_offers_as_a_line_has_room_for_take_less_than_5_ms(unit: bytes) -> None:
    value = (unit * 8192)[: 8192 // len(unit) * len(unit) - 1]
    request = VALID.plus(EXTENSIONS, value).head()

    assert takes_less_than(5e-3, partial(handed_over, request))
