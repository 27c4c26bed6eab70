from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import bending
from ws_handshake.core.grammar import Extension, is_extension_list, parse_extensions

DEFLATE = "permessage-deflate"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"x", [Extension("x", ())]),
        (b"x, y", [Extension("x", ()), Extension("y", ())]),
        (b",x,,y,", [Extension("x", ()), Extension("y", ())]),
        (b"x;a", [Extension("x", (("a", None),))]),
        (b"x ; a\t; b", [Extension("x", (("a", None), ("b", None)))]),
        (b"x;a=1;b=2", [Extension("x", (("a", "1"), ("b", "2")))]),
        (b"x;a=1;a=2", [Extension("x", (("a", "1"), ("a", "2")))]),
        (b"x; a = 1 ; b", [Extension("x", (("a", "1"), ("b", None)))]),
        (b"x;a,x;b", [Extension("x", (("a", None),)), Extension("x", (("b", None),))]),
        (b"x;a=b, y", [Extension("x", (("a", "b"),)), Extension("y", ())]),
        (b'x;a="1"', [Extension("x", (("a", "1"),))]),
        (b'x; a = "1" ; b', [Extension("x", (("a", "1"), ("b", None)))]),
        (b'x;a="\\b\\cd"', [Extension("x", (("a", "bcd"),))]),
    ],
)
def test_offers_are_names_with_parameters_in_the_order_sent(
    value: bytes, expected: list[Extension]
) -> None:
    assert is_extension_list(value)
    assert list(parse_extensions(value)) == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(bending.extensions(), min_size=1, max_size=3), st.data())
def test_offers_read_the_same_with_empty_elements_between_them(
    offers: list[bytes], data: st.DataObject
) -> None:
    value = b",".join(data.draw(bending.listed(offers)))
    one_by_one = [parse_extensions(offer) for offer in offers]

    assert is_extension_list(value)
    assert parse_extensions(value) == tuple(offer for (offer,) in one_by_one)


@settings(max_examples=100, deadline=None)
@given(bending.tokens, st.lists(st.tuples(bending.tokens, bending.tokens)), st.data())
def test_quotes_and_backslashes_do_not_change_a_value(
    name: bytes, parameters: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    written = [b"%s=%s" % (key, data.draw(quoted(value))) for key, value in parameters]
    value = b"; ".join([name, *written])
    expected = tuple((key.decode(), value.decode()) for key, value in parameters)

    assert is_extension_list(value)
    assert parse_extensions(value) == (Extension(name.decode(), expected),)


@st.composite
def quoted(draw: st.DrawFn, value: bytes) -> bytes:
    escaped = draw(st.lists(st.booleans(), min_size=len(value), max_size=len(value)))
    parts = zip(value, escaped, strict=True)
    return b'"%s"' % b"".join(b"\\%c" % c if e else b"%c" % c for c, e in parts)


def test_no_more_offers_are_parsed_than_are_asked_for() -> None:
    offers = b"a, b; x, c"

    assert [offer.name for offer in parse_extensions(offers, 2)] == ["a", "b"]
    assert [offer.name for offer in parse_extensions(offers)] == ["a", "b", "c"]
