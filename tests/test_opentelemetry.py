from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from opentelemetry.trace import NonRecordingSpan, SpanContext, get_current_span

from tests.support.asgi import ACCEPT, CLOSE, Spy, ask
from tests.support.handshakes import VALID
from tests.support.records import rejected
from tests.support.signals import Signals
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.opentelemetry import OpenTelemetryObserver

COUNTER = "websocket.server.handshakes"
DURATION = "websocket.server.handshake.duration"

BROKEN = VALID.without(b"upgrade")
OFFER = VALID.plus(b"sec-websocket-protocol", b"chat")
DENIAL = {"type": "websocket.http.response.start", "status": 401}


@pytest.fixture
def signals() -> Signals:
    return Signals()


def report(
    signals: Signals, scope: dict[str, Any], *script: dict[str, Any], **options: Any
) -> Any:
    """Tell of a scope within a span, and return the span's attributes and status."""
    app = WebSocketHandshakeMiddleware(
        Spy(script), observers=[signals.observer()], **options
    )
    with signals.tracers.get_tracer("test").start_as_current_span("handshake"):
        ask(app, scope)
    span = signals.spans()[-1]
    return span["attributes"], span["status"]


def test_an_acceptance_is_counted_and_timed_and_its_span_has_a_status(
    signals: Signals,
) -> None:
    attributes, status = report(signals, VALID.websocket_scope(), ACCEPT)

    expected = {
        "websocket.handshake.outcome": "accepted",
        "http.response.status_code": 101,
    }
    assert (attributes, status) == (expected, "UNSET")
    assert signals.metrics()[COUNTER] == [(expected, 1)]
    ((same, (count, seconds)),) = signals.metrics()[DURATION]
    assert (same, count) == (expected, 1)
    assert 0 <= seconds < 60
    assert signals.events() == []


def test_a_rejection_is_counted_by_its_first_violation_and_its_span_names_all(
    signals: Signals,
) -> None:
    scope = BROKEN.but(b"sec-websocket-key", b"AAAA").http_scope()
    attributes, status = report(signals, scope)

    expected = {
        "websocket.handshake.outcome": "rejected",
        "error.type": "upgrade_missing",
        "http.response.status_code": 400,
    }
    codes = ("upgrade_missing", "key_malformed")
    assert attributes == {**expected, "websocket.handshake.violations": codes}
    assert status == "UNSET"
    assert signals.metrics() == {COUNTER: [(expected, 1)]}


def test_the_span_names_the_likeliest_cause(signals: Signals) -> None:
    agent = BROKEN.plus(b"user-agent", b"curl/8.5")
    attributes, _ = report(signals, agent.http_scope())

    assert attributes["websocket.handshake.cause"] == "hand_made_handshake"


def test_a_denial_is_timed_and_has_the_applications_own_status(
    signals: Signals,
) -> None:
    attributes, status = report(signals, VALID.websocket_scope(), DENIAL)

    assert attributes["http.response.status_code"] == 401
    assert attributes["error.type"] == "denied_by_app"
    assert status == "UNSET"
    ((expected, (count, _)),) = signals.metrics()[DURATION]
    assert expected["error.type"] == "denied_by_app"
    assert count == 1


def test_a_fault_of_the_servers_is_an_error_of_its_span(signals: Signals) -> None:
    attributes, status = report(signals, VALID.http_scope())

    assert attributes["error.type"] == "server_did_not_upgrade"
    assert attributes["http.response.status_code"] == 501
    assert status == "ERROR"


def test_an_application_that_does_not_respond_is_timed_and_an_error_of_its_span(
    signals: Signals,
) -> None:
    attributes, status = report(signals, VALID.websocket_scope())

    expected = {
        "websocket.handshake.outcome": "rejected",
        "error.type": "app_did_not_respond",
        "http.response.status_code": 500,
    }
    assert status == "ERROR"
    assert attributes == {
        **expected,
        "websocket.handshake.violations": ("app_did_not_respond",),
    }
    ((timed, (count, _)),) = signals.metrics()[DURATION]
    assert (timed, count) == (expected, 1)
    assert [event["severity"][0] for event in signals.events()] == ["ERROR"]


def test_what_report_only_lets_pass_leaves_the_span_without_an_error(
    signals: Signals,
) -> None:
    attributes, status = report(signals, VALID.http_scope(), report_only=True)

    assert attributes == {
        "websocket.handshake.outcome": "reported",
        "websocket.handshake.violations": ("server_did_not_upgrade",),
        "websocket.handshake.cause": "no_websocket_support",
    }
    assert status == "UNSET"
    expected = {
        "websocket.handshake.outcome": "reported",
        "error.type": "server_did_not_upgrade",
    }
    assert signals.metrics() == {COUNTER: [(expected, 1)]}


def test_an_odd_acceptance_has_its_warning_in_the_span_and_as_an_event(
    signals: Signals,
) -> None:
    scope = OFFER.websocket_scope(subprotocols=["chat"])
    attributes, status = report(signals, scope, ACCEPT)

    assert attributes["websocket.handshake.warning"] == "subprotocol_not_chosen"
    assert "error.type" not in attributes
    assert status == "UNSET"
    (event,) = signals.events()
    assert event["name"] == "websocket.handshake.accepted"
    assert (
        event["attributes"]["websocket.handshake.warning"] == "subprotocol_not_chosen"
    )


def test_an_acceptance_that_the_server_refuses_to_send_is_an_error(
    signals: Signals,
) -> None:
    async def send(_message: Any) -> None:
        raise ValueError("not offered")

    async def open_it() -> None:
        scope = OFFER.websocket_scope(subprotocols=["chat"])
        tracer = signals.tracers.get_tracer("test")
        with tracer.start_as_current_span("handshake"), suppress(ValueError):
            await app(scope, asyncio.Queue[Any]().get, send)

    soap = Spy(({**ACCEPT, "subprotocol": "soap"},))
    app = WebSocketHandshakeMiddleware(soap, observers=[signals.observer()])
    asyncio.run(open_it())

    (span,) = signals.spans()
    assert span["attributes"]["error.type"] == "subprotocol_not_offered"
    assert span["attributes"]["http.response.status_code"] == 500
    assert span["status"] == "ERROR"


def test_a_rejection_is_an_event_in_the_trace_with_the_fields_of_the_log(
    signals: Signals,
) -> None:
    report(signals, BROKEN.http_scope())

    (event,) = signals.events()
    assert event["name"] == "websocket.handshake.rejected"
    assert event["severity"] == ("WARN", 13)
    assert event["trace"] == signals.spans()[0]["trace"]
    attributes = event["attributes"]
    assert attributes["error.type"] == "upgrade_missing"
    assert attributes["websocket.handshake.violations"] == ("upgrade_missing",)
    assert attributes["url.path"] == "/ws"
    assert "event" not in attributes


def test_events_are_held_back_in_a_flood_and_nothing_else_is(signals: Signals) -> None:
    observer = signals.observer()
    app = WebSocketHandshakeMiddleware(Spy((CLOSE,)), observers=[observer])
    for _ in range(200):
        ask(app, BROKEN.http_scope())
    observer.flush()

    events = signals.events()
    held_back = sum(e["attributes"]["websocket.handshake.suppressed"] for e in events)
    rejected = [e for e in events if e["name"] == "websocket.handshake.rejected"]
    assert len(rejected) + held_back == 200
    assert 50 <= len(rejected) < 200
    assert events[-1]["name"] == "websocket.handshake.suppressed_summary"
    ((_, number),) = signals.metrics()[COUNTER]
    assert number == 200


def test_a_client_adds_no_attribute_values_to_a_metric(signals: Signals) -> None:
    observer = signals.observer()
    app = WebSocketHandshakeMiddleware(Spy(), observers=[observer])
    for number in range(50):
        own = b"%d.example" % number
        bent = VALID.but(b"host", own).asked(method=f"M{number}")
        ask(app, bent.http_scope(path=f"/{number}", client=("203.0.113.9", number)))

    points = signals.metrics()[COUNTER]
    assert sum(number for _, number in points) == 50
    assert len(points) == 1


def test_where_nothing_was_sent_there_is_no_status(signals: Signals) -> None:
    signals.observer().observe(replace(rejected("head_malformed"), status=None))

    assert signals.metrics() == {
        COUNTER: [
            (
                {
                    "websocket.handshake.outcome": "rejected",
                    "error.type": "head_malformed",
                },
                1,
            )
        ]
    }


def test_without_an_sdk_it_does_nothing_and_harms_nothing() -> None:
    observer = OpenTelemetryObserver()
    app = WebSocketHandshakeMiddleware(Spy(), observers=[observer])

    assert ask(app, BROKEN.http_scope())[0]["status"] == 400
    observer.flush()
    assert app.notifier.errors == 0
    assert isinstance(get_current_span(), NonRecordingSpan)
    assert get_current_span().get_span_context() == SpanContext(0, 0, is_remote=False)
