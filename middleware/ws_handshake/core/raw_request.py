"""Reads the bytes of a request head, as far as they can be read.

For what a server's parser rejected: it finds the fields of a malformed head, so that
the rules can name what is wrong with it. It accepts nothing: `WireHead.flaw` says what
a strict parser rejects.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ws_handshake.core.grammar import OWS, is_field_value
from ws_handshake.core.request import JUDGED, METHODS, RequestHead

LIMIT = 131_072
# Twice as many as are let through: tiny lines cost the most time for each byte.
LINES = 256

_NAME = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"

_request_line = re.compile(_NAME + rb" [!-~]++ HTTP/[0-9]\.[0-9]")
_version = re.compile(rb"HTTP/([0-9](?:\.[0-9])?)\Z")
_BLANK = (b"", b"\r")
# Without a colon a line is no field, and what continues it belongs to no other.
_Fields = list[tuple[bytes | None, list[bytes]]]

_field_name = re.compile(_NAME)
_field = re.compile(rb"(" + _NAME + rb"):[ \t]*+")
# as nearly all are; in a long value a control character is found faster otherwise
_plain_line = re.compile(
    rb"(" + _NAME + rb"):[ \t]*+([\t -~\x80-\xff]{0,255}+)\r?"
).fullmatch

# https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt sections 2.1 and 2.2
_proxy_line = re.compile(rb"PROXY (?:TCP[46]|UNKNOWN)[^\r\n]{0,95}\r?\n")
_PROXY_SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
_PROXY_LENGTH = slice(14, 16)

#: What is wrong with a head whose method cannot be read, or that does not come first.
REQUEST_LINE = "the request line"
PROXY_LINE = "a PROXY protocol line before the request line"
PROXY_HEADER = "a PROXY protocol header before the request line"


class WireHead(NamedTuple):
    """A head as it was found in bytes, and the first thing wrong with its form.

    Its method and its target are empty where nothing that stands there has their form.
    """

    head: RequestHead
    complete: bool
    flaw: str | None


def read_head(data: bytes, scheme: str = "http", *, waits: bool = False) -> WireHead:
    """Read the request line and the header lines at the start of `data`.

    Never raises. Reads at most 128 KiB and 256 header lines; lines may end in LF alone.
    What continues a line (RFC 9112 section 5.2) is joined with a space where a rule
    looks at the field, and left out elsewhere: another line may have been indented.
    `waits` leaves the last line out of a head without an end, for it may not have come
    whole.
    """
    before, start = _read_proxy(data)
    window = data[start : start + LIMIT].lstrip(b"\r\n")
    first, lines, complete, unread = _split(window)
    if waits and not complete:
        first, lines, complete, unread = _split(window[: window.rfind(b"\n")])
    method, target, version, problem = _read_request_line(first.removesuffix(b"\r"))
    flaw = before or problem
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
    request = RequestHead(method, version, headers, target, scheme)
    return WireHead(request, complete=complete, flaw=flaw)


def _read_proxy(data: bytes) -> tuple[str | None, int]:
    """Return what a proxy put before the request, and where the request begins."""
    line = _proxy_line.match(data)
    if line:
        return PROXY_LINE, line.end()
    if data.startswith(_PROXY_SIGNATURE):
        length = int.from_bytes(data[_PROXY_LENGTH], "big")
        return PROXY_HEADER, _PROXY_LENGTH.stop + length
    return None, 0


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
    """Return method, target and version, and what is wrong with the form.

    A line that is none can be the rest of a body, or a Cookie: only what begins with a
    method that HTTP knows is read.
    """
    valid = _request_line.fullmatch(line)
    name, _, rest = line.partition(b" ")
    method, target = name.decode("latin-1"), rest.partition(b" ")[0]
    if not valid and method not in METHODS:
        method, target = "", b""
    version = _version.search(line)
    number = version[1].decode("ascii") if version else "1.1"
    return method, target, number, None if valid else REQUEST_LINE


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
        if fields and fields[-1][0] in JUDGED:
            fields[-1][1].append(line.strip(OWS))
        return "a continued header line"
    name, colon, value = line.partition(b":")
    fields.append((name.strip(OWS).lower() if colon else None, [value.strip(OWS)]))
    cut_off = is_cut and (not line or (not colon and _field_name.fullmatch(name)))
    return None if cut_off else "a header name"
