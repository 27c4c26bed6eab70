"""Reads a hex dump: of xxd, hexdump -C, od, tcpdump -X and Wireshark."""

from __future__ import annotations

import re
from itertools import pairwise

# At most 16 bytes, no more than two spaces apart; in ASCII they stand further behind.
_row = re.compile(
    rb"[ \t]*+(?:0x)?([0-9A-Fa-f]{4,8}):?"
    rb"(?:[ \t]++((?:[0-9A-Fa-f]{2} {0,2}){1,16}).*)?"
)
_request = re.compile(rb"[A-Z]{3,7} [!-~]++ HTTP/")


def read_hex(text: bytes) -> bytes | None:
    """Return the bytes of a hex dump from its request line on; None if it is none.

    A dump that has lost a piece is none: what stands behind the piece could be taken
    for something else.
    """
    lines = [line for line in text.split(b"\n") if line.strip()]
    rows = [row for line in lines if (row := _row.fullmatch(line.strip(b"\r")))]
    if len(rows) < len(lines):
        return None
    found = [bytes.fromhex((row[2] or b"").decode()) for row in rows]
    whole = _joined([row[1] for row in rows], found)
    request = _request.search(whole)
    return whole[request.start() :] if request else None


def _joined(offsets: list[bytes], rows: list[bytes]) -> bytes:
    """Join the rows, if each begins where the one before it ends.

    od writes octal offsets, or decimal ones; those of another packet begin at nothing
    again. In rows that are shorter than usual the ASCII may look like bytes.
    """
    for base in (16, 8, 10):
        lengths = _lengths([_number(offset, base) for offset in offsets], rows)
        if lengths == [len(row) for row in rows[:-1]]:
            return b"".join(rows)
    lengths = _lengths([int(offset, 16) for offset in offsets], rows)
    if all(0 < step <= len(row) for step, row in zip(lengths, rows, strict=False)):
        lengths.append(max(lengths))
        return b"".join(row[:step] for step, row in zip(lengths, rows, strict=True))
    return b""


def _lengths(places: list[int], rows: list[bytes]) -> list[int]:
    """Return how long all rows but the last must be."""
    return [
        after - before if after else len(row)
        for (before, after), row in zip(pairwise(places), rows, strict=False)
    ]


def _number(offset: bytes, base: int) -> int:
    try:
        return int(offset, base)
    except ValueError:
        return -1  # it has a digit that is none in this base
