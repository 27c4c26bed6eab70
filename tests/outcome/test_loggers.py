from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tests.support.misbehaving import FAULTS, Misbehaving
from ws_handshake.outcome.harmless import ENDINGS
from ws_handshake.outcome.loggers import takes_debug, write, write_anyhow

if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS = {"error.type": "key_missing", "websocket.handshake.violations": ["a", "b"]}
LINE = (
    'it.happened {"error.type": "key_missing", "websocket.handshake.violations": '
    '["a", "b"]}'
)


def raising(fault: BaseException) -> Callable[..., NoReturn]:
    def method(*_: object, **__: object) -> NoReturn:
        raise fault

    return method


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, int, str]]:
    return caplog.record_tuples


def test_an_event_has_its_level_its_name_and_its_fields() -> None:
    received: list[object] = []

    class Logger:
        def warning(self, event: str, **fields: object) -> None:
            received.extend([event, fields])

    write(Logger(), "warning", "it.happened", FIELDS)

    assert received == ["it.happened", FIELDS]


@pytest.mark.parametrize("adapted", [False, True], ids=["logger", "adapter"])
def test_a_logger_of_the_standard_library_gets_a_line(
    caplog: pytest.LogCaptureFixture, *, adapted: bool
) -> None:
    logger: Any = logging.getLogger("chat")
    logger = logging.LoggerAdapter(logger, {}) if adapted else logger

    write(logger, "error", "it.happened", FIELDS)

    assert logged(caplog) == [("chat", logging.ERROR, LINE)]


def test_a_logger_that_takes_a_line_and_no_fields_gets_a_line() -> None:
    class Logger:
        def __init__(self) -> None:
            self.received: list[str] = []

        def info(self, line: str) -> None:
            self.received.append(line)

    logger = Logger()
    write(logger, "info", "it.happened", FIELDS)

    assert logger.received == [LINE]


@pytest.mark.parametrize("logger", [None, object(), Misbehaving({"warning": 1})])
def test_what_is_no_logger_at_all_leaves_a_line_in_the_standard_library(
    caplog: pytest.LogCaptureFixture, logger: object
) -> None:
    write(logger, "warning", "it.happened", FIELDS)

    assert logged(caplog) == [("ws_handshake", logging.WARNING, LINE)]


def test_what_a_logger_raises_is_raised(caplog: pytest.LogCaptureFixture) -> None:
    logger = Misbehaving({"warning": raising(OSError("the disk is full"))})

    with pytest.raises(OSError, match="the disk is full"):
        write(logger, "warning", "it.happened", FIELDS)
    assert logged(caplog) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_an_event_that_must_not_fail_leaves_a_line_whatever_the_logger_raises(
    caplog: pytest.LogCaptureFixture, fault: BaseException
) -> None:
    write_anyhow(
        Misbehaving({"warning": raising(fault)}), "warning", "it.happened", FIELDS
    )

    assert logged(caplog) == [("ws_handshake", logging.WARNING, LINE)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_it_does_not_fail_either_where_the_standard_library_raises(
    caplog: pytest.LogCaptureFixture, fault: BaseException
) -> None:
    filtered = raising(fault)
    logger = logging.getLogger("ws_handshake")
    logger.addFilter(filtered)
    try:
        write_anyhow(None, "warning", "it.happened", FIELDS)
    finally:
        logger.removeFilter(filtered)

    assert logged(caplog) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_the_process_passes_a_logger(ending: type[BaseException]) -> None:
    logger = Misbehaving({"warning": raising(ending()), "bind": raising(ending())})

    with pytest.raises(ending):
        write_anyhow(logger, "warning", "it.happened", FIELDS)
    with pytest.raises(ending):
        takes_debug(logger)


class Later:
    """A logger whose methods are coroutine functions."""

    def __init__(self, fault: BaseException | None = None) -> None:
        self.received: list[object] = []
        self._fault = fault

    async def warning(self, event: str, **fields: object) -> None:
        await asyncio.sleep(0)
        if self._fault is not None:
            raise self._fault
        self.received.extend([event, fields])


async def finish(logger: Later) -> None:
    write(logger, "warning", "it.happened", FIELDS)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.wait(others)


def test_an_async_logger_finishes_in_the_event_loop() -> None:
    logger = Later()

    asyncio.run(finish(logger))

    assert logger.received == ["it.happened", FIELDS]


@pytest.mark.parametrize("fault", [OSError(), asyncio.CancelledError()])
def test_what_an_async_logger_raises_leaves_no_traceback(
    caplog: pytest.LogCaptureFixture, fault: BaseException
) -> None:
    asyncio.run(finish(Later(fault)))

    assert logged(caplog) == []


def test_without_an_event_loop_an_async_logger_is_closed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = Later()

    with pytest.raises(RuntimeError, match="no running event loop"):
        write(logger, "warning", "it.happened", FIELDS)
    write_anyhow(logger, "warning", "it.happened", FIELDS)

    assert logger.received == []
    assert logged(caplog) == [("ws_handshake", logging.WARNING, LINE)]


class At:
    """A logger with a level."""

    def __init__(self, level: int) -> None:
        self._level = level

    def is_enabled_for(self, level: int) -> bool:
        return level >= self._level


class Bound:
    """A logger that is made when it is first used, as structlog's are."""

    def __init__(self, logger: object) -> None:
        self._logger = logger

    def bind(self) -> object:
        return self._logger


def test_a_logger_is_asked_for_its_level() -> None:
    assert takes_debug(At(logging.DEBUG))
    assert not takes_debug(At(logging.INFO))
    assert takes_debug(Bound(At(logging.DEBUG)))
    assert not takes_debug(Bound(At(logging.INFO)))


def test_a_logger_of_the_standard_library_is_asked_for_its_level(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger("chat")

    with caplog.at_level(logging.INFO, "chat"):
        assert not takes_debug(logger)
    with caplog.at_level(logging.DEBUG, "chat"):
        assert takes_debug(logger)


@pytest.mark.parametrize(
    "logger",
    [
        *(None, object(), At, Misbehaving({}), Bound(None)),
        Misbehaving({"is_enabled_for": lambda _: False}),
    ],
)
def test_a_logger_that_does_not_say_gets_debug_events(logger: object) -> None:
    assert takes_debug(logger)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_logger_that_fails_to_say_gets_debug_events(fault: BaseException) -> None:
    class Unable:
        is_enabled_for = raising(fault)

    class Unknown:
        @property
        def is_enabled_for(self) -> NoReturn:
            raise fault

    assert takes_debug(Unable())
    assert takes_debug(Unknown())
    assert takes_debug(Misbehaving({"bind": raising(fault)}))


def test_a_logger_that_would_say_later_gets_debug_events() -> None:
    class Asynchronous:
        async def is_enabled_for(self, _level: int) -> bool:
            raise AssertionError

    assert takes_debug(Asynchronous())
