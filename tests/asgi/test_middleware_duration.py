from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import ACCEPT, CLOSE, RecordingObserver, Spy, ask
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.outcome.record import HandshakeRecord


def reported(scope: dict[str, Any], *script: dict[str, Any]) -> HandshakeRecord:
    recorder = RecordingObserver()
    ask(WebSocketHandshakeMiddleware(Spy(script), observers=[recorder]), scope)
    (record,) = recorder.records
    return record


@pytest.mark.parametrize("decision", [ACCEPT, CLOSE], ids=["accepted", "denied"])
def test_the_record_says_how_long_the_application_took(
    decision: dict[str, Any],
) -> None:
    duration = reported(VALID.websocket_scope(), decision).duration

    assert duration is not None
    assert 0 <= duration < 60


def test_where_the_application_was_not_asked_there_is_no_duration() -> None:
    assert reported(VALID.without(b"upgrade").http_scope()).duration is None
