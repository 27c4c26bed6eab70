"""What is no valid HTTP, though a parser lets it through."""

from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.core.flaws import CONTROL_CHARACTER, of_target
from ws_handshake.uvicorn.http_flaws import flaw_of, with_flaw

_CONTROL = VALID.plus(b"cookie", b"a\x01b").head()


def test_a_control_character_is_a_flaw_where_the_parser_lets_it_through() -> None:
    assert flaw_of(_CONTROL, strict=False) is CONTROL_CHARACTER
    assert flaw_of(_CONTROL, strict=True) is None


@pytest.mark.parametrize("target", [b"/", b"/ws?a=//", b"http://a.example/ws"])
def test_a_target_with_a_resource_name_has_no_flaw(target: bytes) -> None:
    assert flaw_of(VALID.asked(target=target).head(), strict=True) is None


@pytest.mark.parametrize(
    "target", [b"ws", b"/a#b", b"http:", b"http://u:p@a.example/", b"http://[/"]
)
def test_a_target_without_one_has_the_flaw_of_a_target(target: bytes) -> None:
    asked = VALID.asked(target=target)
    assert flaw_of(asked.head(), strict=True) == of_target(target)
    assert flaw_of(asked.asked(method="OPTIONS").head(), strict=True) is None


def test_a_flaw_stands_among_the_violations_in_the_order_of_the_catalogue() -> None:
    short = judge(VALID.but(b"sec-websocket-key", b"short").head()).violations
    both = with_flaw(short, CONTROL_CHARACTER)
    assert [each.reason.code for each in both] == ["key_malformed", "head_malformed"]
    assert both[1].received == CONTROL_CHARACTER.what
