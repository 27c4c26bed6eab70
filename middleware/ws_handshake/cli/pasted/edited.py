"""What people and terminals change in a request before it is pasted.

Values are replaced, as in `Sec-WebSocket-Key: <redacted>`, lines are left out, with
`...` in their place, long lines are wrapped, and fields are sorted. None of it shows a
violation, or who made it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ws_handshake.cli.pasted.request import SENT_ANYWAY, VALUES
from ws_handshake.core.request import CONNECTION, HOST, KEY, ORIGIN, VERSION

if TYPE_CHECKING:
    from ws_handshake.cli.pasted.request import PastedRequest

_WORDS = rb"redacted|removed|hidden|masked|omitted|filtered|snip(?:ped)?|secret"
_placeholder = re.compile(
    rb"(?i)(?:https?://)?(?:<[^<>]*+>|\[[^\[\]:]*+\]|\{[^{}]*+\}|[*x.]{3,}|\*++"
    rb"|\xe2\x80\xa6|(?:\xe2\x80\xa2)++|(?:" + _WORDS + rb"))=*+"
)
_left_out_lines = re.compile(
    rb"(?i)[ \t>*|]*+[<\[(]?(?:\.{3,}|\xe2\x80\xa6|"
    + _WORDS
    + rb"|truncated)[>\])]?[ \t]*+"
)
_field = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++[ \t]*+:")
#: The width of terminals and mails; longer lines are wrapped by nobody.
_NARROWEST, _WIDEST = 60, 132
_LONGEST = 8192

REPLACED = (
    "The value of {} was replaced in the text; this is judged as if it were a valid "
    "one."
)
LINES_LEFT_OUT = (
    "Lines were left out of this text: that a field is missing here shows nothing."
)

_MAY_BE_REPLACED = {
    HOST: "Host",
    ORIGIN: "Origin",
    KEY: "Sec-WebSocket-Key",
    VERSION: "Sec-WebSocket-Version",
}


def stands_for_lines(line: bytes) -> bool:
    """Return whether a line, such as `...`, says that others were left out."""
    return _left_out_lines.fullmatch(line) is not None


def with_lines_left_out(pasted: PastedRequest) -> PastedRequest:
    """Return the request for whose missing fields no one is to blame."""
    notes = (LINES_LEFT_OUT, *pasted.notes)
    return pasted._replace(notes=notes, left_out=pasted.left_out | SENT_ANYWAY)


def with_values(pasted: PastedRequest) -> PastedRequest:
    """Return the request with valid values where they were replaced in the text."""
    request = pasted.request
    replaced = {
        name
        for name, value in request.headers
        if name in _MAY_BE_REPLACED and _placeholder.fullmatch(value)
    }
    if not replaced:
        return pasted
    headers = [
        (name, VALUES[name] if name in replaced else value)
        for name, value in request.headers
    ]
    notes = [
        REPLACED.format(spelled)
        for name, spelled in _MAY_BE_REPLACED.items()
        if name in replaced
    ]
    return pasted._replace(
        request=request._replace(headers=headers),
        notes=(*notes, *pasted.notes),
        made_up=pasted.made_up | replaced,
    )


def without_order(pasted: PastedRequest) -> PastedRequest:
    """Return the request with no order that a proxy could have made.

    Maps and browsers sort the fields: that Connection precedes Host then shows nothing.
    """
    headers = pasted.request.headers
    names = [name for name, _ in headers]
    if names != sorted(names):
        return pasted
    headers = sorted(headers, key=lambda field: field[0] == CONNECTION)
    return pasted._replace(request=pasted.request._replace(headers=headers))


def rejoined(lines: list[bytes]) -> list[bytes]:
    """Return header lines with those joined that a terminal or a mail has wrapped.

    The rest of a wrapped line is no field, and did not fit behind the line above it.
    """
    width = max(map(len, lines), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return lines
    joined: list[bytes] = []
    above = 0
    for line in lines:
        first = line.partition(b" ")[0]
        wraps = above >= width or above + 1 + len(first) > width
        rest = wraps and first and not _field.match(line)
        if joined and rest and len(joined[-1]) < _LONGEST:
            joined[-1] += line  # a space that is lost here separates no tokens
        else:
            joined.append(line)
        above = len(line)
    return joined
