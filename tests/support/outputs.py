"""All that comes out of one request: responses, logs, records, spans and metrics."""

from __future__ import annotations

import asyncio
import io
import logging
from contextlib import suppress
from itertools import cycle
from typing import TYPE_CHECKING, Any

import structlog
from hypercorn.config import Config as HypercornConfig
from prometheus_client import CollectorRegistry, generate_latest

from tests.support.asgi import RecordingObserver, Spy
from tests.support.protocols import talking
from tests.support.signals import Signals
from ws_handshake import Observer, WebSocketHandshakeMiddleware, hypercorn
from ws_handshake.asgi.places import register
from ws_handshake.ecs import to_ecs
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.prometheus import PrometheusObserver
from ws_handshake.structlog import StructlogObserver
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from ws_handshake.asgi.scope import ASGIApp, Message, Scope

_RENDERERS: dict[str, list[Any]] = {
    "JSON": [structlog.processors.JSONRenderer()],
    "ECS": [to_ecs, structlog.processors.JSONRenderer()],
    "console": [structlog.dev.ConsoleRenderer(colors=True)],
    "logfmt": [structlog.processors.LogfmtRenderer()],
    "key and value": [structlog.processors.KeyValueRenderer()],
}


class _Broken(Observer):
    """An observer that raises, with the whole record in its message."""

    def observe(self, record: object) -> None:
        raise ConnectionError(repr(record))


class Outputs:
    """Middleware, protocol classes and Hypercorn's logger, with every observer.

    Each observer writes to a place of its own.
    """

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._written = {name: io.StringIO() for name in (*_RENDERERS, "logging")}
        #: For the root logger: what goes through the standard library's logging.
        self.handler = logging.StreamHandler(self._written["logging"])
        self._registry, self._signals, self._recorder = (
            CollectorRegistry(),
            Signals(),
            RecordingObserver(),
        )
        self._tracer = self._signals.tracers.get_tracer("outputs")
        self._spy, self._protocols = Spy(), cycle([H11Protocol, HttpToolsProtocol])
        shared: dict[str, Any] = {
            "observers": [
                *(self._structlog_observer(name) for name in _RENDERERS),
                PrometheusObserver(registry=self._registry),
                self._signals.observer(),
                _Broken(),
                self._recorder,
            ],
            "websocket_paths": ["/ws"],
            "explain_denials": True,
        }
        self._apps = [
            WebSocketHandshakeMiddleware(
                self._spy, allowed_origins=["same-origin", "null"], **shared
            ),
            WebSocketHandshakeMiddleware(
                self._spy, report_only=True, docs_url="https://docs.example", **shared
            ),
        ]

    def _structlog_observer(self, name: str) -> StructlogObserver:
        clock = iter(range(0, 10**12, 1000)).__next__  # nothing is held back
        printer = structlog.PrintLoggerFactory(self._written[name])()
        logger = structlog.wrap_logger(printer, processors=_RENDERERS[name])
        return StructlogObserver(logger, rate_limit=RateLimit(clock))

    def of(
        self, handshake: Handshake, script: tuple[dict[str, Any], ...]
    ) -> dict[str, str]:
        """Return what came out of one request, by the name of the output."""
        self._spy.script = script
        responses: list[object] = []
        with self._tracer.start_as_current_span("handshake"):
            for app in self._apps:
                responses += self._asked(app, handshake.http_scope())
                responses += self._asked(app, handshake.websocket_scope())
        protocol = next(self._protocols)
        at_the_protocol = self._runner.run(
            talking(protocol, self._apps[0], handshake.wire())
        )
        self._runner.run(self._hypercorn(handshake))
        self._spy.scopes.clear()
        return {
            "response": repr(responses),
            "protocol": repr(at_the_protocol.raw),
            "record": self._recorded(),
            "span": repr(self._signals.take_spans()),
            "event": repr(self._signals.take_events()),
            **{name: _emptied(text) for name, text in self._written.items()},
        }

    def metrics(self) -> str:
        """Return what Prometheus scrapes, and what OpenTelemetry exports."""
        scraped = generate_latest(self._registry).decode()
        return scraped + repr(self._signals.metrics())

    def _asked(self, app: ASGIApp, scope: Scope) -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def call() -> None:
            nothing = asyncio.Queue[Any]()  # the client sends no more
            await app(scope, nothing.get, send)

        self._runner.run(call())
        return sent

    def _recorded(self) -> str:
        """Return the records, with all that was worked out for them."""
        records = list(self._recorder.records)
        self._recorder.records.clear()
        return repr([(r, r.request, r.rejection) for r in records])

    async def _hypercorn(self, handshake: Handshake) -> None:
        config = HypercornConfig()
        config.errorlog = config.accesslog = None
        register(config, self._apps[0])
        scope: Any = handshake.websocket_scope()
        response: Any = {"status": 400, "headers": []}
        # Hypercorn itself raises at such a request before it logs anything
        with suppress(UnicodeDecodeError, AttributeError):
            await hypercorn.Logger(config).access(scope, response, 0.1)


def _emptied(text: io.StringIO) -> str:
    written = text.getvalue()
    text.seek(0)
    text.truncate()
    return written
