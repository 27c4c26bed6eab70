"""The public interface of ws_handshake.testing: its names and signatures."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, assert_type

import pytest

from ws_handshake import RequestHead, WebSocketHandshakeMiddleware, testing
from ws_handshake.testing import (
    VALID,
    Handshake,
    Records,
    Response,
    attempt,
    attempt_async,
    recording,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from contextlib import AbstractContextManager
    from typing import Any

    from ws_handshake.asgi.scope import Receive, Scope, Send
    from ws_handshake.outcome.observer import Observer

SIGNATURES = {
    "Response": (
        "(status: 'int', headers: 'tuple[Header, ...]' = (), body: 'bytes' = b'',"
        " accepted: 'bool' = False, subprotocol: 'str | None' = None) -> None"
    ),
    "assert_accepted": "(response: 'Response') -> 'None'",
    "assert_rejected": "(response: 'Response', code: 'str', *more: 'str') -> 'None'",
    "attempt": (
        "(app: 'ASGIApp', handshake: 'Handshake' = VALID, **scope: 'Any') -> 'Response'"
    ),
    "attempt_async": (
        "(app: 'ASGIApp', handshake: 'Handshake' = VALID, **scope: 'Any') -> 'Response'"
    ),
    "recording": "() -> 'Iterator[Records]'",
}


def test_these_names_are_public() -> None:
    assert testing.__all__ == [
        *("VALID", "Handshake", "Records", "Response"),
        *("assert_accepted", "assert_rejected", "attempt", "attempt_async"),
        "recording",
    ]


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature_is_what_it_was(name: str) -> None:
    signature = str(inspect.signature(getattr(testing, name)))
    assert signature.replace(repr(VALID), "VALID") == SIGNATURES[name]


def test_every_public_name_has_a_docstring() -> None:
    named = [name for name in testing.__all__ if name != "VALID"]
    assert [n for n in named if not inspect.getdoc(getattr(testing, n))] == []


async def quiet(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Respond with nothing."""


def test_it_is_typed() -> None:
    records = Records()
    observers: list[Observer] = [records]
    wrapped = WebSocketHandshakeMiddleware(quiet, observers=observers)
    attempt(wrapped, VALID.without(b"host"))

    assert records.codes == [("host_missing",)]
    assert_type(VALID, Handshake)
    assert_type(VALID.without(b"host").plus(b"a", b"b").asked(method="PUT"), Handshake)
    assert_type(VALID.head(), RequestHead)
    assert_type(attempt(quiet), Response)
    assert_type(attempt(quiet).codes, tuple[str, ...])
    assert_type(records.codes, list[tuple[str, ...]])


def test_what_is_awaited_and_what_is_a_context_is_typed_too() -> None:
    waiting: Coroutine[Any, Any, Response] = attempt_async(quiet)
    waiting.close()
    block: AbstractContextManager[Records] = recording()
    with block as records:
        assert records == []
