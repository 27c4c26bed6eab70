"""Sec-WebSocket-Protocol and Sec-WebSocket-Extensions."""

from __future__ import annotations

import pytest

from tests.support.bending import NO_SPACE
from tests.support.handshakes import VALID, Handshake, measured
from ws_handshake import judge

_PROTOCOL = b"sec-websocket-protocol"
_EXTENSIONS = b"sec-websocket-extensions"


def found(handshake: Handshake) -> list[tuple[str, str | None]]:
    violations = judge(handshake.head()).violations
    return [measured(violation) for violation in violations]


def lines(name: bytes, *values: bytes) -> Handshake:
    handshake = VALID
    for value in values:
        handshake = handshake.plus(name, value)
    return handshake


@pytest.mark.parametrize(
    "values",
    [
        *([b"chat"], [b"chat, superchat"], [b"chat,superchat"]),
        [b" chat\t,\tv2.chat "],
        *([b",chat"], [b"chat,"], [b", ,chat,,"], [b"chat, chat"]),
        [b"!#$%&'*+-.^_`|~"],
        *([b"chat", b"superchat"], [b"", b"chat"], [b"chat", b","], [b"base64url.x.y"]),
    ],
)
def test_a_list_of_tokens_is_valid(values: list[bytes]) -> None:
    assert found(lines(_PROTOCOL, *values)) == []


@pytest.mark.parametrize(
    "value",
    [
        *(b"", b",", b" , ", b"a b", b"Bearer token", b"a/b", b"http://a", b"a;b"),
        b"a=b",
        *(b'"chat"', b"chat, a b", b"a@b", b"(a)", b"[a]", b"{a}", b"a:b", b"a?"),
        b"\\a",
        *(b"chat\xc3\xa9", b"\xff", b"chat\x00", b"chat\x7f", b"dG9rZW4=", b"a<b>"),
    ],
)
def test_any_other_subprotocol_is_malformed_and_only_its_length_is_shown(
    value: bytes,
) -> None:
    length = len(value.strip(b" \t"))
    received = f"{length} character" if length == 1 else f"{length} characters"

    assert found(lines(_PROTOCOL, value)) == [("subprotocol_malformed", received)]


def test_one_broken_line_makes_the_whole_list_malformed() -> None:
    assert found(lines(_PROTOCOL, b"chat", b"a b")) == [
        ("subprotocol_malformed", "2 lines")
    ]
    assert found(lines(_EXTENSIONS, b"x", b"y;")) == [
        ("extensions_malformed", "2 lines")
    ]
    assert found(lines(_PROTOCOL, b"", b"")) == [("subprotocol_malformed", "2 lines")]


@pytest.mark.parametrize("odd", NO_SPACE)
def test_only_space_and_tab_are_white_space(odd: bytes) -> None:
    for value in (odd + b"a", b"a" + odd, b"a," + odd + b"b"):
        length = f"{len(value)} characters"
        assert found(lines(_PROTOCOL, value)) == [("subprotocol_malformed", length)]
        assert found(lines(_EXTENSIONS, value)) == [("extensions_malformed", length)]


@pytest.mark.parametrize(
    "values",
    [
        *([b"permessage-deflate"], [b"permessage-deflate; client_max_window_bits"]),
        *([b"permessage-deflate;client_max_window_bits=10"], [b"x;a;b=c;d"]),
        [b"x;a;a"],
        *([b"x ; a\t=  b ;c"], [b"x;a =b"], [b"x;a= b"], [b'x;a="b"'], [b'x;a = "b" ']),
        *([b'x;a="\\b"'], [b'x;a="b\\c\\d"'], [b'x; a="10"; b'], [b'x;a="!#$%&"']),
        *([b"x, y;a"], [b"x", b"y;a=b"], [b",x,,y,"], [b"x,", b""]),
        [b"permessage-foo"],
    ],
)
def test_a_list_of_extensions_is_valid(values: list[bytes]) -> None:
    assert found(lines(_EXTENSIONS, *values)) == []


@pytest.mark.parametrize(
    "value",
    [
        *(b"", b",", b";", b"x;", b";a", b"x;;a", b"x; ;a", b"x;a;", b"x;,y", b"x,;a"),
        *(b"x=b", b"x;=b", b"x;a=", b"x;a= ;b", b"x;a==b", b"x;a=b=c", b"x y"),
        b"x;a b",
        *(b"x;a=b c", b"x/1", b"x;a=b/c", b"x;a=(b)", b"x;a={}", b"x;a=b@c"),
        b"x;a=\xe9",
        *(b'x;a=""', b'x;a="', b'x;a="b', b'x;a=b"', b'x;a="b"c', b'x;a="b" c', b'"x"'),
        *(b'x;"a"', b'x;"a"="b"', b'x;a="b c"', b'x;a="b,c"', b'x;a="b;c"'),
        b'x;a="b=c"',
        *(b'x;a="b\\ c"', b'x;a="\\,"', b'x;a="\\""', b'x;a="\\\\"', b'x;a="\\"'),
        *(b'x;a="b\\"', b"x;a='b c'", b'x;a="\xe9"', b'x;a="b\tc"', b'x;a="\x00"'),
    ],
)
def test_any_other_extension_is_malformed_and_only_its_length_is_shown(
    value: bytes,
) -> None:
    received = "1 character" if len(value) == 1 else f"{len(value)} characters"

    assert found(lines(_EXTENSIONS, value)) == [("extensions_malformed", received)]


def test_a_parameter_that_makes_no_sense_is_not_malformed() -> None:
    # RFC 7692 section 7.1: the offer is declined, not the handshake
    assert (
        found(lines(_EXTENSIONS, b"permessage-deflate; server_max_window_bits=7")) == []
    )
    assert found(lines(_EXTENSIONS, b"permessage-deflate; unknown=x; unknown=y")) == []


@pytest.mark.parametrize(
    "lines", [(b"x; a=", b"y"), (b"x;", b"y"), (b'x; a="b', b'c"')]
)
def test_an_element_is_not_continued_in_the_next_line(lines: tuple[bytes, ...]) -> None:
    handshake = VALID
    for line in lines:
        handshake = handshake.plus(_EXTENSIONS, line)

    assert judge(handshake.head()).codes == ("extensions_malformed",)
