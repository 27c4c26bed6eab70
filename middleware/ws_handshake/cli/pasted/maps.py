"""Reads header fields as Go, Java and PHP print them: in a map, or a line for each.

map[Connection:[close] Sec-Websocket-Version:[13]]
{connection=[close], sec-websocket-version=[13]}
Connection=close
[Connection] => close
"""

from __future__ import annotations

import re

from ws_handshake.cli.pasted.request import (
    KNOWN,
    NO_REQUEST_LINE,
    PastedRequest,
    flaw_of,
)
from ws_handshake.core.request import EVIDENCE, HOST, RequestHead

_NAME = rb"([A-Za-z][\w-]*+)"
_in_brackets = re.compile(rb"(?<![\w-])" + _NAME + rb"[:=]\[(?![\"'])([^\[\]\r\n]*+)\]")
_in_lines = re.compile(
    rb"(?m)^[ \t]*+\[?" + _NAME + rb"\]?[ \t]*+=>?[ \t]*+(.*?)[ \t\r]*$"
)
_request_line = re.compile(rb"\{([A-Z]+) (\S+) HTTP/([0-9]\.[0-9]) ")

HOST_ELSEWHERE = (
    "Go keeps Host apart from the other headers: that it is missing here shows nothing."
)


def read_map(text: bytes) -> PastedRequest | None:
    """Return the request with these fields; None if `text` has none."""
    for form in (_in_brackets, _in_lines):
        fields = [(name.lower(), value) for name, value in form.findall(text)]
        names = {name for name, _ in fields}
        if not names.isdisjoint(EVIDENCE) and len(names & KNOWN) > 1:
            return _request(text, fields)
    return None


def _request(text: bytes, fields: list[tuple[bytes, bytes]]) -> PastedRequest:
    line = _request_line.search(text)
    if line:  # of a whole http.Request
        method, target, version = line.groups()
        request = RequestHead(method.decode(), version.decode(), fields, target)
    else:
        request = RequestHead("GET", "1.1", fields, b"/")
    notes = () if line else (NO_REQUEST_LINE,)
    if all(name != HOST for name, _ in fields):
        notes = (*notes, HOST_ELSEWHERE)
    return PastedRequest(request, flaw_of(request), notes, left_out=frozenset([HOST]))
