"""The log: one structlog event per handshake, in OpenTelemetry's names.

It configures nothing: processors, renderers and levels are the application's. Events
of one reason are let through by a flood gate; what it held back is in
`websocket.handshake.suppressed` of the next one, and the rest is reported a second
later, at shutdown, or when Python ends.
"""

from __future__ import annotations

import asyncio
import atexit
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from weakref import ref

import structlog

from ws_handshake.outcome.harmless import Harmless, plain
from ws_handshake.outcome.loggers import takes_debug, write
from ws_handshake.outcome.rate_limit import FloodGate
from ws_handshake.outcome.record import shows_origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.outcome.record import HandshakeRecord, Rejection, RequestFacts

SCHEMA = 1

# How long a level is believed, and how long a rest is held back in silence.
_SECOND = 1.0

REJECTED = "websocket.handshake.rejected"
ACCEPTED = "websocket.handshake.accepted"
SUPPRESSED = "websocket.handshake.suppressed_summary"

# Whoever broke the handshake, a warning is enough; only our side's faults are errors.
_LEVELS = {
    "not_a_handshake": "info",
    "denied_by_app": "info",
    "app_did_not_respond": "error",
    "internal_error": "error",
    "server_did_not_upgrade": "error",
    "subprotocol_not_offered": "error",
}


class Logger(Protocol):
    """As much of a structlog logger as the structlog observer uses."""

    # ruff: noqa: ANN401, D102  (structlog's own signatures)
    def debug(self, event: str, **fields: Any) -> Any: ...
    def info(self, event: str, **fields: Any) -> Any: ...
    def warning(self, event: str, **fields: Any) -> Any: ...
    def error(self, event: str, **fields: Any) -> Any: ...


class StructlogObserver:
    """Writes every outcome to structlog: rejections at warning, valid ones at debug.

    `logger` is any structlog logger (default: `structlog.get_logger("ws_handshake")`);
    one that takes no fields, as the standard library's, has them in its message;
    `gate` limits how often one reason is reported (default: 50 at once, then 10 a second);
    `on_suppressed` is called with the code of every event that it holds back.
    """

    def __init__(
        self,
        logger: Logger | None = None,
        *,
        gate: FloodGate | None = None,
        on_suppressed: Callable[[str], None] | None = None,
    ) -> None:
        """Take a logger and a gate; neither is configured here."""
        self._logger: Logger = (
            structlog.get_logger("ws_handshake") if logger is None else logger
        )
        self._gate = FloodGate(time.monotonic) if gate is None else gate
        self._on_suppressed = on_suppressed
        self._wants = False
        self._received_until = 0.0
        self._rests = False
        self._rest_due = 0.0

    def observe(self, record: HandshakeRecord) -> None:
        """Write one event, unless the gate holds it back."""
        code = _limited_by(record)
        if code is None:
            if self.wants_accepted():  # or it would be written down in vain
                write(self._logger, *event_of(record))
            return
        suppressed = self._gate.admit(code)
        if suppressed is not None:
            write(self._logger, *event_of(record, suppressed))
            return
        self._see_to_the_rest()
        if self._on_suppressed is not None:
            response: object = self._on_suppressed(code)
            plain(response)

    def wants_accepted(self) -> bool:
        """Return whether the logger takes debug events, as far as it tells.

        Every handshake asks, and structlog makes a logger to respond: it is asked once a
        second, so that a level which is changed at run time is noticed after one.
        """
        now = time.monotonic()
        if now >= self._received_until:
            self._wants = takes_debug(self._logger)
            self._received_until = now + _SECOND
        return self._wants

    def flush(self) -> None:
        """Report how many events were held back and not reported yet, by reason."""
        self._report_the_rest()

    def _report_the_rest(self) -> None:
        for code, number in self._gate.drain().items():
            fields = {"error.type": code, "websocket.handshake.suppressed": number}
            write(self._logger, "warning", SUPPRESSED, fields)

    def _see_to_the_rest(self) -> None:
        """Let what is held back be reported though no event and no shutdown follows.

        An application may have no lifespan, and uvicorn dies of SIGTERM before Python
        can end: so there is a timer, too. Neither keeps the structlog observer alive.
        """
        now = time.monotonic()
        if now < self._rest_due:
            return
        if not self._rests:
            self._rests = True
            # as late as this, so that it comes before the log's own shutdown
            atexit.register(_flush, ref(self))
        self._rest_due = now + _SECOND
        with suppress(RuntimeError):  # no event loop of asyncio's
            asyncio.get_running_loop().call_later(_SECOND, _report, ref(self))


def _flush(held: Callable[[], StructlogObserver | None]) -> None:
    with Harmless():
        if (structlog_observer := held()) is not None:
            structlog_observer.flush()


def _report(held: Callable[[], StructlogObserver | None]) -> None:
    """Report without `flush`, which may be overridden to wait: the loop goes on."""
    with Harmless():
        if (structlog_observer := held()) is not None:
            structlog_observer._report_the_rest()  # noqa: SLF001  (its own module)


class Event(NamedTuple):
    """A record as the log gets it: its level, its name, its fields."""

    level: str
    name: str
    fields: dict[str, object]


def event_of(record: HandshakeRecord, suppressed: int = 0) -> Event:
    """Return the event of a record; `suppressed` were held back before it."""
    code = _limited_by(record)
    level = "debug" if code is None else _LEVELS.get(code, "warning")
    if record.rejection is None:
        return Event(level, ACCEPTED, _accepted_fields(record, suppressed))
    return Event(
        level, REJECTED, _rejected_fields(record, record.rejection, suppressed)
    )


def _limited_by(record: HandshakeRecord) -> str | None:
    """Return the code by which the gate counts; what went well passes it by."""
    if record.rejection is not None:
        return record.rejection.violations[0].reason.code
    return None if record.warning is None else record.warning.code


def _rejected_fields(
    record: HandshakeRecord, rejection: Rejection, suppressed: int
) -> dict[str, object]:
    fields: dict[str, object] = {
        "error.type": rejection.first.code,
        "websocket.handshake.violations": list(rejection.codes),
        **_known("websocket.handshake.header", rejection.first.header),
        **_known("websocket.handshake.received", rejection.violations[0].received),
        **_shared_fields(record),
        "websocket.handshake.suppressed": suppressed,
    }
    for cause in rejection.causes[:1]:
        fields["websocket.handshake.cause"] = cause.code
        fields["websocket.handshake.certainty"] = str(cause.certainty)
        fields["websocket.handshake.fix"] = cause.fix
    if not record.enforced:
        fields["websocket.handshake.report_only"] = True
    if shows_origin(rejection):
        fields |= _known("http.request.header.origin", record.request.origin)
    fields |= _known("websocket.handshake.hint", record.hint)
    return fields | _known("exception.type", record.error)


def _accepted_fields(record: HandshakeRecord, suppressed: int) -> dict[str, object]:
    fields = _shared_fields(record)
    if record.warning is not None:
        fields["websocket.handshake.warning"] = record.warning.code
        fields["websocket.handshake.hint"] = record.warning.what
        fields["websocket.handshake.suppressed"] = suppressed
    return fields


def _shared_fields(record: HandshakeRecord) -> dict[str, object]:
    return {
        "http.response.status_code": record.status,
        **_request_fields(record.request),
        "websocket.handshake.layer": record.layer,
        "websocket.handshake.schema": SCHEMA,
    }


def _request_fields(request: RequestFacts) -> dict[str, object]:
    return {
        **_known("http.request.method", request.method),
        "network.protocol.name": "http",
        **_known("network.protocol.version", request.http_version),
        **_known("url.scheme", request.scheme),
        **_known("url.path", request.path),
        **_known("client.address", request.client_address),
        **_known("server.address", request.server_address),
        **_known("user_agent.original", request.user_agent),
        **_known("websocket.handshake.key_length", request.key_length),
        "websocket.handshake.subprotocol_count": request.subprotocol_count,
        "websocket.handshake.extension_count": request.extension_count,
        "websocket.handshake.header_count": request.header_count,
        "websocket.handshake.header_bytes": request.header_bytes,
    }


def _known(name: str, value: object) -> dict[str, object]:
    return {} if value is None else {name: value}
