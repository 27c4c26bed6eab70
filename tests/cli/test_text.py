"""Text from the wire, made safe to show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ws_handshake.cli.text import shown


def test_text_from_the_wire_becomes_printable_ascii() -> None:
    assert shown("plain text") == "plain text"
    assert shown(b"\x1b[31mred\x07\xff") == "\\x1b[31mred\\x07\\xff"
    assert shown("caf\xe9 \u202e \U0001f600") == "caf\\xe9 \\u202e \\U0001f600"
    assert shown("a" * 300) == "a" * 253 + "..."
    assert shown("abcdef", 5) == "ab..."


@given(st.text() | st.binary())
def test_nothing_else_has_a_way_out(text: str | bytes) -> None:
    assert shown(text, 10_000).isascii()
    assert shown(text, 10_000).isprintable()
