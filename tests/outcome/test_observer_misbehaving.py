"""Whatever an observer or a logger is or does, a client gets the same response."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.asgi import ACCEPT, CLOSE, Spy, ask
from tests.support.handshakes import VALID
from tests.support.misbehaving import filters, observers, starting, structlog_observers
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.testing import attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ws_handshake.testing import Handshake, Response

OFFER = VALID.plus(b"sec-websocket-protocol", b"chat")
CHOICE = {**ACCEPT, "subprotocol": "chat"}

#: A handshake, and what the application does with it.
CASES: dict[str, tuple[Handshake, dict[str, Any]]] = {
    "valid": (VALID, ACCEPT),
    "broken": (VALID.without(b"sec-websocket-key"), ACCEPT),
    "not allowed": (VALID.plus(b"origin", b"https://evil.example"), ACCEPT),
    "denied": (VALID, CLOSE),
    "subprotocol": (OFFER, CHOICE),
    "no subprotocol": (OFFER, ACCEPT),
    "wrong subprotocol": (OFFER, {**ACCEPT, "subprotocol": "soap"}),
}
LIFESPAN = {"type": "lifespan", "state": {}}


def responses(*watching: Any) -> dict[str, Response]:
    """Return what the clients get, with these observers."""
    got: dict[str, Response] = {}
    for name, (handshake, message) in CASES.items():
        with starting(*watching):
            app = WebSocketHandshakeMiddleware(
                Spy((message,)),
                allowed_origins=["https://good.example"],
                explain_denials=True,
                observers=watching,
            )
        got[name] = attempt(app, handshake)
        ask(app, {**LIFESPAN})
    return got


EXPECTED = responses()


@contextmanager
def filtered(rule: Callable[..., Any]) -> Iterator[None]:
    """Give our logger of the standard library this filter."""
    logger = logging.getLogger("ws_handshake")
    logger.addFilter(rule)
    try:
        yield
    finally:
        logger.removeFilter(rule)


def test_the_responses_differ_so_that_comparing_them_means_something() -> None:
    assert {name: response.status for name, response in EXPECTED.items()} == {
        "valid": 101,
        "broken": 400,
        "not allowed": 403,
        "denied": 403,
        "subprotocol": 101,
        "no subprotocol": 101,
        "wrong subprotocol": 101,
    }


@settings(max_examples=150, deadline=None)
@given(st.lists(observers | structlog_observers, max_size=3), filters)
def test_no_observer_and_no_logger_changes_a_response_and_none_leaves_a_coroutine(
    watching: list[Any], rule: Callable[..., Any]
) -> None:
    with warnings.catch_warnings(record=True) as warned, filtered(rule):
        warnings.simplefilter("always")
        assert responses(*watching) == EXPECTED
    assert [str(warning.message) for warning in warned] == []
