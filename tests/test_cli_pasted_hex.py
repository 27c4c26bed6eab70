from __future__ import annotations

import re

import pytest

from tests.handshakes import SOUND
from ws_handshake.cli.pasted.hex import read_hex

#: So long that the last row is short, and in ASCII looks like bytes in hex.
DATA = SOUND.but(b"host", b"0123456789.example").wire() + b"ab cd"


def dump(row: str, join: str = " ", gap: str = "", end: str = "") -> bytes:
    """Lay bytes out; `gap` is put in the middle of a row."""
    rows = []
    for begin in range(0, len(DATA), 16):
        pairs = [f"{byte:02x}" for byte in DATA[begin : begin + 16]]
        laid_out = join.join(pairs[:8]) + join + gap + join.join(pairs[8:])
        plain = re.sub(rb"[^ -~]", b".", DATA[begin : begin + 16]).decode()
        rows.append(row.format(begin=begin, pairs=laid_out, plain=plain))
    return "\n".join([*rows, end]).encode()


@pytest.mark.parametrize(
    "text",
    [
        dump("{begin:08x}  {pairs:<48}  |{plain}|", gap=" ", end="000000d0\n"),
        dump("{begin:06x} {pairs:<47}  >{plain}<"),
        dump("{begin:04x}   {pairs:<47}   {plain}"),
        dump("\t0x{begin:04x}:  {pairs:<47}  {plain}"),
        dump("{begin:08X}: {pairs}").replace(b"\n", b"\r\n"),
    ],
    ids=["hexdump -C", "od -t x1z", "Wireshark", "tcpdump -X", "bare"],
)
def test_a_dump_is_read_whichever_program_made_it(text: bytes) -> None:
    assert read_hex(text) == DATA


def test_what_stands_before_the_request_is_left_out() -> None:
    before, request = b"\x45\x00\x99", b"GET / HTTP/1.1\r\nHost: a"
    rows = [(before + request)[:16], (before + request)[16:]]
    text = "".join(f"0000  {row.hex(' ')}\n" for row in rows)
    assert read_hex(text.encode()) == request


@pytest.mark.parametrize(
    "text",
    [b"", b"0000  00 01 02 03", b"0000  47 45 54\nHost: a", b"deadbeef: cafe"],
)
def test_what_is_no_dump_of_a_request_is_none(text: bytes) -> None:
    assert read_hex(text) is None
