"""The records of a test are all that observers are notified of meanwhile."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from structlog.testing import capture_logs

from tests.support.asgi import ACCEPT, RecordingObserver, Spy, ask
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.structlog import StructlogObserver
from ws_handshake.testing import VALID, Records, attempt, recording

BROKEN = VALID.without(b"upgrade")


def test_as_an_observer_it_keeps_its_records() -> None:
    records = Records()
    app = WebSocketHandshakeMiddleware(Spy((ACCEPT,)), observers=[records])
    attempt(app, BROKEN)
    attempt(app, VALID)
    assert [record.outcome for record in records] == ["rejected", "accepted"]
    assert records.codes == [("upgrade_missing",), ()]


def test_a_middleware_that_a_framework_builds_is_recorded_too() -> None:
    app = Starlette(
        routes=[WebSocketRoute("/ws", Spy((ACCEPT,)))],
        middleware=[Middleware(WebSocketHandshakeMiddleware)],
    )
    with recording() as records, capture_logs():
        attempt(app, BROKEN)
    assert records.codes == [("upgrade_missing",)]


def test_acceptances_are_recorded_though_no_observer_wants_them() -> None:
    quiet = StructlogObserver()
    app = WebSocketHandshakeMiddleware(Spy((ACCEPT,)), observers=[quiet])
    with recording() as records:
        attempt(app, VALID)
    assert [record.outcome for record in records] == ["accepted"]


def test_observers_are_notified_as_ever_and_after_the_block_nothing_is_kept() -> None:
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(Spy(), observers=[recorder])
    with recording() as records:
        ask(app, BROKEN.http_scope())
    ask(app, BROKEN.http_scope())
    assert len(records) == 1
    assert recorder.codes == [("upgrade_missing",)] * 2
