"""OpenTelemetry's SDK with exporters in memory, and what they were given."""

from __future__ import annotations

from typing import Any

from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.support.asgi import ACCEPT, CLOSE, Spy, ask
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.opentelemetry import OpenTelemetryObserver


class _Kept(LogRecordProcessor):
    """Keeps what is emitted; the SDK's own exporter has another name every year."""

    def __init__(self) -> None:
        self.records: list[Any] = []

    def on_emit(self, log_record: Any) -> None:
        self.records.append(log_record.log_record)

    def shutdown(self) -> None:
        """Nothing to end."""

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return timeout_millis > 0


class Signals:
    """Providers for all three signals, which keep what they are given."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        self._logs = _Kept()
        self._reader = InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        self.loggers = LoggerProvider()
        self.loggers.add_log_record_processor(self._logs)
        self.meters = MeterProvider([self._reader])

    def observer(self) -> OpenTelemetryObserver:
        """Return an observer that emits these signals."""
        return OpenTelemetryObserver(
            meter_provider=self.meters, logger_provider=self.loggers
        )

    def spans(self) -> list[dict[str, Any]]:
        """Return the spans that have ended, as far as the tests look at them."""
        return [
            {
                "name": span.name,
                "kind": span.kind.name,
                "status": span.status.status_code.name,
                "attributes": dict(span.attributes or {}),
                "trace": f"{span.context.trace_id:032x}" if span.context else "",
            }
            for span in self._spans.get_finished_spans()
        ]

    def events(self) -> list[dict[str, Any]]:
        """Return the events."""
        assert self.loggers.force_flush()
        return [
            {
                "name": record.event_name,
                "severity": (record.severity_text, record.severity_number.value),
                "attributes": dict(record.attributes),
                "trace": f"{record.trace_id:032x}",
            }
            for record in self._logs.records
        ]

    def take_spans(self) -> list[dict[str, Any]]:
        """Return the spans that have ended, and forget them."""
        spans = self.spans()
        self._spans.clear()
        return spans

    def take_events(self) -> list[dict[str, Any]]:
        """Return the events, and forget them."""
        events = self.events()
        self._logs.records.clear()
        return events

    def metrics(self) -> dict[str, list[tuple[dict[str, Any], Any]]]:
        """Return of each metric its points: attributes, and value or count and sum."""
        read: Any = self._reader.get_metrics_data()
        return {
            metric.name: [_read(point) for point in metric.data.data_points]
            for resource in (read.resource_metrics if read else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


def _read(point: Any) -> tuple[dict[str, Any], Any]:
    value = point.value if hasattr(point, "value") else (point.count, point.sum)
    return dict(point.attributes), value


def every_outcome() -> Signals:
    """Report every kind of outcome, each within a span."""
    signals = Signals()
    chat = VALID.plus(b"sec-websocket-protocol", b"chat")
    for scope, script, report_only in (
        (VALID.websocket_scope(), (ACCEPT,), False),
        (chat.websocket_scope(subprotocols=["chat"]), (ACCEPT,), False),
        (VALID.websocket_scope(), (CLOSE,), False),
        (VALID.websocket_scope(), (), False),
        (VALID.http_scope(), (CLOSE,), False),
        (VALID.http_scope(), (CLOSE,), True),
    ):
        app = WebSocketHandshakeMiddleware(
            Spy(script), observers=[signals.observer()], report_only=report_only
        )
        with signals.tracers.get_tracer("test").start_as_current_span("handshake"):
            ask(app, scope)
    return signals
