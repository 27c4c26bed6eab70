"""The lines of a request head that a violation is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_app.inspector.trials.request import encoded
from ws_handshake.core.grammar import OWS
from ws_handshake.core.raw_request import read_head
from ws_handshake.core.reasons import (
    BODY_UNEXPECTED,
    HEAD_MALFORMED,
    HEADERS_TOO_LARGE,
    HTTP1_HANDSHAKE_OVER_HTTP2,
    HTTP_VERSION_TOO_OLD,
    METHOD_NOT_GET,
)

if TYPE_CHECKING:
    from ws_handshake.core.policy import Limits
    from ws_handshake.core.violation import Violation

    Lines = list[tuple[int, bytes]]

_OF_THE_REQUEST_LINE = frozenset(
    [METHOD_NOT_GET, HTTP_VERSION_TOO_OLD, HTTP1_HANDSHAKE_OVER_HTTP2]
)
_OF_A_BODY = frozenset([b"content-length", b"transfer-encoding"])
_TARGET = "the request target"


def lines_of(violation: Violation, text: str, limits: Limits) -> list[int]:
    """Return the numbers of the lines to mark, from 0; what is missing has none."""
    lines = _head_lines(text)
    first, fields = lines[:1], lines[1:]
    if violation.reason in _OF_THE_REQUEST_LINE or violation.received == _TARGET:
        marked = first
    elif violation.reason is HEAD_MALFORMED:
        marked = [*filter(_is_no_request_line, first), *filter(_is_no_field, fields)]
    elif violation.reason is HEADERS_TOO_LARGE:
        marked = fields[limits.lines :] or [max(lines, key=lambda line: len(line[1]))]
    else:
        names = _names(violation)
        marked = [line for line in fields if _name(line) in names]
    return [number for number, _ in marked]


def _head_lines(text: str) -> Lines:
    """Return the request line and the header lines, numbered as in the whole text."""
    lines = list(enumerate(map(encoded, text.replace("\r\n", "\n").split("\n"))))
    while lines and not lines[0][1]:
        del lines[0]
    end = next((i for i, (_, line) in enumerate(lines) if not line), len(lines))
    return lines[:end]


def _names(violation: Violation) -> frozenset[bytes]:
    if violation.reason is BODY_UNEXPECTED:
        return _OF_A_BODY
    return frozenset([(violation.reason.header or "").lower().encode("ascii")])


def _name(line: tuple[int, bytes]) -> bytes:
    return line[1].partition(b":")[0].strip(OWS).lower()


def _is_no_request_line(line: tuple[int, bytes]) -> bool:
    return read_head(line[1] + b"\r\n\r\n").flaw is not None


def _is_no_field(line: tuple[int, bytes]) -> bool:
    return read_head(b"GET / HTTP/1.1\r\n" + line[1] + b"\r\n\r\n").flaw is not None
