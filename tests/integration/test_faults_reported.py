"""Faults on the way to the log: an observer, a logger, a disk or a clock that fails."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from prometheus_client import CollectorRegistry

from tests.support.faults import (
    BROKEN,
    FAILED,
    FULL,
    needs_a_full_disk,
    observed_server,
    on_every_server,
)
from tests.support.handshakes import VALID
from ws_handshake import Observer
from ws_handshake.asgi import send as asgi_send
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.prometheus import PrometheusObserver
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from structlog.typing import Processor

    from tests.support.faults import ObservedServer, Setup
    from ws_handshake.outcome.record import HandshakeRecord


class Raising(Observer):
    """An observer that raises whatever happens."""

    def observe(self, _record: HandshakeRecord) -> None:
        raise ConnectionError("the collector is down")


def raising(fault: Exception) -> StructlogObserver:
    """Return a structlog observer whose logger raises whatever happens."""

    def processor(*_: object) -> str:
        raise fault

    return StructlogObserver(structlog.wrap_logger(None, processors=[processor]))


def _assert_judged_as_ever(server: ObservedServer) -> None:
    """Ask for every kind of rejection and for an acceptance, twice."""
    for _ in range(2):
        for code, handshake in BROKEN.items():
            assert server.ask(handshake.wire()).codes == (code,)
        assert server.ask(VALID.wire()).status == 101
    server.wait_until_idle()
    rejected = [(code,) for code in BROKEN]
    assert server.recorder.codes == [*rejected, (), *rejected, ()]


@on_every_server
@pytest.mark.parametrize(
    "observer",
    [Raising(), raising(OSError("the log is gone")), raising(RecursionError("deep"))],
    ids=["observer", "logger", "recursion"],
)
def test_an_observer_or_a_logger_that_raises_changes_no_verdict_and_is_reported_once(
    setup: Setup, observer: Observer
) -> None:
    failed = FAILED.format(type(observer).__name__)
    with observed_server(setup, observer, expects=(failed,)) as server:
        _assert_judged_as_ever(server)
        assert server.warnings.count(failed) == 1


@needs_a_full_disk
@on_every_server
def test_a_full_disk_under_the_log_changes_no_verdict_and_is_reported_once(
    setup: Setup,
) -> None:
    failed = FAILED.format("StructlogObserver")
    with FULL.open("w", buffering=1, encoding="ascii") as full:
        logger = structlog.wrap_logger(structlog.WriteLogger(full), processors=LINES)
        try:
            with observed_server(
                setup, StructlogObserver(logger), expects=(failed,)
            ) as server:
                _assert_judged_as_ever(server)
                assert server.warnings.count(failed) == 1
        finally:
            _forget_what_is_unwritten(full)


LINES: list[Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.JSONRenderer(),
]


def _forget_what_is_unwritten(file: Any) -> None:
    """Point the file at /dev/null, so that closing it does not fail as well."""
    with Path(os.devnull).open("w", encoding="ascii") as nothing:
        os.dup2(nothing.fileno(), file.fileno())


@on_every_server
def test_a_clock_that_goes_back_changes_no_verdict_and_loses_no_event(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count()
    monkeypatch.setattr(asgi_send, "perf_counter", lambda: float(-next(numbers)))
    capture = structlog.testing.LogCapture()
    rate_limit = RateLimit(lambda: -60.0 * next(numbers), burst=3, rate=10.0)
    structlog_observer = StructlogObserver(
        structlog.wrap_logger(None, processors=[capture]), rate_limit=rate_limit
    )
    with observed_server(
        setup, structlog_observer, PrometheusObserver(registry=CollectorRegistry())
    ) as server:
        for _ in range(4):
            _assert_judged_as_ever(server)
            server.recorder.records.clear()
    structlog_observer.flush()
    for code in BROKEN:
        events = [line for line in capture.entries if line.get("error.type") == code]
        assert sum(line["event"].endswith(".rejected") for line in events) == 3
        assert sum(line["websocket.handshake.suppressed"] for line in events) == 5
