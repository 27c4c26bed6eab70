"""The lines of a pasted request as they may be shown, each with what is wrong in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.cli.pasted.head import KNOWN
from ws_handshake.core import reasons
from ws_handshake.core.redaction import (
    counted,
    measured,
    method_only,
    numbers_only,
    path_only,
    tokens_only,
    version_only,
)
from ws_handshake.core.request import CONNECTION, UPGRADE, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.cli.explain.explained import Explained

# Shown where they have their form; of all other values a length.
_SHOWN = {
    UPGRADE: tokens_only,
    CONNECTION: tokens_only,
    VERSION: numbers_only,
}
_OF_THE_FIRST_LINE = frozenset(
    [
        reasons.METHOD_NOT_GET,
        reasons.HTTP_VERSION_TOO_OLD,
        reasons.HTTP1_HANDSHAKE_OVER_HTTP2,
    ]
)
_SPELT = {b"dnt": "DNT", b"te": "TE", b"cf-ray": "CF-Ray"}
# Where a quote or a line end got lost in copying, a path with one of these may be
# another field, such as a cookie.
_another_field = re.compile(r"[=:@]")
HIDDEN_METHOD, HIDDEN_PATH = "(method)", "/..."
# More lines than this are no help.
_MOST = 40


class Line(NamedTuple):
    """A line, and the codes of the violations that concern it."""

    text: str
    codes: tuple[str, ...] = ()


def marked_lines(explained: Explained) -> tuple[Line, ...]:
    """Return the request line, the header lines, and those that are missing.

    A header of a name that we do not know is only counted: it might be no name at all.
    """
    head = explained.pasted.head
    codes = _codes(explained)
    lines = []
    for name, value in head.headers:
        if name in KNOWN:
            text = f"{_spelt(name)}: {_reported(name, value)}"
            lines.append(Line(text, tuple(codes.get(name, ()))))
    present = {name for name, _ in head.headers}
    missing = [
        Line(f"{_spelt(name)}: (missing)", tuple(codes[name]))
        for name in codes
        if name not in present
    ]
    shortened = [line for line in lines if line.codes] if len(lines) > _MOST else lines
    kept = shortened[:_MOST]
    others = len(head.headers) - len(kept)
    rest = [Line(f"({counted(others, 'other header line')})")] if others else []
    return (_request_line(explained), *kept, *missing, *rest)


def _reported(name: bytes, value: bytes) -> str:
    show = _SHOWN.get(name)
    reported = show([value]) if show else None
    return reported or f"({measured([value])})"


def _codes(explained: Explained) -> dict[bytes, list[str]]:
    """Return the codes of the violations that concern a header, by its name."""
    codes: dict[bytes, list[str]] = {}
    for violation in explained.verdict.violations:
        name = violation.reason.header
        if violation.reason is reasons.BODY_UNEXPECTED:
            name = (violation.received or "").partition(" ")[0]
        if name and violation.reason is not reasons.NOT_A_HANDSHAKE:
            codes.setdefault(name.lower().encode(), []).append(violation.reason.code)
    return codes


def _request_line(explained: Explained) -> Line:
    head = explained.pasted.head
    method = method_only(head.method) or HIDDEN_METHOD
    path = path_only(head.target.decode("latin-1"))
    if not path and (not head.target or b"://" in head.target):
        path = "/"
    path = HIDDEN_PATH if not path or _another_field.search(path) else path
    query = "?..." if b"?" in head.target else ""
    text = f"{method} {path}{query} HTTP/{version_only(head.http_version) or '?'}"
    return Line(text, tuple(_of_first_line(explained)))


def _of_first_line(explained: Explained) -> Iterator[str]:
    for violation in explained.verdict.violations:
        if violation.reason in _OF_THE_FIRST_LINE:
            yield violation.reason.code


def _spelt(name: bytes) -> str:
    title = name.decode("latin-1").title().replace("Websocket", "WebSocket")
    return _SPELT.get(name, title)
