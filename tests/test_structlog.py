from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING

import structlog

from tests.support.asgi import ACCEPT, Spy, ask
from tests.support.handshakes import VALID
from ws_handshake import HandshakeRecord, Observer, WebSocketHandshakeMiddleware
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.structlog import Event, StructlogObserver, event_of

if TYPE_CHECKING:
    import pytest

BROKEN = VALID.without(b"upgrade").plus(b"user-agent", b"curl/8.5")


def test_warnings_are_held_back_like_rejections() -> None:
    capture = structlog.testing.LogCapture()
    logger = structlog.wrap_logger(None, processors=[capture])
    observer = StructlogObserver(logger, rate_limit=RateLimit(lambda: 0.0, burst=2))
    app = WebSocketHandshakeMiddleware(Spy((ACCEPT,)), observers=[observer])
    offer = VALID.plus(b"sec-websocket-protocol", b"chat")

    for _ in range(5):
        ask(app, offer.websocket_scope(subprotocols=["chat"]))
    observer.flush()

    assert [e["event"] for e in capture.entries] == [
        *("websocket.handshake.accepted", "websocket.handshake.accepted"),
        "websocket.handshake.suppressed_summary",
    ]
    assert capture.entries[-1]["websocket.handshake.suppressed"] == 3


def test_logged_and_suppressed_together_are_all_rejections() -> None:
    capture = structlog.testing.LogCapture()
    logger = structlog.wrap_logger(None, processors=[capture])
    now = [0.0]
    observer = StructlogObserver(
        logger, rate_limit=RateLimit(lambda: now[0], burst=5, rate=10)
    )
    app = WebSocketHandshakeMiddleware(Spy(), observers=[observer])

    for number in range(1000):
        now[0] = number / 500
        ask(app, BROKEN.http_scope())
    observer.flush()
    observer.flush()

    rejected = [e for e in capture.entries if e["event"].endswith(".rejected")]
    rest = capture.entries[len(rejected) :]
    held_back = sum(e["websocket.handshake.suppressed"] for e in capture.entries)
    assert len(rejected) + held_back == 1000
    assert len(rejected) < 30
    assert [(e["event"], e["error.type"]) for e in rest] == [
        ("websocket.handshake.suppressed_summary", "upgrade_missing")
    ]


def test_without_a_rate_limit_of_its_own_fifty_are_logged_at_once() -> None:
    capture = structlog.testing.LogCapture()
    observer = StructlogObserver(structlog.wrap_logger(None, processors=[capture]))
    app = WebSocketHandshakeMiddleware(Spy(), observers=[observer])

    began = time.monotonic()
    for _ in range(100):
        ask(app, BROKEN.http_scope())
    refilled = (time.monotonic() - began) * 10

    assert 50 <= len(capture.entries) <= 51 + refilled


def test_the_event_renders_as_json_and_through_the_standard_library(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = structlog.wrap_logger(
        logging.getLogger("chat"),
        processors=[structlog.processors.JSONRenderer()],
    )
    app = WebSocketHandshakeMiddleware(Spy(), observers=[StructlogObserver(logger)])

    with caplog.at_level(logging.WARNING):
        ask(app, BROKEN.http_scope())

    (record,) = caplog.records
    line = record.getMessage()
    assert json.loads(line)["error.type"] == "upgrade_missing"
    assert len(line) < 1200
    assert line.isascii()


def test_another_observer_can_have_the_event_that_is_logged() -> None:
    class Keeping(Observer):
        def observe(self, record: HandshakeRecord, /) -> None:
            kept.append(event_of(record))

    kept: list[Event] = []
    capture = structlog.testing.LogCapture()
    observer = StructlogObserver(structlog.wrap_logger(None, processors=[capture]))
    app = WebSocketHandshakeMiddleware(Spy((ACCEPT,)), observers=[observer, Keeping()])
    for scope in (BROKEN.http_scope(), VALID.websocket_scope()):
        ask(app, scope)
    assert capture.entries == [
        {"log_level": level, "event": name, **fields} for level, name, fields in kept
    ]
    assert [event.level for event in kept] == ["warning", "debug"]
