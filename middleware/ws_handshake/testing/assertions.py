"""Assertions on the response to a handshake, whose failures say what it was instead."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ws_handshake.core.reasons import BY_CODE

if TYPE_CHECKING:
    from ws_handshake.testing.attempts import Response


def assert_rejected(response: Response, code: str, *more: str) -> None:
    """Fail unless exactly these reasons are named; their order does not matter.

    Args:
        response: what `attempt` returned.
        code: the code of a reason.
        more: the codes of others.

    Raises:
        AssertionError: with what came, and what that means.
        ValueError: for a code that no reason has.

    """
    __tracebackhide__ = True
    expected = (code, *more)
    for name in expected:
        _check(name)
    if sorted(response.codes) != sorted(expected):
        raise AssertionError(
            f"expected a rejection for {', '.join(expected)}; {_described(response)}"
        )


def assert_accepted(response: Response) -> None:
    """Fail unless the handshake was accepted.

    Args:
        response: what `attempt` returned.

    Raises:
        AssertionError: with the reasons of the rejection.

    """
    __tracebackhide__ = True
    if not response.accepted:
        raise AssertionError(f"expected an acceptance; {_described(response)}")


def _check(code: str) -> None:
    if code in BY_CODE:
        return
    near = get_close_matches(code, BY_CODE, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"give one of {[*BY_CODE]}."
    raise ValueError(f"no reason has the code {code!r}; {hint}")


def _described(response: Response) -> str:
    if response.accepted:
        return f"it was accepted, with {response.status}."
    if not response.codes:
        return f"the response is {response.status}, and names no reason."
    lines = [f"it was rejected with {response.status}, for"]
    return "\n  ".join([*lines, *map(_explained, response.codes)])


def _explained(code: str) -> str:
    reason = BY_CODE.get(code)
    return f"{code}: {reason.what}\n    {reason.fix}" if reason else code
