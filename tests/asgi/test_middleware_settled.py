"""A handshake that the protocol class has found valid."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.asgi import ACCEPT, CLOSE, RecordingObserver, Spy, ask
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware, judge
from ws_handshake.asgi.scope import VERDICT_KEY


def settled() -> dict[str, Any]:
    return VALID.websocket_scope(state={VERDICT_KEY: judge(VALID.head())})


def test_it_reaches_the_app_in_the_servers_own_scope() -> None:
    spy, scope = Spy((ACCEPT,)), settled()

    assert ask(WebSocketHandshakeMiddleware(spy, observers=[]), scope) == [ACCEPT]
    assert spy.scopes == [scope]
    assert spy.scopes[0] is scope


@pytest.mark.parametrize(
    ("message", "outcome"), [(ACCEPT, "accepted"), (CLOSE, "rejected")]
)
def test_its_outcome_is_reported(message: dict[str, Any], outcome: str) -> None:
    recorder = RecordingObserver()
    ask(WebSocketHandshakeMiddleware(Spy((message,)), observers=[recorder]), settled())

    assert [record.outcome for record in recorder.records] == [outcome]


def test_the_policy_of_the_operator_is_asked_all_the_same() -> None:
    spy, recorder = Spy((ACCEPT,)), RecordingObserver()
    app = WebSocketHandshakeMiddleware(
        spy, observers=[recorder], allow_missing_origin=False
    )
    ask(app, settled())

    assert recorder.codes == [("origin_missing",)]
    assert spy.scopes == []


def test_an_acceptance_that_no_observer_wants_is_not_reported() -> None:
    spy = Spy((ACCEPT,))
    app = WebSocketHandshakeMiddleware(spy, observers=[])

    assert ask(app, VALID.websocket_scope()) == [ACCEPT]
    assert len(spy.scopes) == 1
