"""Reads a request head as bytes: raw, or in a hex dump.

The dump may be by xxd, hexdump -C, od, tcpdump -X, Wireshark or Netty.
"""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.request import PastedRequest
from ws_handshake.core.flaws import of_target
from ws_handshake.core.raw_request import read_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.core.request import RequestHead

# Over HTTP/2 there is no request line: a tool that shows one made it up.
_SHOWN_HTTP2 = re.compile(rb"\A([^\r\n]*? HTTP/)([23])(?:\.0)?(?=[ \t]*(?:\r?\n|\Z))")
# The fragment, and the user information of an absolute target, are never sent.
_RESOURCE = re.compile(rb"/[^#]*+|(?:http|ws)s?://[^/@#]++(?:/[^#]*+)?", re.IGNORECASE)

# At most 16 bytes, no more than two spaces apart; the ASCII column is further right.
_row = re.compile(
    rb"[ \t|]*+(?:0x)?([0-9A-Fa-f]{4,8})[:|]?"
    rb"(?:[ \t]++((?:[0-9A-Fa-f]{2} {0,2}){1,16}).*)?"
)
_first_line = re.compile(
    rb"[A-Z]{3,7} [!-~]++ HTTP/|HTTP/[0-9](?:\.[0-9])? (?P<status>[1-5][0-9]{2})\b"
)
# Wireshark's "as a Hex Stream", and a string in C or Python.
_stream = re.compile(
    rb"\s*+(?:(?:[0-9A-Fa-f]{2}){16,}+|\"(?:\\x[0-9A-Fa-f]{2}){16,}+\")\s*+"
)
_not_hex = re.compile(rb"[\"\s]++|\\x")
_END_OF_HEAD = b"\r\n\r\n"


def read_request(head: bytes) -> PastedRequest:
    """Return a head that begins with its request line.

    A missing empty line at the end comes from copying: it is no violation.
    """
    shown = _SHOWN_HTTP2.match(head)
    if shown:
        head = shown[1] + b"1.1" + head[shown.end() :]
    found = read_head(head.rstrip(b"\r\n") + b"\r\n\r\n", scheme="")
    request, flaw = found.head, found.flaw
    if shown:
        request = request._replace(http_version=shown[2].decode())
    if flaw is None and not _names_resource(request):
        flaw = of_target(request.target)
    return PastedRequest(request, flaw)


def _names_resource(request: RequestHead) -> bool:
    """Return whether the target of a GET is a path, or an absolute address."""
    return request.method != "GET" or bool(_RESOURCE.fullmatch(request.target))


def read_hex(text: bytes) -> list[PastedRequest]:
    """Return the requests in the hex dumps in `text`, with the status of the response.

    Between packets there may be other lines. A dump with a gap is not read: what
    follows the gap could be mistaken for something else.
    """
    if _stream.fullmatch(text):
        whole = bytes.fromhex(_not_hex.sub(b"", text).decode())
        return [read_request(piece) for status, piece in _pieces(whole) if not status]
    lines = [line.strip(b"\r") for line in text.split(b"\n") if line.strip()]
    matches = [_row.fullmatch(line) for line in lines]
    dumps = [list(rows) for there, rows in groupby(matches, key=bool) if there]
    found: list[PastedRequest] = []
    for dump in dumps:
        rows = [row for row in dump if row]
        shown = [bytes.fromhex((row[2] or b"").decode()) for row in rows]
        whole = _joined([row[1] for row in rows], shown)
        for status, piece in _pieces(whole):
            if status and found:
                found[-1] = found[-1]._replace(server_status=int(status))
            elif not status and (len(rows) == len(lines) or _END_OF_HEAD in piece):
                found.append(read_request(piece))
    return found


def _pieces(whole: bytes) -> Iterator[tuple[bytes | None, bytes]]:
    """Yield the requests and responses in bytes, and the status of the responses."""
    begins = list(_first_line.finditer(whole))
    ends = [*(begin.start() for begin in begins[1:]), len(whole)]
    for begin, end in zip(begins, ends, strict=False):
        yield begin["status"], whole[begin.start() : end]


def _joined(offsets: list[bytes], rows: list[bytes]) -> bytes:
    """Join the rows, if each begins where the one before it ends; else return nothing.

    od writes offsets in octal or decimal; with each packet they begin at zero again. In
    rows that are shorter than usual the ASCII column may look like bytes.
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
        return -1  # a digit is too large for this base
