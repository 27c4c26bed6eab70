"""What was explained as a JSON document, with the members of our own responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.cli.explain.lines import marked_lines
from ws_handshake.outcome.problem import problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ws_handshake.cli.explain.explained import Explained

Document = dict[str, object]


def document(kind: str, explained: Sequence[Explained]) -> Document:
    """Return one document for all requests of a paste."""
    return {
        "taken_for": kind,
        "valid": all(one.valid for one in explained),
        "handshakes": [_handshake(one) for one in explained],
    }


def complaint(sentence: str) -> Document:
    """Return the document on a paste in which nothing was recognised."""
    return {"taken_for": None, "valid": False, "handshakes": [], "error": sentence}


def _handshake(one: Explained) -> Document:
    request, *headers = [line.text for line in marked_lines(one)]
    if one.rejection is None:
        said: Document = {
            "status": one.verdict.status,
            "accept": one.accept_token,
            "response": list(one.response),
        }
    else:
        said = problem(one.rejection)
    return {
        "valid": one.valid,
        **said,
        "request": request,
        "headers": headers,
        "responded": one.pasted.responded,
        "notes": list(one.notes),
    }
