"""An application that ends before it has accepted or closed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import ACCEPT, CLOSE, RecordingObserver, ask
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware, judge
from ws_handshake.asgi.scope import VERDICT_KEY

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Message, Receive, Scope, Send

CONNECT: dict[str, Any] = {"type": "websocket.connect"}
GONE: dict[str, Any] = {"type": "websocket.disconnect", "code": 1006}
DENIAL = {"type": "websocket.http.response.start", "status": 401, "headers": []}
ERROR = LookupError("canary")


def ending(
    *sends: Message, receives: int = 0, error: BaseException | None = None
) -> ASGIApp:
    """Return an application that receives, sends, and then returns or raises."""

    async def app(_scope: Scope, receive: Receive, send: Send) -> str:
        for _ in range(receives):
            await receive()
        for message in sends:
            await send(message)
        if error is not None:
            raise error
        return "returned"

    return app


def reported(
    app: ASGIApp, *events: Message, **options: Any
) -> tuple[RecordingObserver, list[Message]]:
    """Let an application end, and return what was reported and what was sent."""
    recorder = RecordingObserver()
    wrapped = WebSocketHandshakeMiddleware(app, observers=[recorder], **options)
    return recorder, ask(wrapped, VALID.websocket_scope(), *events)


@pytest.mark.parametrize("receives", [0, 1])
def test_an_application_that_returns_undecided_is_reported_once(receives: int) -> None:
    recorder, sent = reported(ending(receives=receives), CONNECT)

    (record,) = recorder.records
    assert recorder.codes == [("app_did_not_respond",)]
    assert (record.outcome, record.status, record.layer) == ("rejected", 500, "asgi")
    assert record.error is None
    assert record.duration is not None
    assert sent == []


@pytest.mark.parametrize("receives", [0, 1])
def test_what_an_application_raises_undecided_is_located_and_goes_on_to_the_server(
    receives: int,
) -> None:
    recorder = RecordingObserver()
    app = ending(receives=receives, error=ERROR)
    wrapped = WebSocketHandshakeMiddleware(app, observers=[recorder])

    with pytest.raises(LookupError) as raised:
        ask(wrapped, VALID.websocket_scope(), CONNECT)
    assert raised.value is ERROR
    (record,) = recorder.records
    assert recorder.codes == [("app_did_not_respond",)]
    assert (record.error or "").startswith("LookupError in test_middleware_undecided.")
    assert "canary" not in repr(record)


def test_what_an_application_returns_goes_on_to_the_server() -> None:
    async def call() -> object:
        wrapped = WebSocketHandshakeMiddleware(ending(), observers=[])
        return await wrapped(VALID.websocket_scope(), _unused, _unused)

    assert asyncio.run(call()) == "returned"


async def _unused(*_: object) -> Any:
    raise AssertionError


@pytest.mark.parametrize("error", [None, ERROR])
@pytest.mark.parametrize("receives", [1, 2])
def test_a_client_that_goes_before_the_decision_is_not_reported(
    receives: int, error: Exception | None
) -> None:
    recorder = RecordingObserver()
    app = ending(receives=receives, error=error)
    wrapped = WebSocketHandshakeMiddleware(app, observers=[recorder])
    events = [CONNECT, GONE][-receives:]
    with suppress(LookupError):
        ask(wrapped, VALID.websocket_scope(), *events)

    assert recorder.records == []


@pytest.mark.parametrize(
    "error", [asyncio.CancelledError(), KeyboardInterrupt(), SystemExit()], ids=repr
)
def test_a_task_that_is_cancelled_is_no_error_of_its_application(
    error: BaseException,
) -> None:
    recorder = RecordingObserver()
    wrapped = WebSocketHandshakeMiddleware(ending(error=error), observers=[recorder])

    with pytest.raises(type(error)):
        ask(wrapped, VALID.websocket_scope())
    assert recorder.records == []


@pytest.mark.parametrize(
    ("message", "codes"),
    [(ACCEPT, ()), (CLOSE, ("denied_by_app",)), (DENIAL, ("denied_by_app",))],
)
def test_what_is_raised_after_the_decision_is_not_ours_to_report(
    message: dict[str, Any], codes: tuple[str, ...]
) -> None:
    recorder = RecordingObserver()
    app = ending(message, error=ERROR)

    with pytest.raises(LookupError):
        ask(
            WebSocketHandshakeMiddleware(app, observers=[recorder]),
            VALID.websocket_scope(),
        )
    assert recorder.codes == [codes]


def test_what_is_sent_too_early_decides_nothing() -> None:
    text = {"type": "websocket.send", "text": "hello"}
    recorder, sent = reported(ending(text))

    assert recorder.codes == [("app_did_not_respond",)]
    assert sent == [text]


def test_of_two_middlewares_one_reports_it() -> None:
    recorder = RecordingObserver()
    inner = WebSocketHandshakeMiddleware(ending(), observers=[recorder])
    ask(
        WebSocketHandshakeMiddleware(inner, observers=[recorder]),
        VALID.websocket_scope(),
    )

    assert recorder.codes == [("app_did_not_respond",)]


def test_it_is_no_trial_whatever_we_only_report() -> None:
    recorder, _ = reported(ending(), report_only=True)

    assert [record.enforced for record in recorder.records] == [True]


def test_it_is_reported_of_a_handshake_that_was_found_valid_before() -> None:
    recorder = RecordingObserver()
    scope = VALID.websocket_scope(state={VERDICT_KEY: judge(VALID.head())})
    ask(WebSocketHandshakeMiddleware(ending(), observers=[recorder]), scope)

    assert recorder.codes == [("app_did_not_respond",)]


def test_explain_denials_gives_it_no_response_of_ours() -> None:
    assert reported(ending(), explain_denials=True)[1] == []


@pytest.mark.parametrize("message", [ACCEPT, CLOSE, None], ids=repr)
@pytest.mark.parametrize("name", ["headers", "client", "subprotocols"])
def test_an_application_that_changes_its_scope_goes_on_all_the_same(
    name: str, message: Message | None
) -> None:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        scope[name] = 7
        if message is not None:
            await send(message)

    recorder, sent = reported(app)
    assert sent == ([] if message is None else [message])
    assert len(recorder.records) == 1
