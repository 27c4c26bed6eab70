"""The editor: judges what a person has pasted, as `ws-handshake explain` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.cli.explain.explained import explain
from ws_handshake.cli.explain.meaning import meaning_document, meaning_of_message
from ws_handshake.cli.explain.report import complaint, document, marked_lines
from ws_handshake.cli.pasted.recognition import (
    READABLE,
    recognise,
    recognise_message,
    why_unrecognised,
)

if TYPE_CHECKING:
    from ws_handshake.cli.explain.report import Document

LIMIT = 1_048_576


def verdict_on(data: bytes) -> Document:
    """Return the document of `explain --json`; each line has its codes. Never raises.

    `handshakes` is empty where there is no request: then `meaning` is what a line of a
    log means, or `error` why nothing could be read.
    """
    pasted = recognise(data)
    if pasted is None:
        message = recognise_message(data)
        if message is not None:
            return meaning_document(meaning_of_message(message))
        return complaint(f"{why_unrecognised(data)} {READABLE}")
    explained = [explain(request) for request in pasted.requests]
    lines = [
        [{"text": line.text, "codes": line.codes} for line in marked_lines(one)]
        for one in explained
    ]
    judged = document(pasted.kind, explained)
    return {**judged, "lines": lines}
