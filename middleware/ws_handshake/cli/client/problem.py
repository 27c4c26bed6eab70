"""A rejection by our own middleware, read from its response."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ws_handshake.cli.text import shown
from ws_handshake.core.reasons import BY_CODE
from ws_handshake.diagnosis.cause import Cause, Certainty, Config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.cli.client.response import Response

_CERTAINTIES = {str(certainty): certainty for certainty in Certainty}
_ERROR = b"websocket-handshake-error"


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation in the response, printable."""

    code: str
    what: str
    expected: str
    received: str
    fix: str
    rfc: str


@dataclass(frozen=True, slots=True)
class Problem:
    """The whole rejection, as the server describes it."""

    violations: tuple[Violation, ...]
    causes: tuple[Cause, ...]

    @property
    def codes(self) -> str:
        """All codes, in the server's order."""
        return ", ".join(violation.code for violation in self.violations)


def problem_of(response: Response) -> Problem | None:
    """Read the rejection from body or header; None if it is not one of ours.

    Where only the header came through, the catalogue fills in the rest.
    """
    if not response.values(_ERROR):
        return None
    document = _document(response.body)
    listed = document.get("violations")
    listed = listed if isinstance(listed, list) else []
    rows = [row for row in listed if isinstance(row, dict)]
    violations = tuple(map(_violation, rows or [{"code": c} for c in _codes(response)]))
    return Problem(violations, tuple(_causes(document.get("cause"))))


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _codes(response: Response) -> list[str]:
    return [code.decode("latin-1") for code in response.tokens(_ERROR)]


def _violation(row: dict[str, Any]) -> Violation:
    """Return a row of the document; what it lacks comes from our own catalogue."""
    code = _text(row, "code")
    known = BY_CODE.get(code)
    return Violation(
        code=code,
        what=known.what if known else "",
        expected=_text(row, "expected") or (known.expected if known else ""),
        received=_text(row, "received"),
        fix=_text(row, "fix") or (known.fix if known else ""),
        rfc=_text(row, "rfc") or (known.rfc if known else ""),
    )


def _causes(row: object) -> Iterator[Cause]:
    """Yield the cause and its alternative."""
    if isinstance(row, dict):
        yield _cause(row)
        other = row.get("alternative")
        if isinstance(other, dict):
            yield _cause(other)


def _cause(row: dict[str, Any]) -> Cause:
    """Return a cause; a certainty that is not known here counts as the least."""
    certainty = _CERTAINTIES.get(_text(row, "certainty"), Certainty.POSSIBLE)
    code, detail, fix = (_text(row, name) for name in ("code", "detail", "fix"))
    return Cause(code, detail, fix, certainty, tuple(_configs(row.get("config"))))


def _configs(rows: object) -> Iterator[Config]:
    """Yield the lines to paste, each line printable by itself."""
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            lines = row.get("lines")
            texts = lines.split("\n") if isinstance(lines, str) else []
            yield Config(_text(row, "place"), "\n".join(shown(t, 600) for t in texts))


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return shown(value, 600) if isinstance(value, str) else ""
