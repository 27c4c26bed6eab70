from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import bending
from tests.support.handshakes import KEY, VALID, Handshake
from tests.support.stopwatch import is_linear
from ws_handshake import judge
from ws_handshake.core import flaws
from ws_handshake.core.raw_request import LIMIT, read_head

if TYPE_CHECKING:
    from ws_handshake.core.flaws import Flaw


HEAD = b"GET /ws HTTP/1.1\r\nHost: a\r\n\r\n"


def flaw(data: bytes) -> Flaw | None:
    return read_head(data).flaw


def fields(data: bytes) -> list[tuple[bytes, bytes]]:
    return list(read_head(b"GET / HTTP/1.1\r\n" + data).head.headers)


def test_a_valid_head_is_read_as_it_was_written() -> None:
    found = read_head(VALID.asked(target=b"/ws?a=b").wire(), "https")

    assert found.complete
    assert found.flaw is None
    assert found.head == VALID.asked(target=b"/ws?a=b").head(
        headers=list(VALID.headers), scheme="https"
    )


@settings(max_examples=150, deadline=None)
@given(bending.valid())
def test_a_valid_head_in_any_form_is_read_as_valid(
    handshake: Handshake,
) -> None:
    found = read_head(handshake.wire())

    assert found.complete
    assert found.flaw is None
    assert judge(found.head).accepted


def test_what_follows_the_head_is_not_read() -> None:
    found = read_head(HEAD + b"Upgrade: websocket\r\n\r\n\x00\xff")

    assert found.head.headers == [(b"host", b"a")]
    assert found.flaw is None


@pytest.mark.parametrize("cut", range(len(b"GET /ws HTTP/1.1"), len(HEAD) - 1))
def test_a_head_without_an_end_is_incomplete_but_has_no_flaw(cut: int) -> None:
    found = read_head(HEAD[:cut])

    assert not found.complete
    assert found.flaw is None


def test_a_field_that_is_cut_off_is_read_as_far_as_it_came() -> None:
    assert fields(b"a: 1\r\nhost: exam") == [(b"a", b"1"), (b"host", b"exam")]
    assert fields(b"a: 1\r\nho") == [(b"a", b"1")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"a b", flaws.LINE_WITHOUT_COLON),
        (b"a\x00", flaws.LINE_WITHOUT_COLON),
        (b" a", flaws.CONTINUED_LINE),
        (b"a: \x00", flaws.CONTROL_CHARACTER),
        (b"colon\r\na: b", flaws.LINE_WITHOUT_COLON),
    ],
)
def test_what_is_cut_off_can_be_broken_before(line: bytes, expected: Flaw) -> None:
    assert flaw(b"GET / HTTP/1.1\r\n" + line) == expected


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("blank", [b"\r\n", b"\n"])
def test_lines_may_end_in_a_line_feed_alone(end: bytes, blank: bytes) -> None:
    found = read_head(b"GET /ws HTTP/1.1" + end + b"Host: a" + end + blank + b"b: c")

    assert found.complete
    assert found.flaw is None
    assert found.head.headers == [(b"host", b"a")]


def test_the_head_ends_at_the_first_blank_line() -> None:
    assert fields(b"a: 1\n\nb: 2\r\n\r\n") == [(b"a", b"1")]
    assert fields(b"a: 1\r\n\r\nb: 2\n\n") == [(b"a", b"1")]
    assert fields(b"a: 1\n\r\nb: 2\r\n\r\n") == [(b"a", b"1")]


def test_blank_lines_before_the_head_are_passed_over() -> None:
    assert read_head(b"\r\n\n\r\n" + HEAD) == read_head(HEAD)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"GET /ws HTTP/1.1", ("GET", b"/ws", "1.1")),
        (b"GET /ws HTTP/1.0", ("GET", b"/ws", "1.0")),
        (b"QUERY /ws HTTP/1.1", ("QUERY", b"/ws", "1.1")),
        (b"P%C4ST http://a/ws HTTP/9.9", ("P%C4ST", b"http://a/ws", "9.9")),
    ],
)
def test_a_request_line_has_a_method_a_target_and_a_version(
    line: bytes, expected: tuple[str, bytes, str]
) -> None:
    found = read_head(line + b"\r\n\r\n")

    assert (found.head.method, found.head.target, found.head.http_version) == expected
    assert found.flaw is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b" ", ("", b"", "1.1")),
        (b"GET", ("GET", b"", "1.1")),
        (b"GET /ws", ("GET", b"/ws", "1.1")),
        (b"GET  /ws HTTP/1.1", ("GET", b"", "1.1")),
        (b" GET /ws HTTP/1.1", ("", b"", "1.1")),
        (b"GET /ws HTTP/1.1 ", ("GET", b"/ws", "1.1")),
        (b"GET /ws HTTP/1", ("GET", b"/ws", "1")),
        (b"GET /ws HTTP/1.10", ("GET", b"/ws", "1.1")),
        (b"GET /ws http/1.0", ("GET", b"/ws", "1.1")),
        (b"GET /ws HTTP/x", ("GET", b"/ws", "1.1")),
        (b"GET\t/ws\tHTTP/1.0", ("", b"", "1.0")),
        (b"G\xc4T /\xe4 HTTP/1.1", ("", b"", "1.1")),
        (b"GET /\x00 HTTP/1.1", ("GET", b"/\x00", "1.1")),
    ],
)
def test_a_broken_request_line_is_a_flaw_and_read_as_far_as_it_can_be(
    line: bytes, expected: tuple[str, bytes, str]
) -> None:
    found = read_head(line + b"\r\nA: b\r\n\r\n")

    assert (found.head.method, found.head.target, found.head.http_version) == expected
    named = flaws.of_request_line(line) if expected[0] else flaws.REQUEST_LINE
    assert found.flaw == named


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"Host: a\r\n\r\n", [(b"host", b"a")]),
        (b"HOST:a\r\n\r\n", [(b"host", b"a")]),
        (b"a: \t b c\t \r\n\r\n", [(b"a", b"b c")]),
        (b"a:\r\n\r\n", [(b"a", b"")]),
        (b"a: b:c: d\r\n\r\n", [(b"a", b"b:c: d")]),
        (b"a: 1\r\na: 2\r\n\r\n", [(b"a", b"1"), (b"a", b"2")]),
        (b"a: \xe9\t\xff\r\n\r\n", [(b"a", b"\xe9\t\xff")]),
    ],
)
def test_a_line_has_a_name_in_lower_case_and_a_value_without_white_space_around(
    data: bytes, expected: list[tuple[bytes, bytes]]
) -> None:
    assert fields(data) == expected
    assert flaw(b"GET / HTTP/1.1\r\n" + data) is None


@pytest.mark.parametrize(
    ("line", "expected", "broken"),
    [
        (b"Upgrade : x", [(b"upgrade", b"x")], flaws.SPACE_BEFORE_COLON),
        (b"Upgrade\t: x", [(b"upgrade", b"x")], flaws.SPACE_BEFORE_COLON),
        (b"up grade: x", [(b"up grade", b"x")], flaws.HEADER_NAME),
        (b"(a): x", [(b"(a)", b"x")], flaws.HEADER_NAME),
        (b"a\x00: x", [(b"a\x00", b"x")], flaws.HEADER_NAME),
        (b"\xe9: x", [(b"\xe9", b"x")], flaws.HEADER_NAME),
        (b": x", [(b"", b"x")], flaws.HEADER_NAME),
        (b"no colon", [], flaws.LINE_WITHOUT_COLON),
        (b"colon", [], flaws.LINE_WITHOUT_COLON),
    ],
)
def test_a_name_that_is_no_token_is_a_flaw(
    line: bytes, expected: list[tuple[bytes, bytes]], broken: Flaw
) -> None:
    assert fields(line + b"\r\n\r\n") == expected
    assert flaw(b"GET / HTTP/1.1\r\n" + line + b"\r\n\r\n") == broken


@pytest.mark.parametrize("odd", [b"\x00", b"\x01", b"\x0b", b"\x1b", b"\r", b"\x7f"])
def test_a_control_character_in_a_value_is_a_flaw(odd: bytes) -> None:
    line = b"a: b" + odd + b"c\r\n\r\n"

    assert fields(line) == [(b"a", b"b" + odd + b"c")]
    assert flaw(b"GET / HTTP/1.1\r\n" + line) == flaws.CONTROL_CHARACTER


def test_a_continued_line_is_a_flaw_and_joined_with_a_space() -> None:
    data = b"Host: 1\r\n\t 2 \r\n 3\r\nb: 4\r\n\r\n"

    assert fields(data) == [(b"host", b"1 2 3"), (b"b", b"4")]
    assert flaw(b"GET / HTTP/1.1\r\n" + data) == flaws.CONTINUED_LINE


def test_a_continued_line_without_one_before_it_is_passed_over() -> None:
    data = b" x\r\na: 1\r\n\r\n"

    assert fields(data) == [(b"a", b"1")]
    assert flaw(b"GET / HTTP/1.1\r\n" + data) == flaws.CONTINUED_LINE


def test_what_continues_a_line_that_is_no_field_belongs_to_no_other() -> None:
    data = b"sec-websocket-version: 13\r\nauthorization\r\n Bearer a\r\nb: 4\r\n\r\n"

    assert fields(data) == [(b"sec-websocket-version", b"13"), (b"b", b"4")]
    assert flaw(b"GET / HTTP/1.1\r\n" + data) == flaws.LINE_WITHOUT_COLON


# Each breaks something else; they are in the order of flaws.
FLAWS = {
    b"a b: c": flaws.HEADER_NAME,
    b"a: \x00": flaws.CONTROL_CHARACTER,
    b" folded": flaws.CONTINUED_LINE,
}


@pytest.mark.parametrize("first", FLAWS)
@pytest.mark.parametrize("second", FLAWS)
def test_of_several_flaws_the_first_is_reported(first: bytes, second: bytes) -> None:
    lines = b"\r\nx: y\r\n" + first + b"\r\n" + second + b"\r\n\r\n"

    assert flaw(b"GET / HTTP/1.1" + lines) == FLAWS[first]
    assert flaw(b"GET / HTTP/one" + lines) == flaws.REQUEST_LINE


def test_the_violations_of_a_broken_head_can_be_judged() -> None:
    data = (
        b"GET /ws HTTP/1.1\r\nUpgrade : websocket\r\nConnection: upgrade\r\n"
        b"Sec-WebSocket-Key: %s\r\n\r\n" % KEY
    )

    assert judge(read_head(data).head).codes == ("host_missing", "version_missing")


def test_no_more_than_128_kib_is_read() -> None:
    found = read_head(b"GET / HTTP/1.1\r\na: " + b"b" * LIMIT + b"\r\nc: d\r\n\r\n")

    assert LIMIT == 131_072
    assert not found.complete
    assert [name for name, _ in found.head.headers] == [b"a"]


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                *(b"GET ", b"/ws ", b"HTTP/1.1", b"\r\n", b"\n", b"\r", b" ", b"\t"),
                *(b":", b"a", b"\x00", b"\xff", b"Upgrade: websocket"),
            ]
        )
    ).map(b"".join)
)
def test_whatever_arrives_is_read_without_raising(data: bytes) -> None:
    found = read_head(data)

    assert found.head.http_version[0].isdigit()
    assert b"\n" not in found.head.target
    assert all(name == name.lower() for name, _ in found.head.headers)
    assert found.head.is_attempt() in {True, False}
    assert judge(found.head).accepted or judge(found.head).codes


@settings(max_examples=150, deadline=None)
@given(bending.bent())
def test_the_fields_of_a_bent_head_are_found(handshake: Handshake) -> None:
    found = read_head(handshake.wire())

    assert found.head.method == handshake.method
    assert list(found.head.headers) == [
        (name, value.strip(b" \t")) for name, value in handshake.headers
    ]


@pytest.mark.parametrize(
    "unit", [b" \n", b"\n", b"a\n", b"a:\n", b"\t\r\n", b"HTTP/", b"\r"]
)
def test_the_cost_of_a_head_is_linear_in_its_bytes(unit: bytes) -> None:
    small, large = (
        partial(read_head, b"GET / HTTP/1.1\r\nh: x\r\n" + (unit * size)[:size])
        for size in (LIMIT // 16, LIMIT)
    )

    # many small objects cost a little more each than few; squares would take 256
    assert is_linear(small, large, times=30)
