"""However many lines a refused head has, reading them costs little."""

from __future__ import annotations

from functools import partial

import pytest

from tests.handshakes import SOUND
from tests.stopwatch import takes_less_than
from ws_handshake.wire import LIMIT, LINES, WireHead, read_head

START = b"GET /ws HTTP/1.1\r\n"


def read(lines: int, end: bytes = b"\r\n") -> WireHead:
    return read_head(START + b"a: b\r\n" * lines + end)


def test_512_header_lines_are_read() -> None:
    wire = read(LINES)

    assert (len(wire.head.headers), wire.complete, wire.flaw) == (512, True, None)


def test_512_header_lines_without_an_end_are_as_many_and_no_more() -> None:
    wire = read(LINES, end=b"")

    assert (len(wire.head.headers), wire.complete, wire.flaw) == (512, False, None)


def test_what_stands_behind_512_lines_is_not_read_and_that_is_told() -> None:
    wire = read(LINES + 1)

    assert len(wire.head.headers) == 512
    assert wire.complete
    assert wire.flaw == "more than 512 header lines"


def test_a_fault_of_form_that_stands_before_is_told_instead() -> None:
    wire = read_head(b"GET\r\n" + b"a: b\r\n" * 600 + b"\r\n")

    assert wire.flaw == "the request line"


def test_the_last_line_that_is_read_is_whole_if_others_stand_behind_it() -> None:
    wire = read_head(START + b"a: b\r\n" * 511 + b"no field\r\n" + b"a: b\r\n" * 9)

    assert (wire.complete, wire.flaw) == (False, "a header name")


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
def test_128_kib_of_tiny_lines_are_read_in_less_than_2_ms(unit: bytes) -> None:
    data = SOUND.wire().removesuffix(b"\r\n") + unit * (LIMIT // len(unit))

    assert takes_less_than(2e-3, partial(read_head, data))
