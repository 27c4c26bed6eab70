"""Counters for Prometheus: handshakes by outcome, rejections by reason.

No label has a path, an address or an origin: a client cannot make a new series. There
are counters alone, so that they add up over processes (PROMETHEUS_MULTIPROC_DIR).
"""

from __future__ import annotations

from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from prometheus_client import REGISTRY, CollectorRegistry, Counter

from ws_handshake.core.reasons import CATALOGUE, DENIED_BY_APP
from ws_handshake.outcome.observer import Observer
from ws_handshake.outcome.record import WARNINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.outcome.record import HandshakeRecord
    from ws_handshake.outcome.rejection import Rejection

_OUTCOMES = ("accepted", "rejected", "reported")
_CODES = [row.code for row in (*CATALOGUE, *WARNINGS)]
_STATUSES: dict[int | None, str] = {
    int(status): str(int(status)) for status in HTTPStatus
}


class PrometheusObserver(Observer):
    """Counts every outcome; a rejection that `report_only` lets pass is `reported`.

    Args:
        registry: where the counters are registered; by default the global one. Several
            instances on one registry count into the same counters.

    """

    def __init__(self, *, registry: CollectorRegistry = REGISTRY) -> None:
        """Register the counters, each with all its series at 0."""
        self._counters = _registered(registry)

    def observe(self, record: HandshakeRecord, /) -> None:
        """Count one outcome."""
        outcome = record.outcome if record.enforced else "reported"
        self._counters.outcomes[outcome].inc()
        if record.rejection is not None:
            self._counters.rejection(record.rejection, record.status).inc()

    def observer_failed(self, _observer: Observer, /) -> None:
        """Count an observer that raised."""
        self._counters.errors.inc()

    @cached_property
    def suppressed(self) -> Callable[[str], None]:
        """Counts what a log holds back: `StructlogObserver(on_suppressed=...)`."""
        counter = self._counters.suppressed
        for code in _CODES:
            counter.labels(code)
        return lambda code: counter.labels(code).inc()


class _Counters:
    """The counters in one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        name, what = "websocket_handshakes", "WebSocket opening handshakes."
        handshakes = Counter(name, what, ["outcome"], registry=registry)
        name, what = "websocket_handshake_rejections", "Rejections by first violation."
        labels = ["reason", "status"]
        self._rejections = Counter(name, what, labels, registry=registry)
        name, what = "websocket_handshake_log_suppressed", "Log events held back."
        self.suppressed = Counter(name, what, ["reason"], registry=registry)
        name, what = "websocket_handshake_observer_errors", "Observers that raised."
        self.errors = Counter(name, what, registry=registry)
        self.outcomes = {name: handshakes.labels(name) for name in _OUTCOMES}
        self._known = {
            row.code: self._rejections.labels(row.code, str(row.status))
            for row in CATALOGUE
        }

    def rejection(self, rejection: Rejection, status: int | None) -> Counter:
        """Return the series of a rejection, by the catalogue's status or the app's."""
        code = rejection.reason.code
        if rejection.reason is not DENIED_BY_APP:
            return self._known[code]
        return self._rejections.labels(code, _STATUSES.get(status, "other"))


_shared: WeakKeyDictionary[CollectorRegistry, _Counters] = WeakKeyDictionary()


def _registered(registry: CollectorRegistry) -> _Counters:
    try:
        _shared[registry] = _Counters(registry)
    except ValueError as clash:
        if registry not in _shared:
            raise ValueError(
                f"registry has counters of others with our names ({clash}); give "
                "another one: PrometheusObserver(registry=CollectorRegistry())."
            ) from clash
    return _shared[registry]
