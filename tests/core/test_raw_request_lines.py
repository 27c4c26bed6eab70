"""A rejected head of many lines, or of long ones, is cheap to read."""

from __future__ import annotations

import tracemalloc
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.handshakes import VALID
from tests.support.stopwatch import takes_less_than
from ws_handshake.core import flaws
from ws_handshake.core.raw_request import LIMIT, LINES, WireHead, read_head

START = b"GET /ws HTTP/1.1\r\n"


def read(lines: int, end: bytes = b"\r\n") -> WireHead:
    return read_head(START + b"a: b\r\n" * lines + end)


def test_256_header_lines_are_read() -> None:
    wire = read(LINES)

    assert (len(wire.head.headers), wire.complete, wire.flaw) == (256, True, None)


def test_256_header_lines_without_an_end_are_as_many_and_no_more() -> None:
    wire = read(LINES, end=b"")

    assert (len(wire.head.headers), wire.complete, wire.flaw) == (256, False, None)


def test_header_lines_beyond_256_are_not_read_and_are_a_flaw() -> None:
    wire = read(LINES + 1)

    assert len(wire.head.headers) == 256
    assert wire.complete
    assert wire.flaw is not None
    assert wire.flaw.what == "more than 256 header lines"


def test_an_earlier_flaw_is_reported_instead() -> None:
    wire = read_head(b"GET\r\n" + b"a: b\r\n" * 600 + b"\r\n")

    assert wire.flaw == flaws.REQUEST_LINE


def test_the_last_line_that_is_read_is_whole_if_others_follow_it() -> None:
    wire = read_head(START + b"a: b\r\n" * 255 + b"no field\r\n" + b"a: b\r\n" * 9)

    assert (wire.complete, wire.flaw) == (False, flaws.LINE_WITHOUT_COLON)


def test_the_last_line_of_a_cut_head_may_be_cut_too() -> None:
    wire = read(LINES - 1, end=b"Sec-WebS")

    assert (wire.complete, wire.flaw) == (False, None)


@pytest.mark.parametrize(
    "lines", [b"Host:\r\n b\r\n", b"Host: b\r\n \t\r\n", b"Host:b\n \n \n"]
)
def test_white_space_around_a_folded_value_is_no_part_of_it(lines: bytes) -> None:
    wire = read_head(START + lines + b"\r\n")

    assert wire.head.headers == [(b"host", b"b")]


@pytest.mark.parametrize(
    "unit", [b":\n", b"a:\r\n", b"a\n", b" \r\n", b"\x00:\n", b"a:b\r\n c\r\n", b"\r\n"]
)
def test_128_kib_of_tiny_lines_are_read_in_less_than_1_ms(unit: bytes) -> None:
    data = VALID.wire().removesuffix(b"\r\n") + unit * (LIMIT // len(unit))

    assert takes_less_than(1e-3, partial(read_head, data))


@pytest.mark.parametrize("tail", [b"", b"\r\n\r\n", b"\r\nx note: 1\r\n\r\n"])
def test_a_long_value_is_copied_no_more_than_twice(
    tail: bytes,
) -> None:
    data = VALID.plus(b"cookie", b"a" * 120_000).wire().removesuffix(b"\r\n\r\n") + tail
    assert read_head(data).head.headers[-1][0] in {b"cookie", b"x note"}

    tracemalloc.start()
    read_head(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 3.5 * len(data)


@pytest.mark.parametrize("lines", [1, 255, 256])
@pytest.mark.parametrize("rest", [b"", b"a", b"a: b", b"a: b\r", b" c", b"\x00: d"])
def test_the_last_line_of_a_head_that_is_waited_for_is_left_out(
    lines: int, rest: bytes
) -> None:
    whole = START + b"a: b\r\n" * lines

    wire = read_head(whole + rest, waits=True)
    assert wire == read_head(whole.removesuffix(b"\n"))
    assert (len(wire.head.headers), wire.complete, wire.flaw) == (lines, False, None)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(b"GET / HTTP/1.1\r\n", b"a: b\r\n", b"a: b\n", b"a b: c\r\n"),
                *(
                    b"\r\n",
                    b"\n",
                    b"\r",
                    b" c\r\n",
                    b":",
                    b"a",
                    b"\x00",
                    b"a:b\n" * 254,
                ),
            ]
        )
    ).map(b"".join)
)
def test_what_is_waited_for_is_read_as_its_whole_lines_are(data: bytes) -> None:
    wire = read_head(START + data)
    known = START + data if wire.complete else (START + data).rpartition(b"\n")[0]

    assert read_head(START + data, waits=True) == read_head(known)
