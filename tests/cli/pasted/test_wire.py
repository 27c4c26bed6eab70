from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import ACCEPT, VALID
from ws_handshake import judge
from ws_handshake.cli.pasted.wire import read_hex, read_request
from ws_handshake.core import flaws

if TYPE_CHECKING:
    from ws_handshake.core.flaws import Flaw

#: So long that the last row is short, and in ASCII looks like bytes in hex.
DATA = VALID.but(b"host", b"0123456789.example").wire() + b"ab cd"
READ = [read_request(DATA)]


@pytest.mark.parametrize("cut", [0, 2, 4])
def test_the_empty_line_at_the_end_may_be_missing(cut: int) -> None:
    data = VALID.wire()
    pasted = read_request(data[: len(data) - cut])

    assert pasted.flaw is None
    assert judge(pasted.request).accept_token == ACCEPT


def test_a_malformed_head_is_reported() -> None:
    pasted = read_request(VALID.wire().replace(b"host:", b"host :"))
    assert pasted.flaw == flaws.SPACE_BEFORE_COLON


@pytest.mark.parametrize(
    ("version", "wanted"),
    [(b"2", "2"), (b"3", "3"), (b"2.0", "2"), (b"1.1", "1.1"), (b"1.0", "1.0")],
)
def test_a_browser_shows_a_request_line_over_http2_too(
    version: bytes, wanted: str
) -> None:
    text = VALID.wire().replace(b"HTTP/1.1", b"HTTP/" + version)
    pasted = read_request(text)

    assert pasted.flaw is None
    assert pasted.request.http_version == wanted


@pytest.mark.parametrize(
    ("target", "flaw"),
    [
        (b"/ws?a", None),
        (b"http://a/ws", None),
        (b"https://a", None),
        (b"wss://a/ws", None),
        (b"ws", flaws.TARGET_WITHOUT_SLASH),
        (b"a.example/ws", flaws.TARGET_WITHOUT_SLASH),
        (b"/ws#a", flaws.FRAGMENT_IN_TARGET),
        (b"http://u@a/ws", flaws.USER_IN_TARGET),
    ],
)
def test_a_target_that_names_no_resource_is_a_flaw(
    target: bytes, flaw: Flaw | None
) -> None:
    assert read_request(VALID.asked(target=target).wire()).flaw == flaw
    connect = VALID.asked(target=b"a:80", method="CONNECT")
    assert read_request(connect.wire()).flaw is None


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
        dump("{begin:08x}  {pairs:<48}  |{plain}|", gap=" ", end=f"{len(DATA):08x}\n"),
        dump("{begin:06x} {pairs:<47}  >{plain}<"),
        dump("{begin:04x}   {pairs:<47}   {plain}"),
        dump("\t0x{begin:04x}:  {pairs:<47}  {plain}"),
        dump("{begin:08X}: {pairs}").replace(b"\n", b"\r\n"),
        dump("{begin:07o} {pairs:<47}  >{plain}<", end=f"{len(DATA):07o}\n"),
        dump("{begin:07d} {pairs:<47}  >{plain}<", end=f"{len(DATA):07d}\n"),
    ],
    ids=["hexdump", "od -A x", "Wireshark", "tcpdump", "bare", "od", "od -A d"],
)
def test_a_dump_is_read_whichever_program_made_it(text: bytes) -> None:
    assert read_hex(text) == READ


def test_what_precedes_the_request_is_left_out() -> None:
    before, request = b"\x45\x00\x99", b"GET / HTTP/1.1\r\nHost: a"
    rows = {0: (before + request)[:16], 16: (before + request)[16:]}
    text = "".join(f"{at:04x}  {row.hex(' ')}\n" for at, row in rows.items())
    assert read_hex(text.encode()) == [read_request(request)]


@pytest.mark.parametrize(
    "text",
    [b"", b"0000  00 01 02 03", b"0000  47 45 54\nHost: a", b"deadbeef: cafe"],
)
def test_what_is_no_dump_of_a_request_is_none(text: bytes) -> None:
    assert read_hex(text) == []


def test_lines_around_a_packet_are_left_out() -> None:
    line = b"10:12:44.138664 IP 127.0.0.1.40060 > 127.0.0.1.8000: Flags [P.]\n"
    packet = dump("\t0x{begin:04x}:  {pairs}")
    assert read_hex(line + packet + line) == READ
    assert read_hex(line + b"0000  00 01\n" + line + packet) == READ
    cut = b"".join(packet.splitlines(keepends=True)[:6])
    assert read_hex(line + cut) == []


def test_every_packet_is_read_with_the_status_of_its_response() -> None:
    text = dump("{begin:04x}  {pairs}")
    other = VALID.asked(target=b"/other").wire()
    answers = [b"HTTP/1.1 404 Not Found\r\n\r\n", other, b"HTTP/1.1 101 a\r\n\r\n"]
    for answer in answers:
        for at in range(0, len(answer), 16):
            row = answer[at : at + 16].hex(" ").encode()
            text += b"%04x  %b\n" % (at, row)
    found = read_hex(text)
    assert [one.server_status for one in found] == [404, 101]
    assert [one.request.target for one in found] == [b"/ws", b"/other"]


@pytest.mark.parametrize("row", ["{begin:08x}: {pairs}", "{begin:07o} {pairs}"])
def test_a_dump_with_a_gap_is_not_read(row: str) -> None:
    lines = dump(row).splitlines(keepends=True)
    for lost in range(1, len(lines) - 2):
        assert read_hex(b"".join(lines[:lost] + lines[lost + 1 :])) == []
        merged = lines[lost].rstrip(b"\n")
        assert read_hex(b"".join([*lines[:lost], merged, *lines[lost + 1 :]])) == []
    short = lines[3].replace(b" ", b"  .", 9)
    assert read_hex(b"".join([*lines[:3], short, *lines[4:]])) == []


def test_in_a_short_row_what_looks_like_bytes_is_cut_off() -> None:
    rows = [DATA[at : at + 8] for at in range(0, len(DATA), 8)]
    text = "".join(
        f"{at * 8:08x}: {row[:4].hex()} {row[4:].hex()}  abcdef12\n"
        for at, row in enumerate(rows)
    )
    assert read_hex(text.encode()) == READ
    lost = text.splitlines(keepends=True)
    assert read_hex("".join(lost[:3] + lost[4:]).encode()) == []


def test_a_stream_of_hexadecimal_digits_is_a_dump() -> None:
    answered = DATA + b"HTTP/1.1 404 Not Found\r\n\r\n"
    assert read_hex(answered.hex().encode() + b"\n") == READ
    escaped = "".join(f"\\x{byte:02x}" for byte in DATA)
    assert read_hex(f'"{escaped}"'.encode()) == READ


def test_the_rows_of_netty_stand_between_bars() -> None:
    assert read_hex(dump("|{begin:08x}| {pairs:<47} |{plain:<16}|")) == READ
