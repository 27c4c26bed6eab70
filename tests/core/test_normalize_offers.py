"""What is handed over of Sec-WebSocket-Extensions."""

from __future__ import annotations

from functools import partial

import pytest

from tests.support.handshakes import VALID
from tests.support.stopwatch import takes_less_than
from ws_handshake.core.normalize import handed_over

_EXTENSIONS = b"sec-websocket-extensions"


def offered(*lines: bytes) -> list[bytes]:
    handshake = VALID
    for line in lines:
        handshake = handshake.plus(_EXTENSIONS, line)
    return [
        value
        for key, value in handed_over(handshake.head()).headers
        if key == _EXTENSIONS
    ]


@pytest.mark.parametrize(
    "offer",
    [
        b"permessage-deflate",
        b"permessage-deflate; client_max_window_bits",
        b"permessage-deflate; client_max_window_bits=15",
        b"permessage-deflate ; server_max_window_bits = 9",
        b"permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        b"x; a=b; a=c, y",
        b"permessage-deflate, x;y",
        b"Permessage-Deflate; a=b",
    ],
)
def test_an_offer_that_can_be_taken_is_handed_over_unchanged(offer: bytes) -> None:
    assert offered(offer) == [offer]


@pytest.mark.parametrize(
    "parameters",
    [
        *(b"server_max_window_bits", b"server_max_window_bits=8", b"unknown", b"a=1"),
        *(b"server_max_window_bits=7", b"server_max_window_bits=16", b"x"),
        *(b"client_max_window_bits=8", b"client_max_window_bits=foo"),
        *(b"client_max_window_bits=015", b"client_max_window_bits=-9"),
        *(b"server_no_context_takeover=1", b"client_no_context_takeover=true"),
        *(b"client_max_window_bits; client_max_window_bits",),
        *(b"client_max_window_bits=9; client_max_window_bits=10",),
        *(b"server_no_context_takeover; server_no_context_takeover",),
        *(b"client_max_window_bits; unknown", b"SERVER_MAX_WINDOW_BITS=9"),
    ],
)
def test_an_offer_for_compression_that_cannot_be_taken_is_declined(
    parameters: bytes,
) -> None:
    offer = b"permessage-deflate; " + parameters

    assert offered(offer) == []
    assert offered(b"x, " + offer) == [b"x"]
    assert offered(offer + b", permessage-deflate") == [b"permessage-deflate"]
    assert offered(offer, b"x;a=b") == [b"x;a=b"]


def test_of_several_offers_for_compression_the_first_possible_is_kept() -> None:
    bare, windows = b"permessage-deflate", b"permessage-deflate;client_max_window_bits"

    assert offered(b"%s, %s" % (windows, bare)) == [windows]
    assert offered(bare, windows) == [bare]
    assert offered(bare + b", x", bare) == [bare + b",x"]


def test_quotes_and_backslashes_are_taken_away() -> None:
    quoted = b'permessage-deflate; server_max_window_bits="1\\0", x;a="b\\c"'

    assert offered(quoted) == [b"permessage-deflate;server_max_window_bits=10,x;a=bc"]


def test_16_offers_are_handed_over_unchanged() -> None:
    offers = b", ".join(b"x%d" % number for number in range(16))

    assert offered(offers) == [offers]


def test_of_more_than_16_offers_the_first_16_are_handed_over() -> None:
    names = [b"x%d" % number for number in range(17)]

    assert offered(b", ".join(names)) == [b",".join(names[:16])]
    assert offered(b"permessage-deflate," * 2 + b",".join(names)) == [
        b",".join([b"permessage-deflate", *names[:15]])
    ]


@pytest.mark.parametrize("unit", [b"x,", b"x;a=b,", b"permessage-deflate,", b"x;a;"])
def test_as_many_offers_as_a_line_has_room_for_take_less_than_5_ms(unit: bytes) -> None:
    value = (unit * 8192)[: 8192 // len(unit) * len(unit) - 1]
    request = VALID.plus(_EXTENSIONS, value).head()

    assert takes_less_than(5e-3, partial(handed_over, request))
