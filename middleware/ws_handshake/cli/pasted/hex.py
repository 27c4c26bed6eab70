"""Reads a hex dump: of xxd, hexdump -C, od, tcpdump -X and Wireshark."""

from __future__ import annotations

import re

# At most 16 bytes, no more than two spaces apart; in ASCII they stand further behind.
_row = re.compile(
    rb"[ \t]*+(?:0x)?[0-9A-Fa-f]{4,8}:?(?:[ \t]++((?:[0-9A-Fa-f]{2} {0,2}){1,16}).*)?"
)
_request = re.compile(rb"[A-Z]{3,7} [!-~]++ HTTP/")


def read_hex(text: bytes) -> bytes | None:
    """Return the bytes of a hex dump from its request line on; None if it is none."""
    lines = [line for line in text.split(b"\n") if line.strip()]
    rows = [_row.fullmatch(line.strip(b"\r")) for line in lines]
    if not all(rows):
        return None
    found = bytes.fromhex("".join((row[1] or b"").decode() for row in rows if row))
    request = _request.search(found)
    return found[request.start() :] if request else None
