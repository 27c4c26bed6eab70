"""What was explained as a JSON document, with the members of our own answers."""

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
        said = problem(one.refusal)
    return {
        "sound": one.sound,
        **said,
        "request": request,
        "headers": headers,
        "answered": one.pasted.answered,
        "notes": list(one.notes),
    }
