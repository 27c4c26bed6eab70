"""Reads a request head as bytes: raw, as `curl -v` prints it, or in a hex dump.

The dump may be by xxd, hexdump -C, od, tcpdump -X or Wireshark.
"""

from __future__ import annotations

import re
from itertools import pairwise, takewhile

from ws_handshake.cli.pasted.request import PastedRequest
from ws_handshake.core.raw_request import read_head

_SENT = re.compile(rb"(?m)^> ?[A-Za-z]++ [^\s]++ HTTP/[0-9]")
_RESPONDED = re.compile(rb"(?m)^(?:< ?)?HTTP/[0-9.]++ ([1-5][0-9]{2})\b")
_REQUEST_LINE = re.compile(
    rb"[A-Za-z]++ ++[^\s]++ ++HTTP/[0-9]"
    rb"|(?:GET|POST|PUT|HEAD|CONNECT|OPTIONS|PATCH|DELETE) ++[/*h]"
)
# Over HTTP/2 there is no request line: a tool that shows one made it up.
_SHOWN_HTTP2 = re.compile(rb"\A([^\r\n]*? HTTP/)([23])(?:\.0)?(?=[ \t]*(?:\r?\n|\Z))")
_PYTHON_BYTES = re.compile(rb"\A\s*b?['\"](?=[A-Z])")

# At most 16 bytes, no more than two spaces apart; the ASCII column is further right.
_row = re.compile(
    rb"[ \t]*+(?:0x)?([0-9A-Fa-f]{4,8}):?"
    rb"(?:[ \t]++((?:[0-9A-Fa-f]{2} {0,2}){1,16}).*)?"
)
_request = re.compile(rb"[A-Z]{3,7} [!-~]++ HTTP/")


def is_verbose(text: bytes) -> bool:
    """Return whether `text` is output of `curl -v` with a request."""
    return _SENT.search(text) is not None


def is_request(text: bytes) -> bool:
    """Return whether `text` begins with something like a request line."""
    return _REQUEST_LINE.match(text) is not None


def read_verbose(text: bytes) -> PastedRequest:
    """Return the first request in the output of `curl -v`, and the server's status."""
    found = _SENT.search(text)
    output = text[found.start() :] if found else text
    lines = takewhile(_is_sent, output.split(b"\n"))
    request = b"\n".join(line.removeprefix(b">").removeprefix(b" ") for line in lines)
    return read_request(request)._replace(server_status=server_status(output))


def _is_sent(line: bytes) -> bool:
    return line.startswith(b">") and bool(line.strip(b"> \r"))


def read_request(text: bytes) -> PastedRequest:
    """Return a head that begins with its request line.

    Line endings, and a missing empty line at the end, come from copying: they are not
    violations.
    """
    if b"\n" not in text.strip() and rb"\r\n" in text:
        text = _PYTHON_BYTES.sub(b"", text).replace(rb"\r\n", b"\r\n")
    shown = _SHOWN_HTTP2.match(text)
    if shown:
        text = shown[1] + b"1.1" + text[shown.end() :]
    found = read_head(text.rstrip(b"\r\n") + b"\r\n\r\n", scheme="")
    request = found.head
    if shown:
        request = request._replace(http_version=shown[2].decode())
    return PastedRequest(request, found.flaw, server_status=server_status(text))


def server_status(text: bytes) -> int | None:
    """Return the status of the first response in `text`."""
    status = _RESPONDED.search(text)
    return int(status[1]) if status else None


def read_hex(text: bytes) -> bytes | None:
    """Return the bytes of a hex dump from its request line on; None if there is none.

    A dump with a gap is not read: what follows the gap could be mistaken for something
    else.
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
