from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter, generate_latest

from tests.support.asgi import ACCEPT, CLOSE, Spy, ask
from tests.support.handshakes import VALID
from tests.support.records import rejected
from ws_handshake import Observer, WebSocketHandshakeMiddleware
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.outcome.record import WARNINGS
from ws_handshake.prometheus import PrometheusObserver
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.outcome.record import HandshakeRecord

REJECTIONS = "websocket_handshake_rejections_total"
BROKEN = VALID.without(b"upgrade")


class Broken(Observer):
    """An observer that raises whatever happens."""

    def observe(self, _record: HandshakeRecord) -> None:
        raise ConnectionError("the collector is down")


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def metrics(registry: CollectorRegistry) -> PrometheusObserver:
    return PrometheusObserver(registry=registry)


def counted(registry: CollectorRegistry) -> dict[str, float]:
    """Return every series that is not 0, as Prometheus writes it."""
    text = generate_latest(registry).decode()
    series = re.findall(r"(?m)^(websocket_\S+_total\S*) (\S+)$", text)
    return {name: float(value) for name, value in series if float(value)}


def report(
    observer: Observer, scope: dict[str, Any], *script: Any, **options: Any
) -> None:
    app = WebSocketHandshakeMiddleware(Spy(script), observers=[observer], **options)
    ask(app, scope)


def test_where_nothing_was_sent_the_status_is_that_of_the_catalogue(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    metrics.observe(replace(rejected("head_malformed"), status=None))

    series = f'{REJECTIONS}{{reason="head_malformed",status="400"}}'
    assert counted(registry)[series] == 1


def test_every_reason_is_there_from_the_start_with_the_status_of_the_catalogue(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    assert counted(registry) == {}
    assert isinstance(metrics, PrometheusObserver)
    for reason in CATALOGUE:
        labels = {"reason": reason.code, "status": str(reason.status)}
        assert registry.get_sample_value(REJECTIONS, labels) == 0
    for outcome in ("accepted", "rejected", "reported"):
        labels = {"outcome": outcome}
        assert registry.get_sample_value("websocket_handshakes_total", labels) == 0
    errors = "websocket_handshake_observer_errors_total"
    assert registry.get_sample_value(errors) == 0


def test_an_acceptance_is_counted(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    report(metrics, VALID.websocket_scope(), ACCEPT)

    assert counted(registry) == {'websocket_handshakes_total{outcome="accepted"}': 1}


def test_a_rejection_is_counted_by_its_first_violation(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    report(metrics, BROKEN.without(b"sec-websocket-key").http_scope())

    assert counted(registry) == {
        'websocket_handshakes_total{outcome="rejected"}': 1,
        f'{REJECTIONS}{{reason="upgrade_missing",status="400"}}': 1,
    }


def test_where_the_server_sends_a_bare_403_the_status_is_still_the_catalogues(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    scope = VALID.but(b"sec-websocket-key", b"AAAA").websocket_scope(extensions={})
    report(metrics, scope)

    assert f'{REJECTIONS}{{reason="key_malformed",status="400"}}' in counted(registry)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (CLOSE, "403"),
        ({"type": "websocket.http.response.start", "status": 401}, "401"),
        ({"type": "websocket.http.response.start", "status": 499}, "other"),
        ({"type": "websocket.http.response.start", "status": 10**9}, "other"),
    ],
)
def test_a_denial_has_the_applications_status_if_http_has_a_name_for_it(
    message: dict[str, Any],
    status: str,
    registry: CollectorRegistry,
    metrics: PrometheusObserver,
) -> None:
    report(metrics, VALID.websocket_scope(), message)

    assert counted(registry) == {
        'websocket_handshakes_total{outcome="rejected"}': 1,
        f'{REJECTIONS}{{reason="denied_by_app",status="{status}"}}': 1,
    }


def test_an_application_that_does_not_respond_is_counted_with_500(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    report(metrics, VALID.websocket_scope())

    assert counted(registry) == {
        'websocket_handshakes_total{outcome="rejected"}': 1,
        f'{REJECTIONS}{{reason="app_did_not_respond",status="500"}}': 1,
    }


def test_what_report_only_lets_pass_is_reported_and_not_rejected(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    scope = VALID.but(b"sec-websocket-key", b"AAAA").websocket_scope()
    report(metrics, scope, ACCEPT, report_only=True)

    assert counted(registry) == {
        'websocket_handshakes_total{outcome="reported"}': 1,
        'websocket_handshakes_total{outcome="accepted"}': 1,
        f'{REJECTIONS}{{reason="key_malformed",status="400"}}': 1,
    }


def test_a_client_makes_no_series_of_its_own(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    before = len(generate_latest(registry).splitlines())
    for number in range(50):
        own = b"%d.example" % number
        bent = VALID.but(b"host", own).plus(b"origin", b"https://" + own)
        asked = bent.asked(
            target=b"/" + own, method=f"M{number}", version=f"1.{number}"
        )
        report(metrics, asked.http_scope(client=(f"203.0.113.{number}", number)))

    assert len(generate_latest(registry).splitlines()) == before
    assert sum(counted(registry).values()) == 100
    labels = set(re.findall(rb"[{,](\w+)=", generate_latest(registry)))
    assert labels == {b"outcome", b"reason", b"status"}


def test_with_every_status_there_are_still_few_series(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    assert callable(metrics.suppressed)
    for status in range(100, 1000):
        denial = {"type": "websocket.http.response.start", "status": status}
        report(metrics, VALID.websocket_scope(), denial)

    series = re.findall(rb"(?m)^websocket_\w+_total", generate_latest(registry))
    assert 120 < len(series) <= 130


def test_an_observer_that_raises_changes_no_verdict_and_is_counted(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    app = WebSocketHandshakeMiddleware(Spy(), observers=[Broken(), metrics, Broken()])
    sent = ask(app, BROKEN.http_scope())

    assert sent[0]["status"] == 400
    series = counted(registry)
    assert series["websocket_handshake_observer_errors_total"] == 2
    assert series['websocket_handshakes_total{outcome="rejected"}'] == 1


def _suppressed(registry: CollectorRegistry) -> dict[str, float]:
    text = generate_latest(registry).decode()
    name = "websocket_handshake_log_suppressed_total"
    found = re.findall(rf'(?m)^{name}{{reason="(\w+)"}} (\S+)$', text)
    return {reason: float(value) for reason, value in found}


def test_what_a_structlog_observer_holds_back_is_counted_if_wanted(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    assert _suppressed(registry) == {}
    capture = structlog.testing.LogCapture()
    observer = StructlogObserver(
        structlog.wrap_logger(None, processors=[capture]),
        rate_limit=RateLimit(lambda: 0.0, burst=3),
        on_suppressed=metrics.suppressed,
    )
    codes = [row.code for row in CATALOGUE] + [row.code for row in WARNINGS]
    assert _suppressed(registry) == dict.fromkeys(codes, 0)

    for _ in range(10):
        report(observer, BROKEN.http_scope())
    assert _suppressed(registry)["upgrade_missing"] == 7
    assert len(capture.entries) + sum(_suppressed(registry).values()) == 10


def test_two_on_one_registry_count_into_the_same_counters(
    registry: CollectorRegistry, metrics: PrometheusObserver
) -> None:
    report(metrics, BROKEN.http_scope())
    report(PrometheusObserver(registry=registry), BROKEN.http_scope())

    assert counted(registry)['websocket_handshakes_total{outcome="rejected"}'] == 2


def test_each_registry_has_counters_of_its_own(registry: CollectorRegistry) -> None:
    other = PrometheusObserver(registry=CollectorRegistry())
    report(PrometheusObserver(registry=registry), BROKEN.http_scope())

    assert len(counted(registry)) == 2
    report(other, BROKEN.http_scope())
    assert counted(registry)['websocket_handshakes_total{outcome="rejected"}'] == 1


@pytest.fixture
def _global_registry_as_before() -> Iterator[None]:
    before = set(REGISTRY._collector_to_names)
    yield
    # not a loop: in a whole run another test may have been the first to register
    list(map(REGISTRY.unregister, set(REGISTRY._collector_to_names) - before))


@pytest.mark.usefixtures("_global_registry_as_before")
def test_the_registry_is_the_global_one_unless_another_is_given() -> None:
    series = 'websocket_handshakes_total{outcome="rejected"}'
    before = counted(REGISTRY).get(series, 0)
    report(PrometheusObserver(), BROKEN.http_scope())

    assert counted(REGISTRY)[series] == before + 1


def test_names_that_somebody_else_has_registered_are_an_error_at_start_up(
    registry: CollectorRegistry,
) -> None:
    Counter("websocket_handshakes", "Another's.", registry=registry)

    with pytest.raises(
        ValueError, match=r"^registry has counters of .* with our names"
    ):
        PrometheusObserver(registry=registry)
    with pytest.raises(
        ValueError, match=r"PrometheusObserver\(registry=CollectorRegistry\(\)"
    ):
        PrometheusObserver(registry=registry)


def test_the_package_imports_no_client_of_prometheus_unless_it_is_asked_to() -> None:
    code = """
import sys
import ws_handshake.uvicorn, ws_handshake.structlog
assert not any(name.startswith(("prometheus_client", "opentelemetry"))
    for name in sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
