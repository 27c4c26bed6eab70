from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import bending
from tests.support.handshakes import KEY
from ws_handshake.core.grammar import (
    elements,
    has_element,
    has_several_elements,
    is_extension_list,
    is_field_value,
    is_nonce,
    is_protocol_list,
    is_token_list,
)

NO_SPACE_EITHER = [*bending.NO_SPACE, b"\r", b"\n", b"\x00", b"\x7f", b"\xe2\x80\x80"]
DELIMITERS = b'"(),/:;<=>?@[\\]{}'


@pytest.mark.parametrize(
    "value",
    [
        *(b"a", b"a,b", b"a, b", b"a ,b", b"a\t,\tb", b" a ", b",a", b"a,"),
        b",,a,,b,,",
        *(b" , a , , b , ", b"!#$%&'*+-.^_`|~09azAZ"),
    ],
)
def test_a_list_of_tokens_may_have_white_space_and_empty_elements(
    value: bytes,
) -> None:
    assert is_token_list(value)
    assert is_protocol_list(value)
    assert is_extension_list(value)


@pytest.mark.parametrize("value", [b"", b" ", b"\t", b",", b" , ,, ", b",\t,"])
def test_a_list_without_an_element_is_none(value: bytes) -> None:
    assert not is_token_list(value)
    assert not is_protocol_list(value)
    assert not is_extension_list(value)


@pytest.mark.parametrize("value", [b"a b", b"a\tb", b"a, b c", b"a b, c", b"a,b c"])
def test_white_space_between_two_tokens_is_no_comma(value: bytes) -> None:
    assert not is_token_list(value)
    assert not is_protocol_list(value)
    assert not is_extension_list(value)


@pytest.mark.parametrize("odd", NO_SPACE_EITHER)
def test_only_space_and_tab_are_white_space(odd: bytes) -> None:
    for value in (odd + b"a", b"a" + odd, b"a," + odd + b"b", b"a" + odd + b",b"):
        assert not is_token_list(value)
        assert not is_protocol_list(value)
        assert not is_extension_list(value)
    assert elements(b"a," + odd) == [b"a", odd]


@pytest.mark.parametrize("code", [c for c in DELIMITERS if c not in b",/;"])
def test_no_delimiter_is_part_of_a_token(code: int) -> None:
    assert not is_token_list(b"a%cb" % code)
    assert not is_protocol_list(b"a%cb" % code)
    assert not is_extension_list(b"a%cb" % code)


def test_a_token_is_made_of_letters_digits_and_fifteen_signs() -> None:
    parts = {c for c in range(256) if is_token_list(b"a%ca" % c)} - set(b",")

    assert parts == set(
        b"!#$%&'*+-.^_`|~" + string.ascii_letters.encode() + b"0123456789"
    )


@pytest.mark.parametrize(
    "value", [b"websocket/13", b"HTTP/2.0, TLS/1.0", b"a/b,c", b"a/b ,", b", a/b"]
)
def test_a_protocol_may_have_a_version(value: bytes) -> None:
    assert is_protocol_list(value)
    assert not is_token_list(value)


@pytest.mark.parametrize("value", [b"a/", b"/b", b"a//b", b"a/b/c", b"a /b", b"a/ b"])
def test_a_protocol_has_one_name_and_one_version(value: bytes) -> None:
    assert not is_protocol_list(value)


@pytest.mark.parametrize(
    "value",
    [
        *(b"x;a", b"x; a", b"x ;a", b"x;a=b", b"x; a = b ; c\t=\td", b"x;a,y;b=c"),
        *(b'x;a="b"', b'x; a = "b" ; c', b'x;a="\\b"', b'x;a="\\b\\c"', b'x;a="b\\cd"'),
        *(b'x;a="\\bc\\d", y', b"x;a;a;a", b",x;a=b,", b"permessage-deflate; a=10"),
    ],
)
def test_an_extension_has_parameters_with_or_without_a_value(value: bytes) -> None:
    assert is_extension_list(value)


@pytest.mark.parametrize(
    "value",
    [
        *(b";", b";a", b"x;", b"x; ,y", b"x;;a", b"x=b", b"x;=b", b"x;a=", b"x;a=,y"),
        *(b"x;a==b", b"x;a=b=c", b"x;a=b c", b"x;a b", b"x/y", b"x;a/b", b"x;a=b;"),
        *(b'x;a="', b'x;a="b', b'x;a=b"', b'x;a=""', b'x;"a"', b'"x"', b'x;a="b"c'),
        *(b'x;a="b c"', b'x;a="b,c"', b'x;a="b;c"', b'x;a="\\"', b'x;a="\\ "'),
        *(b'x;a="\\""', b'x;a="\\\\"', b'x;a="b\\"', b'x;a="\xe4"', b'x;a="b""c"'),
    ],
)
def test_what_section_9_1_has_no_rule_for_is_no_list_of_extensions(
    value: bytes,
) -> None:
    assert not is_extension_list(value)


@pytest.mark.parametrize(
    "value",
    [KEY, b"AQIDBAUGBwgJCgsMDQ4PEC==", b"++++++++++++++++++////==", b"A" * 22 + b"=="],
)
def test_a_nonce_is_base64_of_16_bytes_whatever_its_pad_bits(value: bytes) -> None:
    assert is_nonce(value)


@pytest.mark.parametrize(
    "value",
    [
        *(b"", b"=" * 24, b"A" * 24, b"A" * 20, b"A" * 21 + b"===", b"A" * 23 + b"="),
        *(b"A" * 22, b"A" * 22 + b"=", b"A" * 24 + b"==", KEY + b"\n", KEY + b" "),
        *(b" " + KEY, KEY[:-2] + b"%3", b"-" * 22 + b"==", b"_" * 22 + b"=="),
    ],
)
def test_no_other_length_or_alphabet_is_a_nonce(value: bytes) -> None:
    assert not is_nonce(value)


def test_a_field_value_has_no_control_character_but_the_tab() -> None:
    valid = bytes(code for code in range(256) if is_field_value(b"a%c" % code))

    assert valid == bytes([0x09, *range(0x20, 0x7F), *range(0x80, 0x100)])
    assert is_field_value(b"")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", []),
        (b" , ,\t", []),
        (b"a", [b"a"]),
        (b" a , b,, c\t", [b"a", b"b", b"c"]),
        (b"a b,c", [b"a b", b"c"]),
    ],
)
def test_elements_are_what_stands_between_commas(
    value: bytes, expected: list[bytes]
) -> None:
    assert elements(value) == expected


@given(st.lists(st.sampled_from([b",", b" ", b"\t"]) | bending.tokens).map(b"".join))
def test_several_elements_are_more_than_one(value: bytes) -> None:
    assert has_several_elements(value) == (len(elements(value)) > 1)


@settings(max_examples=150, deadline=None)
@given(st.lists(bending.tokens, min_size=1), st.data())
def test_a_list_has_each_of_its_elements_and_no_other(
    names: list[bytes], data: st.DataObject
) -> None:
    value = b",".join(data.draw(bending.listed(names)))
    names = [name.lower() for name in names]

    assert is_token_list(value)
    assert [element.lower() for element in elements(value)] == names
    assert all(has_element(value, name) for name in names)
    assert has_element(value, b"web") == (b"web" in names)


@pytest.mark.parametrize(
    "value",
    [b"websocket", b"WEBSOCKET", b"h2c,WebSocket", b"websocket\t,h2c", b" websocket"],
)
def test_an_element_is_found_in_letters_of_any_case(value: bytes) -> None:
    assert has_element(value, b"websocket")


@pytest.mark.parametrize(
    "value",
    [
        b"websockets",
        b"xwebsocket",
        b"websocket/13",
        b"websoc\xe2\x84\xaaet",
        b"web,socket",
    ],
)
def test_part_of_an_element_is_not_the_element(value: bytes) -> None:
    assert not has_element(value, b"websocket")


def test_empty_elements_at_the_ends_of_a_list_do_not_count() -> None:
    assert has_several_elements(b"X,a")
    assert has_several_elements(b"a,X")
    assert not has_several_elements(b" ,\tX, ,")
