"""What was explained as a JSON document, with the members of our own answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.cli.explain.lines import marked_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ws_handshake.causes import Cause
    from ws_handshake.cli.explain.explained import Explained
    from ws_handshake.refusal import Refusal
    from ws_handshake.rules import Finding

Document = dict[str, object]


def document(kind: str, explained: Sequence[Explained]) -> Document:
    """Return one document for all requests of a paste."""
    return {
        "taken_for": kind,
        "sound": all(one.sound for one in explained),
        "handshakes": [_handshake(one) for one in explained],
    }


def complaint(sentence: str) -> Document:
    """Return the document on a paste in which nothing was recognised."""
    return {"taken_for": None, "sound": False, "handshakes": [], "error": sentence}


def _handshake(one: Explained) -> Document:
    request, *headers = [line.text for line in marked_lines(one)]
    if one.refusal is None:
        said: Document = {
            "status": one.verdict.status,
            "accept": one.accept_token,
            "answer": list(one.answer),
        }
    else:
        said = _problem(one.refusal)
    return {
        "sound": one.sound,
        **said,
        "request": request,
        "headers": headers,
        "answered": one.pasted.answered,
        "notes": list(one.notes),
    }


def _problem(refusal: Refusal) -> Document:
    """Return the members of RFC 9457, as in a server's answer and never shortened."""
    first = refusal.first
    return {
        "type": refusal.type_of(first),
        "title": first.what,
        "status": refusal.status,
        "detail": detail(refusal),
        "code": first.code,
        "violations": [_violation(finding) for finding in refusal.findings],
        **({"cause": _causes(refusal.causes)} if refusal.causes else {}),
    }


def detail(refusal: Refusal) -> str:
    """Return the fix, or how many fixes there are to be read."""
    number = len(refusal.findings)
    if number == 1:
        return refusal.first.fix
    return f"{number} faults in this opening handshake; each is listed with its fix."


def _violation(finding: Finding) -> Document:
    reason = finding.reason
    return {
        "code": reason.code,
        "header": reason.header,
        "expected": reason.expected,
        "received": finding.received,
        "fix": reason.fix,
        "rfc": reason.rfc,
    }


def _causes(causes: tuple[Cause, ...]) -> Document:
    first, *others = [_cause(cause) for cause in causes]
    return {**first, "or": others[0]} if others else first


def _cause(cause: Cause) -> Document:
    return {
        "code": cause.code,
        "certainty": str(cause.certainty),
        "detail": cause.detail,
        "fix": cause.fix,
    }
