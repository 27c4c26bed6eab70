from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.cli.pasted.edited import (
    LINES_LEFT_OUT,
    REPLACED,
    rejoined,
    stands_for_lines,
    with_lines_left_out,
    with_values,
    without_order,
)
from ws_handshake.cli.pasted.request import SENT_ANYWAY, PastedRequest
from ws_handshake.core.request import KEY

KEY_REPLACED = REPLACED.format("Sec-WebSocket-Key")


@pytest.mark.parametrize(
    "value",
    [
        *(b"<redacted>", b"[REDACTED]", b"***", b"xxxx", b"...", b"\xe2\x80\xa6"),
        *(b"{key}", b"REDACTED", b"hidden", b"<key>==", b"XXXXXXXXXXXXXXXXXXXXXX=="),
    ],
)
def test_a_value_that_was_replaced_is_judged_as_a_valid_one(value: bytes) -> None:
    bent = PastedRequest(VALID.but(KEY, value).head())
    pasted = with_values(bent)
    assert judge(pasted.request).accepted
    assert pasted.notes == (KEY_REPLACED,)
    assert pasted.made_up == {KEY}


@pytest.mark.parametrize("value", [b"short", b"a" * 24, b"xx", b""])
def test_a_value_that_was_sent_is_judged_itself(value: bytes) -> None:
    bent = PastedRequest(VALID.but(KEY, value).head())
    assert with_values(bent) == bent


def test_brackets_around_an_address_replace_no_host() -> None:
    bent = PastedRequest(VALID.but(b"host", b"[fd00::1]").head())
    assert with_values(bent) == bent


def test_fields_that_were_sorted_have_no_order() -> None:
    names = [b"connection", b"host", b"upgrade"]
    fields = [(name, b"a") for name in names]
    head = VALID.head()._replace(headers=fields)
    pasted = without_order(PastedRequest(head))
    assert [name for name, _ in pasted.request.headers] == [*names[1:], names[0]]
    as_sent = PastedRequest(head._replace(headers=fields[::-1]))
    assert without_order(as_sent) == as_sent


@pytest.mark.parametrize(
    "line", [b"...", b"[...]", b"> ...", b"<snip>", b"[snipped]", b"(truncated)"]
)
def test_a_line_may_stand_for_others(line: bytes) -> None:
    assert stands_for_lines(line)


@pytest.mark.parametrize("line", [b"", b"Host: ...", b"..", b"snip it"])
def test_other_lines_stand_for_themselves(line: bytes) -> None:
    assert not stands_for_lines(line)


def test_where_lines_were_left_out_missing_fields_show_nothing() -> None:
    pasted = with_lines_left_out(PastedRequest(VALID.without(KEY).head()))
    assert pasted.notes == (LINES_LEFT_OUT,)
    assert pasted.left_out == SENT_ANYWAY
    assert judge(pasted.completed()).accepted


def test_a_line_that_was_wrapped_is_joined_again() -> None:
    agent = b"User-Agent: " + b"x" * 50 + b" (like a browser)"
    assert rejoined([agent, b"Chrome/131.0", b"Host: a"]) == [
        agent + b"Chrome/131.0",
        b"Host: a",
    ]
    cut = b"Cookie: " + b"x" * 72
    assert rejoined([cut, b"xyz", b"Host: a"]) == [cut + b"xyz", b"Host: a"]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b"Host: a", b"Upgrade websocket"],
        [b"Cookie: " + b"x" * 200, b"Upgrade websocket"],
        [b"Cookie: " + b"x" * 70, b"Host: a", b"Upgrade websocket"],
        [b"Cookie: " + b"x" * 70, b" folded"],
    ],
)
def test_a_broken_line_is_no_rest_of_another(lines: list[bytes]) -> None:
    assert rejoined(lines) == lines
