"""The judgement on pasted requests, on the terminal and as JSON."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from ws_handshake.cli.pasted.request import KNOWN
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
from ws_handshake.outcome.problem import problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ws_handshake.cli.explain.explained import Explained
    from ws_handshake.cli.screen import Screen
    from ws_handshake.core.violation import Violation
    from ws_handshake.diagnosis.cause import Cause
    from ws_handshake.outcome.rejection import Rejection

_INDENT = 12

Document = dict[str, object]

# Shown if they have the right form; of any other value only the length is shown.
_SHOWN = {
    UPGRADE: tokens_only,
    CONNECTION: tokens_only,
    VERSION: numbers_only,
}
_IN_FIRST_LINE = frozenset(
    [
        reasons.METHOD_NOT_GET,
        reasons.HTTP_VERSION_TOO_OLD,
        reasons.HTTP1_HANDSHAKE_OVER_HTTP2,
    ]
)
_SPELLED = {b"dnt": "DNT", b"te": "TE", b"cf-ray": "CF-Ray"}
# If a quote or a line end was lost in copying, a path with one of these may contain
# another field, such as a cookie.
_another_field = re.compile(r"[=:@]")
HIDDEN_METHOD, HIDDEN_PATH = "(method)", "/..."
# More lines than this do not help.
_MOST = 40


def print_all(screen: Screen, kind: str, explained: Sequence[Explained]) -> None:
    """Print what the paste was read as, and the judgement on each request."""
    several = len(explained) > 1
    within = f", with {counted(len(explained), 'handshake')}" if several else ""
    screen.print(f"Read as {kind}{within}.")
    for number, one in enumerate(explained, 1):
        screen.print("")
        if several:
            screen.print(f"Handshake {number} of {len(explained)}", style="bold")
            screen.print("")
        _print(screen, one)


def _print(screen: Screen, one: Explained) -> None:
    _print_request(screen, one)
    screen.print("")
    if one.rejection is None:
        _print_acceptance(screen, one)
    else:
        _print_rejection(screen, one.rejection)
    for note in one.notes:
        screen.print("")
        screen.print(f"Note: {note}")


def _print_request(screen: Screen, one: Explained) -> None:
    lines = marked_lines(one)
    width = max((len(line.text) for line in lines if line.codes), default=0)
    for line in lines:
        if line.codes:
            text = f"> {line.text:<{width}}  {', '.join(line.codes)}"
            screen.verbatim(text, indent=2, style="red")
        else:
            screen.verbatim(line.text, indent=4)


def _print_acceptance(screen: Screen, one: Explained) -> None:
    screen.print("Valid. A server that accepts it responds:", style="bold green")
    screen.print("")
    for line in one.response:
        screen.verbatim(line, indent=4)


def _print_rejection(screen: Screen, rejection: Rejection) -> None:
    number = counted(len(rejection.violations), "violation")
    status = f"{rejection.status} {HTTPStatus(rejection.status).phrase}"
    screen.print(f"Rejected: {number}; our response is {status}.", style="bold red")
    for violation in rejection.violations:
        screen.print("")
        _print_violation(screen, violation)
    for index, cause in enumerate(rejection.causes):
        screen.print("")
        _print_cause(screen, cause, "Or" if index else "Cause")
    screen.print("")
    first = rejection.causes[0] if rejection.causes else rejection.reason
    screen.print(f"More: ws-handshake explain {first.code}")


def _print_violation(screen: Screen, violation: Violation) -> None:
    reason = violation.reason
    screen.print(reason.code, style="bold")
    screen.print(reason.what, indent=2)
    _print_rows(
        screen,
        ("expected", reason.expected),
        ("received", violation.received or "nothing"),
        ("fix", violation.fix),
        ("see", reason.rfc),
    )


def _print_cause(screen: Screen, cause: Cause, word: str) -> None:
    certainty = str(cause.certainty).replace("_", " ")
    screen.print(f"{word}: {cause.code}, {certainty}", style="bold")
    screen.print(cause.detail, indent=2)
    _print_rows(screen, ("fix", cause.fix))


def _print_rows(screen: Screen, *rows: tuple[str, str]) -> None:
    for name, value in rows:
        screen.print(value, indent=_INDENT, lead=f"  {name}")


def document(kind: str, explained: Sequence[Explained]) -> Document:
    """Return one JSON document for all requests of a paste."""
    return {
        "read_as": kind,
        "valid": all(one.valid for one in explained),
        "handshakes": [_handshake(one) for one in explained],
    }


def complaint(sentence: str) -> Document:
    """Return the JSON document for a paste that could not be read."""
    return {"read_as": None, "valid": False, "handshakes": [], "error": sentence}


def _handshake(one: Explained) -> Document:
    request, *headers = [line.text for line in marked_lines(one)]
    if one.rejection is None:
        judgement: Document = {
            "status": one.verdict.status,
            "accept": one.accept_token,
            "response": list(one.response),
        }
    else:
        judgement = problem(one.rejection)
    return {
        "valid": one.valid,
        **judgement,
        "request": request,
        "headers": headers,
        "server_status": one.pasted.server_status,
        "notes": list(one.notes),
    }


class Line(NamedTuple):
    """A line, and the codes of the violations in it."""

    text: str
    codes: tuple[str, ...] = ()


def marked_lines(explained: Explained) -> tuple[Line, ...]:
    """Return the request line, the header lines, and those that are missing.

    A header with an unknown name is only counted: the name may not be one.
    """
    request = explained.pasted.request
    codes = _codes(explained)
    lines = []
    for name, value in request.headers:
        if name in KNOWN:
            text = f"{_spelled(name)}: {_shown(name, value)}"
            lines.append(Line(text, tuple(codes.get(name, ()))))
    present = {name for name, _ in request.headers}
    missing = [
        Line(f"{_spelled(name)}: (missing)", tuple(codes[name]))
        for name in codes
        if name not in present
    ]
    shortened = [line for line in lines if line.codes] if len(lines) > _MOST else lines
    kept = shortened[:_MOST]
    others = len(request.headers) - len(kept)
    rest = [Line(f"({counted(others, 'other header line')})")] if others else []
    return (_request_line(explained), *kept, *missing, *rest)


def _shown(name: bytes, value: bytes) -> str:
    show = _SHOWN.get(name)
    value_shown = show([value]) if show else None
    return value_shown or f"({measured([value])})"


def _codes(explained: Explained) -> dict[bytes, list[str]]:
    """Return the codes of the violations in each header, by its name."""
    codes: dict[bytes, list[str]] = {}
    for violation in explained.verdict.violations:
        name = violation.reason.header
        if violation.reason is reasons.BODY_UNEXPECTED:
            name = (violation.received or "").partition(" ")[0]
        if name and violation.reason is not reasons.NOT_A_HANDSHAKE:
            codes.setdefault(name.lower().encode(), []).append(violation.reason.code)
    return codes


def _request_line(explained: Explained) -> Line:
    request = explained.pasted.request
    method = method_only(request.method) or HIDDEN_METHOD
    path = path_only(request.target.decode("latin-1"))
    if not path and (not request.target or b"://" in request.target):
        path = "/"
    path = HIDDEN_PATH if not path or _another_field.search(path) else path
    query = "?..." if b"?" in request.target else ""
    text = f"{method} {path}{query} HTTP/{version_only(request.http_version) or '?'}"
    return Line(text, tuple(_codes_of_first_line(explained)))


def _codes_of_first_line(explained: Explained) -> Iterator[str]:
    for violation in explained.verdict.violations:
        if violation.reason in _IN_FIRST_LINE:
            yield violation.reason.code


def _spelled(name: bytes) -> str:
    title = name.decode("latin-1").title().replace("Websocket", "WebSocket")
    return _SPELLED.get(name, title)
