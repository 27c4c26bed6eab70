"""Metrics, span attributes and events for OpenTelemetry, through its API alone."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from opentelemetry._logs import get_logger
from opentelemetry.metrics import get_meter
from opentelemetry.trace import StatusCode, get_current_span

from ws_handshake.opentelemetry_events import emitting
from ws_handshake.outcome.observer import Observer
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from opentelemetry._logs import LoggerProvider
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.util.types import AttributeValue

    from ws_handshake.outcome.record import HandshakeRecord

# Those of http.server.request.duration in the semantic conventions, in seconds.
_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

# A 4xx is no error of a server's span (semantic conventions).
_SERVERS_OWN = 500


class OpenTelemetryObserver(Observer):
    """Counts and times outcomes, marks the current span, emits rejections as events.

    Args:
        meter_provider: where the metrics go; by default the global one.
        logger_provider: where the events go; by default the global one.

    """

    def __init__(
        self,
        *,
        meter_provider: MeterProvider | None = None,
        logger_provider: LoggerProvider | None = None,
    ) -> None:
        """Make the instruments."""
        scope = "ws_handshake", version("ws-handshake")
        meter = get_meter(*scope, meter_provider)
        name, what = "websocket.server.handshakes", "WebSocket opening handshakes."
        self._counter = meter.create_counter(name, "{handshake}", what)
        name, what = "websocket.server.handshake.duration", "Until the app decided."
        self._duration = meter.create_histogram(
            name, "s", what, explicit_bucket_boundaries_advisory=_BOUNDS
        )
        self._events = StructlogObserver(emitting(get_logger(*scope, logger_provider)))

    def observe(self, record: HandshakeRecord, /) -> None:
        """Hand an outcome to all three signals; a plain acceptance is no event."""
        attributes = _attributes(record)
        self._counter.add(1, attributes)
        if record.duration is not None:
            self._duration.record(record.duration, attributes)
        _mark_span(record, attributes)
        if record.rejection is not None or record.warning is not None:
            self._events.observe(record)

    def flush(self) -> None:
        """Emit how many events were held back and not reported yet."""
        self._events.flush()


def _attributes(record: HandshakeRecord) -> dict[str, AttributeValue]:
    """Return what a metric may have: nothing that a client varies at will."""
    outcome = record.outcome if record.enforced else "reported"
    attributes: dict[str, AttributeValue] = {"websocket.handshake.outcome": outcome}
    if record.rejection is not None:
        attributes["error.type"] = record.rejection.reason.code
    elif record.warning is not None and _has_failed(record):
        attributes["error.type"] = record.warning.code
    if record.enforced and record.status is not None:
        attributes["http.response.status_code"] = record.status
    return attributes


def _mark_span(record: HandshakeRecord, attributes: dict[str, AttributeValue]) -> None:
    """Add what ASGI instrumentation leaves out where a WebSocket is denied."""
    span = get_current_span()
    if not span.is_recording():
        return
    if record.rejection is not None:
        codes = record.rejection.codes
        attributes = {**attributes, "websocket.handshake.violations": codes}
        for cause in record.rejection.causes[:1]:
            attributes["websocket.handshake.cause"] = cause.code
    if record.warning is not None:
        attributes = {**attributes, "websocket.handshake.warning": record.warning.code}
    if not record.enforced:
        del attributes["error.type"]  # the request goes on, and may well succeed
    span.set_attributes(attributes)
    if record.enforced and _has_failed(record):
        span.set_status(StatusCode.ERROR)


def _has_failed(record: HandshakeRecord) -> bool:
    return record.status is not None and record.status >= _SERVERS_OWN
