"""Four servers in the threads of one process share a middleware and its observers."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from prometheus_client import CollectorRegistry

from tests.support.asgi import RecordingObserver
from tests.support.handshakes import VALID
from tests.support.inside import running
from tests.support.protocols import Echo
from tests.support.wires import ask
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.prometheus import PrometheusObserver
from ws_handshake.structlog import SUPPRESSED, StructlogObserver

EACH = 200
KEYLESS = VALID.without(b"sec-websocket-key")


class Log:
    """Counts what is written, and what that says was held back."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.suppressed: list[int] = []

    def warning(self, event: str, **fields: Any) -> None:
        self.written.append(event)
        self.suppressed.append(fields.get("websocket.handshake.suppressed", 0))

    debug = info = error = warning


def test_every_handshake_is_observed_and_counted_exactly_once() -> None:
    log, recorder, registry = Log(), RecordingObserver(), CollectorRegistry()
    structlog = StructlogObserver(log)
    observers = (structlog, recorder, PrometheusObserver(registry=registry))
    app = WebSocketHandshakeMiddleware(Echo(), observers=observers)

    def visit(port: int) -> Counter[int | None]:
        handshakes = (VALID, KEYLESS, KEYLESS) * EACH
        return Counter(ask(port, one.wire()).status for one in handshakes)

    with ExitStack() as servers, ThreadPoolExecutor(8) as clients:
        ports = [
            servers.enter_context(running(app, http=http, ws="wsproto"))
            for http in ("httptools", "h11") * 2
        ]
        seen = sum(clients.map(visit, ports * 2), Counter[int | None]())
    structlog.flush()

    accepted, rejected = 8 * EACH, 16 * EACH
    assert seen == {101: accepted, 400: rejected}
    outcomes = Counter(record.outcome for record in recorder.records)
    assert outcomes == {"accepted": accepted, "rejected": rejected}
    summaries = log.written.count(SUPPRESSED)
    lines = len(log.written) - summaries
    assert lines + sum(log.suppressed) == accepted + rejected
    total = registry.get_sample_value(
        "websocket_handshakes_total", {"outcome": "rejected"}
    )
    assert total == rejected
    assert app.notifier.errors == 0
