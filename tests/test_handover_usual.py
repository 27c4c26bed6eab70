from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.handshakes import SOUND, Handshake
from ws_handshake import handover, judge

if TYPE_CHECKING:
    from ws_handshake.handover import Handover

NAMES = [
    *(b"host", b"upgrade", b"connection", b"sec-websocket-protocol"),
    *(b"sec-websocket-extensions", b"content-length", b"user-agent"),
]
VALUES = [
    *(
        b"websocket",
        b"WebSocket",
        b"h2c, websocket",
        b"Upgrade",
        b"keep-alive, Upgrade",
    ),
    *(b"permessage-deflate", b"permessage-deflate; server_max_window_bits=8"),
    *(
        b"chat, superchat",
        b"chat,,",
        b"0",
        b"xn--p1ai:80",
        b"a--b",
        b"example.com:8000",
    ),
]
TARGETS = [b"/ws", b"/", b"/ws?a=b", b"http://example.com/ws", b"ws://h", b""]


def bent(changes: list[tuple[bytes, bytes, bool]], target: bytes) -> Handshake:
    handshake = SOUND.asked(target=target)
    for name, value, added in changes:
        handshake = handshake.plus(name, value) if added else handshake.but(name, value)
    return handshake


def the_long_way(handshake: Handshake, patch: pytest.MonkeyPatch) -> Handover:
    with patch.context() as unusual:
        unusual.setattr(handover, "_is_usual", lambda _head: False)
        return handover.handed_over(handshake.head())


@settings(max_examples=600, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES), st.booleans()),
        max_size=3,
    ),
    st.sampled_from(TARGETS),
)
def test_what_is_usual_at_first_sight_is_handed_over_as_the_long_way_would(
    changes: list[tuple[bytes, bytes, bool]], target: bytes
) -> None:
    handshake = bent(changes, target)
    if judge(handshake.head()).accepted:
        with pytest.MonkeyPatch.context() as patch:
            expected = the_long_way(handshake, patch)
        assert handover.handed_over(handshake.head()) == expected


def test_a_browsers_handshake_is_handed_over_as_it_came() -> None:
    chrome = SOUND.plus(
        b"sec-websocket-extensions", b"permessage-deflate; client_max_window_bits"
    )

    assert handover.handed_over(chrome.head()) == (list(chrome.headers), b"/ws", None)
