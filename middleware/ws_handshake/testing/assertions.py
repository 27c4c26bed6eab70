"""Assertions on the answer to a handshake, whose failures say what came instead."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ws_handshake.core.reasons import CATALOGUE

if TYPE_CHECKING:
    from ws_handshake.testing.attempts import Answer

_REASONS = {reason.code: reason for reason in CATALOGUE}


def assert_refused(answer: Answer, code: str, *more: str) -> None:
    """Fail unless exactly these reasons are named; their order does not matter.

    Raises ValueError for a code that no reason has.
    """
    __tracebackhide__ = True
    expected = (code, *more)
    for name in expected:
        _check(name)
    if sorted(answer.codes) != sorted(expected):
        raise AssertionError(
            f"expected a refusal for {', '.join(expected)}; {_came(answer)}"
        )


def assert_accepted(answer: Answer) -> None:
    """Fail unless the handshake was accepted."""
    __tracebackhide__ = True
    if not answer.accepted:
        raise AssertionError(f"expected an acceptance; {_came(answer)}")


def _check(code: str) -> None:
    if code in _REASONS:
        return
    near = get_close_matches(code, _REASONS, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"give one of {[*_REASONS]}."
    raise ValueError(f"no reason has the code {code!r}; {hint}")


def _came(answer: Answer) -> str:
    if answer.accepted:
        return f"it was accepted, with {answer.status}."
    if not answer.codes:
        return f"the answer is {answer.status}, and names no reason."
    lines = [f"it was refused with {answer.status}, for"]
    return "\n  ".join([*lines, *map(_told, answer.codes)])


def _told(code: str) -> str:
    reason = _REASONS.get(code)
    return f"{code}: {reason.what}\n    {reason.fix}" if reason else code
