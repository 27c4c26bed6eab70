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
# Twice as many as are let through: tiny lines cost the most time for each byte.
LINES = 256

_request_line = re.compile(rb"([!-~]++) ([!-~]++) HTTP/([0-9]\.[0-9])")
_version = re.compile(rb"HTTP/([0-9](?:\.[0-9])?)\Z")
_BLANK = (b"", b"\r")
# Without a colon a line is no field, and what continues it belongs to no other.
_Fields = list[tuple[bytes | None, list[bytes]]]

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_field_name = re.compile(_TOKEN)
_field = re.compile(rb"(" + _TOKEN + rb"):[ \t]*+")
# as nearly all are; in a long value a control character is found faster otherwise
_plain_line = re.compile(
    rb"(" + _TOKEN + rb"):[ \t]*+([\t -~\x80-\xff]{0,255}+)\r?"
).fullmatch


class WireHead(NamedTuple):
    """A head as it was found in bytes, and the first thing wrong with its form."""

    head: RequestHead
    complete: bool
    flaw: str | None


def read_head(data: bytes, scheme: str = "http", *, waits: bool = False) -> WireHead:
    """Read the request line and the header lines at the start of `data`.

    Never raises. Reads at most 128 KiB and 256 header lines; lines may end in LF alone,
    a continued line (RFC 9112 section 5.2) is joined with a space. `waits` leaves the
    last line out of a head without an end, for it may not have come whole.
    """
    window = data[:LIMIT].lstrip(b"\r\n")
    first, lines, complete, unread = _split(window)
    if waits and not complete:
        first, lines, complete, unread = _split(window[: window.rfind(b"\n")])
    method, target, version, flaw = _read_request_line(first.removesuffix(b"\r"))
    fields: _Fields = []
    cut = 0 if complete or unread else len(lines)
    for number, line in enumerate(lines, 1):
        plain = _plain_line(line)
        if plain is not None:
            name, value = plain.groups()
            fields.append((name.lower(), [value.rstrip(OWS)]))
        else:
            flaw = _read_line(line, fields, flaw, is_cut=number == cut)
    if unread:
        flaw = flaw or f"more than {LINES} header lines"
    headers = [
        (name, parts[0] if len(parts) == 1 else b" ".join(parts).strip(OWS))
        for name, parts in fields
        if name is not None
    ]
    head = RequestHead(method, version, headers, target, scheme)
    return WireHead(head, complete=complete, flaw=flaw)


def _split(window: bytes) -> tuple[bytes, list[bytes], bool, bool]:
    """Return first line, header lines, if a blank one ends them, if some are left."""
    first, *lines = window.split(b"\n", LINES + 2)
    for number, line in enumerate(lines[:-1]):
        if line in _BLANK:
            return first, lines[:number], True, False
    unread = b"\n".join([b"", *lines[LINES:]])
    complete = b"\n\r\n" in unread or b"\n\n" in unread
    return first, lines[:LINES], complete, len(unread) > 1


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


def _read_line(
    line: bytes, fields: _Fields, flaw: str | None, *, is_cut: bool
) -> str | None:
    """Add the field in `line` to `fields`, and return the first flaw up to here."""
    end = len(line) - line.endswith(b"\r")
    field = _field.match(line)
    if field is None:
        problem = _read_odd_line(line[:end], fields, is_cut=is_cut)
        return flaw or problem
    # a value may be long: it is copied once
    value = line[field.end() : end].rstrip(OWS)
    fields.append((field[1].lower(), [value]))
    if flaw or is_field_value(value):
        return flaw
    return "a control character in a header value"


def _read_odd_line(line: bytes, fields: _Fields, *, is_cut: bool) -> str | None:
    if line[:1] in {b" ", b"\t"}:
        if fields:
            fields[-1][1].append(line.strip(OWS))
        return "a continued header line"
    name, colon, value = line.partition(b":")
    fields.append((name.strip(OWS).lower() if colon else None, [value.strip(OWS)]))
    cut_off = is_cut and (not line or (not colon and _field_name.fullmatch(name)))
    return None if cut_off else "a header name"
