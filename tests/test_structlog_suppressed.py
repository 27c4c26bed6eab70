from __future__ import annotations

from dataclasses import replace

import structlog

from tests.support.asgi import ACCEPT, Spy, ask
from tests.support.handshakes import VALID
from tests.support.records import rejected
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.structlog import StructlogObserver


def test_every_event_that_is_held_back_is_handed_to_on_suppressed() -> None:
    held_back: list[str] = []
    capture = structlog.testing.LogCapture()
    observer = StructlogObserver(
        structlog.wrap_logger(None, processors=[capture]),
        rate_limit=RateLimit(lambda: 0.0, burst=1),
        on_suppressed=held_back.append,
    )
    app = WebSocketHandshakeMiddleware(Spy((ACCEPT,)), observers=[observer])
    offer = VALID.plus(b"sec-websocket-protocol", b"chat")

    for _ in range(3):
        ask(app, VALID.without(b"upgrade").http_scope())
        ask(app, offer.websocket_scope(subprotocols=["chat"]))

    assert held_back == ["upgrade_missing", "subprotocol_not_chosen"] * 2
    assert len(capture.entries) == 2


def test_an_event_that_is_held_back_asks_for_no_hint() -> None:
    hints: list[str] = []
    observer = StructlogObserver(
        structlog.wrap_logger(None, processors=[structlog.testing.LogCapture()]),
        rate_limit=RateLimit(lambda: 0.0, burst=2),
    )

    for _ in range(5):
        observer.observe(
            replace(rejected("denied_by_app"), suggest=lambda: hints.append("asked"))
        )

    assert hints == ["asked"] * 2
