from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from tests.support.asgi import ACCEPT, CLOSE, RecordingObserver, Spy, ask, guarded
from tests.support.handshakes import VALID
from ws_handshake import Verdict, WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Message, Receive, Scope, Send

BROKEN = VALID.without(b"upgrade", b"sec-websocket-version")
PLAIN = VALID.asked(target=b"/", headers=((b"host", b"example.com"),))
DENIAL = {"type": "websocket.http.response.start", "status": 401, "headers": []}


def test_a_plain_request_reaches_the_app_with_its_own_scope_and_send() -> None:
    calls = []

    async def app(*arguments: object) -> None:
        calls.append(arguments)

    async def send(_message: Message) -> None: ...
    async def receive() -> Message:
        raise AssertionError

    scope = PLAIN.http_scope()
    asyncio.run(WebSocketHandshakeMiddleware(app)(scope, receive, send))

    assert calls == [(scope, receive, send)]
    assert scope == PLAIN.http_scope()


@pytest.mark.parametrize("upgrade", [b"h2c", b"TLS/1.2", b"websocket2"])
def test_another_upgrade_is_left_alone(upgrade: bytes) -> None:
    spy, recorder, app = guarded()
    other = PLAIN.plus(b"connection", b"Upgrade").plus(b"upgrade", upgrade)

    assert ask(app, other.http_scope()) == []
    assert len(spy.scopes) == 1
    assert recorder.records == []


def test_a_broken_handshake_over_http_gets_a_response_and_is_reported() -> None:
    spy, recorder, app = guarded()

    start, body = ask(app, BROKEN.http_scope())

    assert spy.scopes == []
    assert start["type"] == "http.response.start"
    assert start["status"] == 400
    assert (
        b"websocket-handshake-error",
        b"upgrade_missing, version_missing",
    ) in start["headers"]
    assert (b"connection", b"close") in start["headers"]
    assert json.loads(body["body"])["code"] == "upgrade_missing"
    assert recorder.codes == [("upgrade_missing", "version_missing")]


def test_a_valid_handshake_that_came_as_http_is_the_servers_fault() -> None:
    _, recorder, app = guarded()

    start, _ = ask(app, VALID.http_scope())

    assert start["status"] == 501
    assert recorder.codes == [("server_did_not_upgrade",)]


def test_a_response_over_http2_has_no_connection_specific_field() -> None:
    _, recorder, app = guarded(websocket_paths=["/ws"])
    plain = PLAIN.asked(target=b"/ws").http_scope(http_version="2")

    start, _ = ask(app, plain)

    names = {name for name, _ in start["headers"]}
    assert start["status"] == 426
    assert not names & {b"connection", b"upgrade"}
    assert recorder.codes == [("not_a_handshake",)]


def test_a_plain_request_on_a_declared_path_gets_426() -> None:
    spy, recorder, app = guarded(websocket_paths=["/ws", "/live/*"])

    for target in (b"/ws", b"/live/7"):
        start, _ = ask(app, PLAIN.asked(target=target).http_scope())
        assert start["status"] == 426
        assert dict(start["headers"])[b"upgrade"] == b"websocket"
        lines = [value for name, value in start["headers"] if name == b"connection"]
        assert lines == [b"upgrade", b"close"]
    assert ask(app, PLAIN.http_scope()) == []

    assert recorder.codes == [("not_a_handshake",), ("not_a_handshake",)]
    assert [scope["path"] for scope in spy.scopes] == ["/"]


def test_a_valid_handshake_reaches_the_app_with_its_verdict() -> None:
    spy, recorder, app = guarded(ACCEPT, {"type": "websocket.send", "text": "hello"})

    sent = ask(app, VALID.websocket_scope())

    verdict = spy.scopes[0]["state"]["websocket_handshake"]
    assert isinstance(verdict, Verdict)
    assert verdict.accept_token == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert sent == [ACCEPT, {"type": "websocket.send", "text": "hello"}]
    assert [(r.outcome, r.status) for r in recorder.records] == [("accepted", 101)]


def test_a_scope_without_state_gets_one() -> None:
    spy, _, app = guarded()
    scope = VALID.websocket_scope()
    del scope["state"]

    ask(app, scope)

    assert spy.scopes[0]["state"]["websocket_handshake"].accepted
    assert "state" not in scope


def test_report_only_reports_what_it_would_reject_and_rejects_nothing() -> None:
    spy, recorder, app = guarded(ACCEPT, report_only=True)

    ask(app, BROKEN.http_scope())
    ask(app, VALID.but(b"sec-websocket-key", b"short").websocket_scope())

    assert [scope["type"] for scope in spy.scopes] == ["http", "websocket"]
    reported, also, accepted = recorder.records
    assert [reported.enforced, also.enforced] == [False, False]
    assert accepted.outcome == "accepted"
    assert recorder.codes == [
        ("upgrade_missing", "version_missing"),
        ("key_malformed",),
        (),
    ]


def test_a_close_before_the_acceptance_is_reported_as_denied_by_the_app() -> None:
    _, recorder, app = guarded(CLOSE)

    assert ask(app, VALID.websocket_scope()) == [CLOSE]
    assert [
        (r.status, r.rejection and r.rejection.codes) for r in recorder.records
    ] == [(403, ("denied_by_app",))]


def test_a_denial_of_the_apps_own_is_reported_with_its_status_and_left_alone() -> None:
    body = {"type": "websocket.http.response.body", "body": b"no"}
    _, recorder, app = guarded(DENIAL, body, explain_denials=True)

    assert ask(app, VALID.websocket_scope()) == [DENIAL, body]
    assert [record.status for record in recorder.records] == [401]


def test_explain_denials_gives_the_bare_403_a_body() -> None:
    _, recorder, app = guarded(CLOSE, explain_denials=True)

    start, body = ask(app, VALID.websocket_scope())

    assert start["status"] == 403
    assert json.loads(body["body"])["code"] == "denied_by_app"
    assert recorder.codes == [("denied_by_app",)]


def test_explain_denials_leaves_the_close_where_no_response_can_be_sent() -> None:
    _, _, app = guarded(CLOSE, explain_denials=True)

    assert ask(app, VALID.websocket_scope(extensions={})) == [CLOSE]


def test_a_close_after_the_acceptance_is_no_denial() -> None:
    _, recorder, app = guarded(ACCEPT, CLOSE, explain_denials=True)

    assert ask(app, VALID.websocket_scope()) == [ACCEPT, CLOSE]
    assert [record.outcome for record in recorder.records] == ["accepted"]


def test_the_lifespan_is_the_apps_and_its_end_lets_observers_say_the_rest() -> None:
    spy, recorder, app = guarded({"type": "lifespan.startup.complete"})
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}

    sent = ask(app, scope)

    assert sent == [{"type": "lifespan.startup.complete"}]
    assert spy.scopes == [scope]
    assert scope["state"] == {}
    assert recorder.flushed == 1


def test_an_app_that_knows_no_lifespan_may_say_so() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise NotImplementedError

    recorder = RecordingObserver()
    wrapped = WebSocketHandshakeMiddleware(app, observers=[recorder])
    with pytest.raises(NotImplementedError):
        ask(wrapped, {"type": "lifespan"})
    assert recorder.flushed == 1


def test_a_kind_of_scope_it_does_not_know_is_the_apps() -> None:
    spy, _, app = guarded()

    ask(app, {"type": "webtransport"})

    assert spy.scopes == [{"type": "webtransport"}]


def test_a_fault_of_its_own_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError("with a secret in it")

    monkeypatch.setattr("ws_handshake.asgi.evaluation.judge", stumble)
    spy, recorder, app = guarded()

    start, body = ask(app, VALID.http_scope())
    ask(app, VALID.websocket_scope())

    assert spy.scopes == []
    assert start["status"] == 500
    assert b"secret" not in body["body"]
    assert recorder.codes == [("internal_error",), ("internal_error",)]
    assert recorder.records[0].error is not None
    assert recorder.records[0].error.startswith(
        "ZeroDivisionError in test_middleware.py:"
    )


def test_without_observers_it_logs_to_structlog() -> None:
    with capture_logs() as events:
        ask(WebSocketHandshakeMiddleware(Spy()), BROKEN.http_scope())

    assert [event["event"] for event in events] == ["websocket.handshake.rejected"]


def test_an_app_that_cannot_be_called_is_reported_at_start_up() -> None:
    nothing: Any = None
    with pytest.raises(ValueError, match="app is None; give an ASGI application to wr"):
        WebSocketHandshakeMiddleware(nothing)
