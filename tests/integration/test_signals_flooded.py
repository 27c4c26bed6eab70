"""Metrics, traces and the log under a flood whose every request is another one."""

from __future__ import annotations

import gc
import logging
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import structlog
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from prometheus_client import CollectorRegistry

from tests.support.faults import Setup, observed_server
from tests.support.handshakes import VALID
from tests.support.signals import Signals
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.prometheus import PrometheusObserver
from ws_handshake.structlog import REJECTED, StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from structlog.typing import EventDict

    from tests.support.faults import ObservedServer
    from tests.support.handshakes import Handshake
    from tests.support.wires import Response
    from ws_handshake.asgi.scope import ASGIApp
    from ws_handshake.outcome.record import HandshakeRecord

REQUESTS = 600
BURST = 5
#: What a rejection may leave behind for good, in objects for each: nothing.
MOST_OBJECTS = REQUESTS // 4

SETUPS = [Setup("h11", "wsproto"), Setup("httptools", "websockets-sansio")]
on_both_parsers = pytest.mark.parametrize(
    "setup", SETUPS, ids=lambda setup: setup.parser
)


class Flooded(NamedTuple):
    """A server, and all that it reports to."""

    server: ObservedServer
    registry: CollectorRegistry
    signals: Signals
    log: list[EventDict]


@contextmanager
def flooded(setup: Setup) -> Iterator[Flooded]:
    """Run a server whose rejections are counted, traced and logged."""
    registry, signals = CollectorRegistry(), Signals()
    log = structlog.testing.LogCapture()
    prometheus = PrometheusObserver(registry=registry)
    structlog_observer = StructlogObserver(
        structlog.wrap_logger(None, processors=[log]),
        rate_limit=RateLimit(lambda: 0.0, burst=BURST),
        on_suppressed=prometheus.suppressed,
    )

    def traced(app: ASGIApp) -> ASGIApp:
        instrumented: ASGIApp = OpenTelemetryMiddleware(
            app, tracer_provider=signals.tracers, meter_provider=signals.meters
        )
        return instrumented

    observers = (prometheus, structlog_observer, signals.observer())
    with observed_server(setup, *observers, around=traced) as server:
        yield Flooded(server, registry, signals, log.entries)


def requests(start: int) -> list[Handshake]:
    """Return a flood, of which no address, path or value comes twice."""
    return [_request(number) for number in range(start, start + REQUESTS)]


def _request(number: int) -> Handshake:
    own = b"%d" % number
    kinds = (
        VALID.without(b"sec-websocket-key"),
        VALID.but(b"upgrade", b"h2c-" + own),
        VALID.but(b"sec-websocket-version", b"1" + own),
        VALID.plus(b"origin", b"https://" + own + b".example"),
        VALID.plus(b"sec-websocket-protocol", b"chat " + own),
        VALID.plus(b"x note", own),
    )
    handshake = kinds[number % len(kinds)].asked(target=b"/ws/" + own)
    handshake = handshake.plus(b"user-agent", b"client/" + own)
    return handshake.plus(b"x-forwarded-for", b"2001:db8::" + own)


def flood(server: ObservedServer, start: int) -> list[Response]:
    """Send a flood in eight threads, and wait until the server has nothing left."""
    with ThreadPoolExecutor(8) as pool:
        wires = [request.wire() for request in requests(start)]
        responses = list(pool.map(server.ask, wires))
    server.wait_until_idle()
    return responses


def series(registry: CollectorRegistry) -> dict[tuple[str, ...], float]:
    """Return each series that Prometheus would scrape, and its value."""
    samples = (sample for metric in registry.collect() for sample in metric.samples)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for sample in samples
        if not sample.name.endswith("_created")
    }


class Outcome(NamedTuple):
    """What a flood brought about."""

    responses: list[Response]
    without_observers: list[Response]
    codes: Counter[str]
    records: list[HandshakeRecord]
    series: tuple[dict[tuple[str, ...], float], dict[tuple[str, ...], float]]
    points: list[tuple[dict[str, Any], Any]]
    log: list[EventDict]
    spans: list[dict[str, Any]]
    events: list[dict[str, Any]]
    seconds: float


@pytest.fixture(scope="module", params=SETUPS, ids=lambda setup: setup.parser)
def outcome(request: pytest.FixtureRequest) -> Outcome:
    with observed_server(request.param) as plain:
        without = flood(plain, 0)
    with flooded(request.param) as running:
        before, begun = series(running.registry), time.monotonic()
        responses = flood(running.server, 0)
        return Outcome(
            responses,
            without,
            Counter(response.codes[0] for response in responses),
            [*running.server.recorder.records],
            (before, series(running.registry)),
            running.signals.metrics()["websocket.server.handshakes"],
            [*running.log],
            running.signals.spans(),
            running.signals.events(),
            time.monotonic() - begun,
        )


def test_a_flood_makes_no_series_and_is_counted_to_the_last_one(
    outcome: Outcome,
) -> None:
    before, after = outcome.series
    assert len({record.request.path for record in outcome.records}) == REQUESTS
    assert len({r.request.client_address for r in outcome.records}) >= 500

    assert after.keys() == before.keys()
    assert len(outcome.codes) == 6
    name = "websocket_handshake_rejections_total"
    counted = {key[1]: int(n) for key, n in after.items() if key[0] == name and n}
    assert counted == outcome.codes
    assert after[("websocket_handshake_observer_errors_total",)] == 0
    assert {point["error.type"]: n for point, n in outcome.points} == outcome.codes


def test_a_flood_is_logged_within_the_rate_limit_and_accounted_for(
    outcome: Outcome,
) -> None:
    logged = Counter(
        event["error.type"] for event in outcome.log if event["event"] == REJECTED
    )

    assert logged == dict.fromkeys(outcome.codes, BURST)
    for code, sent in outcome.codes.items():
        held = outcome.series[1]["websocket_handshake_log_suppressed_total", code]
        assert logged[code] + held == sent


def test_a_flood_leaves_in_traces_and_events_only_what_no_client_chooses(
    outcome: Outcome,
) -> None:
    codes = outcome.codes
    spans = [span for span in outcome.spans if span["kind"] == "SERVER"]

    # what the parser rejects reaches no instrumentation
    assert len(spans) == REQUESTS - codes["head_malformed"]
    values = [span["attributes"] for span in spans]
    assert {value["error.type"] for value in values} == codes.keys() - {
        "head_malformed"
    }
    assert {span["status"] for span in spans} == {"UNSET"}
    ours = {
        (name, str(value))
        for attributes in values
        for name, value in attributes.items()
        if name.startswith("websocket.handshake.")
    }
    assert len(ours) < 25
    per_reason = Counter(event["attributes"]["error.type"] for event in outcome.events)
    assert per_reason.keys() == codes.keys()
    # the default rate limit, and a summary each second
    assert max(per_reason.values()) <= 51 + 11 * outcome.seconds


def test_every_response_in_a_flood_is_what_it_is_without_observers(
    outcome: Outcome,
) -> None:
    both = zip(outcome.responses, outcome.without_observers, strict=True)
    different = [(a, b) for a, b in both if (a.status, a.body) != (b.status, b.body)]
    assert different == []
    assert {response.status for response in outcome.responses} == {400, 403}


@on_both_parsers
def test_a_flood_leaves_nothing_in_memory(
    setup: Setup, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "uvicorn.error")  # or pytest keeps each line
    with flooded(setup) as running:
        # three fill what keeps the latest 256 bodies of responses
        *_, before, after = (_left_by(running, n * REQUESTS) for n in range(4))

    assert abs(after - before) < MOST_OBJECTS


def _left_by(running: Flooded, start: int) -> int:
    """Flood, forget what the exporters of the test keep, and count the objects."""
    flood(running.server, start)
    running.signals.take_spans()
    running.signals.take_events()
    running.signals.metrics()
    running.server.recorder.records.clear()
    running.log.clear()
    gc.collect()
    return len(gc.get_objects())
