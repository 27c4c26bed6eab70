"""How the rules judge a handshake of the conformance catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake import judge
from ws_handshake.core.raw_request import read_head
from ws_handshake.core.reasons import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ws_handshake.cli.conformance.cases import Case

#: What the places are filled with.
PLACES = {
    "scheme": b"http",
    "host": b"127.0.0.1:8000",
    "path": b"/ws",
    "key": b"dGhlIHNhbXBsZSBub25jZQ==",
    "protocol": b"chat",
    "headers": b"",
    "origin": b"",
    "subprotocols": b"",
}

_ORDER = [reason.code for reason in CATALOGUE]


def codes_of(case: Case) -> tuple[str, ...]:
    """Return our reasons to reject it: the rules', and what no HTTP parser takes."""
    wire = read_head(case.filled(PLACES))
    codes = [*judge(wire.head).codes, *(["head_malformed"] if wire.flaw else [])]
    return tuple(sorted(codes, key=_ORDER.index))


def unproved(cases: Iterable[Case]) -> dict[str, tuple[str, ...]]:
    """Return, by name, our codes for cases on which catalogue and rules differ."""
    return {
        case.name: codes_of(case)
        for case in cases
        if case.expected != "either" and codes_of(case) != case.codes
    }
