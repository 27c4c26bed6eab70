"""Reads the bytes of a request head, as far as they can be read.

For what a server's parser refused: it finds the fields of a head that is not well
formed, so that the fault can be named. It accepts nothing: `WireHead.flaw` says what a
strict parser stumbles over.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ws_handshake.grammar import OWS, is_field_value
from ws_handshake.head import RequestHead

LIMIT = 131_072
# Four times as many as are let through: tiny lines cost the most time for each byte.
LINES = 512

_request_line = re.compile(rb"([!-~]++) ([!-~]++) HTTP/([0-9]\.[0-9])")
_version = re.compile(rb"HTTP/([0-9](?:\.[0-9])?)\Z")
_BLANK = (b"", b"\r")
# Without a colon a line is no field, and what continues it belongs to no other.
_Fields = list[tuple[bytes | None, list[bytes]]]

_field_name = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++")


class WireHead(NamedTuple):
    """A head as it was found in bytes, and the first thing wrong with its form."""

    head: RequestHead
    complete: bool
    flaw: str | None


def read_head(data: bytes, scheme: str = "http", *, waits: bool = False) -> WireHead:
    """Read the request line and the header lines at the start of `data`.

    Never raises. Reads at most 128 KiB and 512 header lines; lines may end in LF alone,
    a continued line (RFC 9112 section 5.2) is joined with a space. `waits` leaves the
    last line out of a head without an end, for it may not have come whole.
    """
    first, *lines = data[:LIMIT].lstrip(b"\r\n").split(b"\n", LINES + 2)
    rest, complete, unread = _until_blank_line(lines)
    if waits and not (complete or unread):
        del rest[-1:]
    method, target, version, flaw = _read_request_line(first.removesuffix(b"\r"))
    fields: _Fields = []
    for number, line in enumerate(rest, 1):
        is_cut = not (complete or unread) and number == len(rest)
        problem = _read_line(line.removesuffix(b"\r"), fields, is_cut=is_cut)
        flaw = flaw or problem
    if unread:
        flaw = flaw or f"more than {LINES} header lines"
    headers = [
        (name, b" ".join(parts).strip(OWS))
        for name, parts in fields
        if name is not None
    ]
    head = RequestHead(method, version, headers, target, scheme)
    return WireHead(head, complete=complete, flaw=flaw)


def _until_blank_line(lines: list[bytes]) -> tuple[list[bytes], bool, bool]:
    """Return the header lines, if a blank line ends them, and if some are left out."""
    for number, line in enumerate(lines[:-1]):
        if line in _BLANK:
            return lines[:number], True, False
    unread = b"\n".join([b"", *lines[LINES:]])
    complete = b"\n\r\n" in unread or b"\n\n" in unread
    return lines[:LINES], complete, len(unread) > 1


def _read_request_line(line: bytes) -> tuple[str, bytes, str, str | None]:
    sound = _request_line.fullmatch(line)
    method, _, rest = line.partition(b" ")
    target, _, _ = rest.partition(b" ")
    version = _version.search(line)
    return (
        method.decode("latin-1"),
        target,
        version[1].decode("ascii") if version else "1.1",
        None if sound else "the request line",
    )


def _read_line(line: bytes, fields: _Fields, *, is_cut: bool) -> str | None:
    """Add the field in `line` to `fields`, and return what is wrong with its form."""
    if line[:1] in {b" ", b"\t"}:
        if fields:
            fields[-1][1].append(line.strip(OWS))
        return "a continued header line"
    name, colon, value = line.partition(b":")
    fields.append((name.strip(OWS).lower() if colon else None, [value.strip(OWS)]))
    if is_cut and not line:
        return None
    if not (colon or is_cut) or not _field_name.fullmatch(name):
        return "a header name"
    return None if is_field_value(value) else "a control character in a header value"
