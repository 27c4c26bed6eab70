"""What an application says when it denies a handshake: who gets it, and when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import CLOSE, RecordingObserver, Spy, ask
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Receive, Scope, Send

DENIAL = {"type": "websocket.http.response.start", "status": 401, "headers": []}
SAID = {**CLOSE, "code": 4403, "reason": "loopback only"}


def guarded(recorder: RecordingObserver, **options: Any) -> Any:
    return WebSocketHandshakeMiddleware(Spy((SAID,)), observers=[recorder], **options)


def test_what_the_application_said_is_shown_to_the_client_with_explain_denials() -> (
    None
):
    recorder = RecordingObserver()
    app = guarded(recorder, explain_denials=True)

    _, body = ask(app, VALID.websocket_scope())

    assert json.loads(body["body"])["denial"] == {
        "close_code": 4403,
        "reason": "loopback only",
    }
    assert recorder.codes == [("denied_by_app",)]


def test_without_explain_denials_the_close_stays_as_it_is() -> None:
    app = guarded(RecordingObserver())

    assert ask(app, VALID.websocket_scope()) == [SAID]


def test_a_denial_response_that_is_cut_off_is_reported_and_so_is_what_it_said() -> None:
    async def cut_off(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(DENIAL)
        raise RuntimeError("canary")

    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(cut_off, observers=[recorder])
    with pytest.raises(RuntimeError):
        ask(app, VALID.websocket_scope())

    assert recorder.codes == [("denied_by_app",)]
