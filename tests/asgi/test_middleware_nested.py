"""One middleware within another: each has its policy, and each outcome one report."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import ACCEPT, CLOSE, RecordingObserver, Spy, ask
from tests.support.handshakes import VALID
from tests.support.protocols import OWN, Echo, talk
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.asgi.scope import Over
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from tests.support.protocols import ProtocolClass
    from ws_handshake.asgi.scope import ASGIApp

_SHORT_KEY = VALID.but(b"sec-websocket-key", b"short")
_FOREIGN = VALID.plus(b"origin", b"https://evil.example")
_OURS: dict[str, Any] = {"allowed_origins": ["https://good.example"]}

every_protocol = pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])


def nested(
    app: ASGIApp, outer: dict[str, Any], inner: dict[str, Any]
) -> tuple[WebSocketHandshakeMiddleware, RecordingObserver, RecordingObserver]:
    """Return an application with two middlewares, and what each of them reports."""
    outside, inside = RecordingObserver(), RecordingObserver()
    within = WebSocketHandshakeMiddleware(app, observers=[inside], **inner)
    whole = WebSocketHandshakeMiddleware(within, observers=[outside], **outer)
    return whole, outside, inside


@pytest.mark.parametrize("message", [ACCEPT, CLOSE], ids=lambda m: m["type"])
def test_what_the_application_decides_is_reported_once_by_the_outermost(
    message: dict[str, Any],
) -> None:
    app, outside, inside = nested(Spy((message,)), {}, {})
    assert ask(app, VALID.websocket_scope()) == [message]
    assert len(outside.records) == 1
    assert inside.records == []


def test_an_application_that_decides_nothing_is_reported_once() -> None:
    app, outside, inside = nested(Spy(), {}, {})
    ask(app, VALID.websocket_scope())
    assert (outside.codes, inside.codes) == ([("app_did_not_respond",)], [])


def test_what_the_inner_one_rejects_is_its_own_and_no_denial_of_the_application() -> (
    None
):
    app, outside, inside = nested(Spy((ACCEPT,)), {"explain_denials": True}, _OURS)
    start, _ = ask(app, _FOREIGN.websocket_scope())
    (close,) = ask(app, _FOREIGN.websocket_scope(extensions={}))
    assert (start["status"], close["type"]) == (403, "websocket.close")
    assert inside.codes == [("origin_not_allowed",)] * 2
    assert outside.records == []


def test_an_outer_one_that_only_reports_rejects_nothing_for_the_inner_one() -> None:
    app, outside, inside = nested(Spy((ACCEPT,)), {**_OURS, "report_only": True}, {})
    assert ask(app, _FOREIGN.websocket_scope()) == [ACCEPT]
    assert outside.codes == [("origin_not_allowed",), ()]
    assert inside.records == []


def test_what_both_find_under_report_only_is_reported_once() -> None:
    trial = {"report_only": True}
    for broken in (
        _SHORT_KEY.websocket_scope(),
        VALID.without(b"upgrade").http_scope(),
    ):
        app, outside, inside = nested(Spy((ACCEPT,)), trial, trial)
        ask(app, broken)
        assert outside.codes[0] in {("key_malformed",), ("upgrade_missing",)}
        assert inside.records == []


def test_an_inner_one_that_enforces_rejects_what_the_outer_one_tries() -> None:
    app, outside, inside = nested(Spy((ACCEPT,)), {"report_only": True}, {})
    start, _ = ask(app, _SHORT_KEY.websocket_scope())
    assert start["status"] == 400
    assert outside.codes == inside.codes == [("key_malformed",)]
    assert [outside.records[0].enforced, inside.records[0].enforced] == [False, True]


def test_a_denial_of_the_application_is_reported_also_after_a_trial() -> None:
    trial = {"report_only": True}
    app, outside, inside = nested(Spy((CLOSE,)), trial, trial)
    assert ask(app, _SHORT_KEY.websocket_scope()) == [CLOSE]
    assert outside.codes == [("key_malformed",), ("denied_by_app",)]
    assert inside.records == []


@every_protocol
@pytest.mark.parametrize(
    "sent",
    [
        _FOREIGN,
        VALID.but(b"sec-websocket-key", b"").plus(b"origin", b"null"),
        VALID.asked(version="1.0"),
    ],
)
def test_behind_a_protocol_class_report_only_passes_what_uvicorn_passes(
    protocol: ProtocolClass, sent: Handshake
) -> None:
    bare, echo = Echo(), Echo()
    trial = {**_OURS, "report_only": True}
    app, outside, _ = nested(echo, trial, trial)
    expected = talk(OWN[protocol], bare, sent.wire())
    assert talk(protocol, app, sent.wire()) == expected
    assert [scope["type"] for scope in echo.scopes] == [
        scope["type"] for scope in bare.scopes
    ]
    assert outside.codes[0] != ()
    assert outside.codes.count(outside.codes[0]) == 1


def test_a_scope_may_be_used_again() -> None:
    recorder, spy = RecordingObserver(), Spy((ACCEPT,))
    app = WebSocketHandshakeMiddleware(spy, observers=[recorder])
    scope = VALID.websocket_scope()
    ask(app, scope)
    assert isinstance(scope["state"]["websocket_handshake"], Over)
    scope["headers"] = list(_SHORT_KEY.headers)
    ask(app, scope)
    scope["headers"] = list(VALID.headers)
    ask(app, scope)
    assert recorder.codes == [(), ("key_malformed",), ()]


class Failing:
    """An application that raises."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    async def __call__(self, *_: object) -> None:
        raise self.error


@pytest.mark.parametrize("error", [LookupError("secret"), asyncio.CancelledError()])
def test_what_the_application_raises_reaches_the_server(error: BaseException) -> None:
    app, outside, inside = nested(Failing(error), {}, {})
    with pytest.raises(type(error)):
        ask(app, VALID.websocket_scope())
    cancelled = isinstance(error, asyncio.CancelledError)
    assert outside.codes == ([] if cancelled else [("app_did_not_respond",)])
    assert inside.records == []
    for record in outside.records:
        assert record.error is not None
        assert record.error.startswith("LookupError in test_middleware_nested.py:")
        assert "secret" not in repr(record)
