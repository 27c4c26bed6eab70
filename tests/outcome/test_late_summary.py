"""What is held back is reported, though no lifespan ends and no event follows."""

from __future__ import annotations

import asyncio
import atexit
import gc
from typing import TYPE_CHECKING, Any
from weakref import ref

import pytest
import structlog

from tests.support.misbehaving import FAULTS
from tests.support.records import rejected
from ws_handshake.outcome import late_summary
from ws_handshake.outcome.harmless import ENDINGS
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Callable

SUMMARY = "websocket.handshake.suppressed_summary"
Registered = list[tuple[Any, ...]]


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Registered:
    """Keep what is registered for the end of Python, which is far away."""
    kept: Registered = []
    monkeypatch.setattr(atexit, "register", lambda *call: kept.append(call))
    return kept


def exit_with(registered: Registered) -> None:
    for function, *arguments in reversed(registered):
        function(*arguments)


def of(
    *processors: Any, kind: type[StructlogObserver] = StructlogObserver
) -> StructlogObserver:
    """Return a structlog observer that lets one event through, and then none."""
    logger = structlog.wrap_logger(None, processors=processors)
    return kind(logger, rate_limit=RateLimit(lambda: 0.0, burst=1))


def flood(
    observer: StructlogObserver, number: int = 4, code: str = "key_missing"
) -> None:
    for _ in range(number):
        observer.observe(rejected(code))


def summaries(entries: Any) -> list[tuple[str, int]]:
    return [
        (entry["error.type"], entry["websocket.handshake.suppressed"])
        for entry in entries
        if entry["event"] == SUMMARY
    ]


def timers(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> list[Callable[[], object]]:
    """Keep the timers that a loop is given, instead of waiting for them."""
    kept: list[Callable[[], object]] = []

    def call_later(
        _loop: object, delay: float, callback: Callable[..., object], *arguments: object
    ) -> None:
        assert delay == seconds
        kept.append(lambda: callback(*arguments))

    monkeypatch.setattr(asyncio.BaseEventLoop, "call_later", call_later)
    return kept


def test_the_rest_is_reported_when_python_ends(registered: Registered) -> None:
    capture = structlog.testing.LogCapture()
    observer = of(capture)
    flood(observer)
    flood(observer, 3, "host_missing")
    assert summaries(capture.entries) == []

    exit_with(registered)
    exit_with(registered)

    assert summaries(capture.entries) == [("key_missing", 3), ("host_missing", 2)]


def test_what_is_flushed_is_not_reported_again_when_python_ends(
    registered: Registered,
) -> None:
    capture = structlog.testing.LogCapture()
    observer = of(capture)
    flood(observer)

    observer.flush()
    exit_with(registered)

    assert summaries(capture.entries) == [("key_missing", 3)]


def test_a_structlog_observer_that_holds_nothing_back_registers_nothing(
    registered: Registered,
) -> None:
    flood(of(structlog.testing.LogCapture()), 1)

    assert registered == []


def test_a_structlog_observer_registers_once(
    registered: Registered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_summary, "_SECONDS", 0.0)

    flood(of(structlog.testing.LogCapture()), 9)

    assert len(registered) == 1


def test_a_flush_of_ones_own_is_called_when_python_ends(registered: Registered) -> None:
    flushed: list[StructlogObserver] = []

    class Waiting(StructlogObserver):
        def flush(self) -> None:
            flushed.append(self)

    observer = of(structlog.testing.LogCapture(), kind=Waiting)
    flood(observer)
    exit_with(registered)

    assert flushed == [observer]


def test_a_flush_that_was_replaced_is_called_when_python_ends(
    registered: Registered, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    observer = of(structlog.testing.LogCapture())
    monkeypatch.setattr(observer, "flush", lambda: flushed.append("replaced"))

    flood(observer)
    exit_with(registered)

    assert flushed == ["replaced"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_neither_the_timer_nor_the_end_of_python_raises_what_a_logger_raises(
    registered: Registered, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    waiting = timers(monkeypatch, 1.0)
    raised: list[object] = []

    def broken(_logger: object, _level: str, fields: Any) -> Any:
        if SUMMARY in fields["event"]:
            raised.append(fault)
            raise fault
        raise structlog.DropEvent

    observer = of(broken)

    async def flooded() -> None:
        flood(observer)
        waiting[0]()

    asyncio.run(flooded())
    flood(observer)
    exit_with(registered)

    assert len(raised) >= 2


def test_a_dead_structlog_observer_is_not_kept_alive(registered: Registered) -> None:
    async def flooded() -> ref[StructlogObserver]:
        observer = of(structlog.testing.LogCapture())
        flood(observer)
        dead = ref(observer)
        del observer
        gc.collect()
        assert dead() is None
        return dead

    asyncio.run(flooded())
    exit_with(registered)


@pytest.mark.usefixtures("registered")
def test_the_rest_is_reported_a_second_later(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = timers(monkeypatch, 1.0)
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    capture = structlog.testing.LogCapture()
    observer = of(capture)

    async def flooded() -> None:
        nonlocal now
        flood(observer, 4)
        now = 100.9
        flood(observer, 2)
        (due,) = waiting
        due()
        assert summaries(capture.entries) == [("key_missing", 5)]
        now = 101.0
        flood(observer, 1)
        assert len(waiting) == 2
        waiting[1]()

    asyncio.run(flooded())

    assert summaries(capture.entries) == [("key_missing", 5), ("key_missing", 1)]


@pytest.mark.usefixtures("registered")
def test_the_timer_does_not_wait_for_what_a_flush_of_ones_own_waits_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Waiting(StructlogObserver):
        def flush(self) -> None:
            raise AssertionError

    waiting = timers(monkeypatch, 1.0)
    capture = structlog.testing.LogCapture()
    observer = of(capture, kind=Waiting)

    async def flooded() -> None:
        flood(observer)
        waiting[0]()

    asyncio.run(flooded())

    assert summaries(capture.entries) == [("key_missing", 3)]


@pytest.mark.usefixtures("registered")
def test_the_timer_of_a_dead_structlog_observer_does_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = timers(monkeypatch, 1.0)
    capture = structlog.testing.LogCapture()

    async def flooded() -> None:
        flood(of(capture))
        gc.collect()
        waiting[0]()

    asyncio.run(flooded())

    assert summaries(capture.entries) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_the_process_passes_the_structlog_observer(
    ending: type[BaseException],
) -> None:
    def ends(*_: object) -> Any:
        raise ending

    with pytest.raises(ending):
        flood(of(ends))
