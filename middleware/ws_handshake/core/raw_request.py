"""Reads the bytes of a request head, as far as they can be read.

For what a server's parser rejected: it finds the fields of a malformed head, so that
the rules can name what is wrong with it. It accepts nothing: `WireHead.flaw` says what
a strict parser rejects.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ws_handshake.core import flaws
from ws_handshake.core.flaws import Flaw
from ws_handshake.core.grammar import OWS, is_field_value
from ws_handshake.core.request import JUDGED, METHODS, RequestHead

LIMIT = 131_072
# Twice as many as are let through: tiny lines cost the most time for each byte.
LINES = 256

_NAME = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"

_request_line = re.compile(_NAME + rb" [!-~]++ HTTP/[0-9]\.[0-9]")
_spaced_target = re.compile(_NAME + rb"(?: [!-~]++){2,} HTTP/[0-9]\.[0-9]")
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

_TOO_MANY_LINES = Flaw(f"more than {LINES} header lines", "Send fewer headers.")


class WireHead(NamedTuple):
    """A head as it was found in bytes, and the first thing wrong with its form.

    Its method and its target are empty where nothing that stands there has their form.
    """

    head: RequestHead
    complete: bool
    flaw: Flaw | None


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
        flaw = flaw or _TOO_MANY_LINES
    headers = [
        (name, parts[0] if len(parts) == 1 else b" ".join(parts).strip(OWS))
        for name, parts in fields
        if name is not None
    ]
    request = RequestHead(method, version, headers, target, scheme)
    return WireHead(request, complete=complete, flaw=flaw)


def _read_proxy(data: bytes) -> tuple[Flaw | None, int]:
    """Return what a proxy put before the request, and where the request begins."""
    line = _proxy_line.match(data)
    if line:
        return flaws.PROXY_LINE, line.end()
    if data.startswith(_PROXY_SIGNATURE):
        length = int.from_bytes(data[_PROXY_LENGTH], "big")
        return flaws.PROXY_HEADER, _PROXY_LENGTH.stop + length
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


def _read_request_line(line: bytes) -> tuple[str, bytes, str, Flaw | None]:
    """Return method, target and version, and what is wrong with the form.

    A line that is none can be the rest of a body, or a Cookie: only what begins with a
    method that HTTP knows is read.
    """
    valid = _request_line.fullmatch(line)
    name, _, rest = line.partition(b" ")
    method, target = name.decode("latin-1"), rest.partition(b" ")[0]
    version = _version.search(line)
    number = version[1].decode("ascii") if version else "1.1"
    if valid:
        return method, target, number, None
    if method not in METHODS:
        return "", b"", number, flaws.REQUEST_LINE
    spaced = version is not None and _spaced_target.fullmatch(line)
    return (
        method,
        target,
        number,
        flaws.SPACE_IN_TARGET if spaced else flaws.of_request_line(line),
    )


def _read_line(
    line: bytes, fields: _Fields, flaw: Flaw | None, *, is_cut: bool
) -> Flaw | None:
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
    return flaws.CONTROL_CHARACTER


def _read_odd_line(line: bytes, fields: _Fields, *, is_cut: bool) -> Flaw | None:
    if line[:1] in {b" ", b"\t"}:
        if fields and fields[-1][0] in JUDGED:
            fields[-1][1].append(line.strip(OWS))
        return flaws.CONTINUED_LINE
    name, colon, value = line.partition(b":")
    fields.append((name.strip(OWS).lower() if colon else None, [value.strip(OWS)]))
    cut_off = is_cut and (not line or (not colon and _field_name.fullmatch(name)))
    return None if cut_off else flaws.of_header_line(name, colon)
