"""What an observer raises, lacks or returns is noted, and goes no further."""

from __future__ import annotations

import asyncio
import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tests.support.asgi import RecordingObserver
from tests.support.misbehaving import FAULTS, MisbehavingObserver, starting
from tests.support.records import accepted
from ws_handshake.outcome.harmless import ENDINGS
from ws_handshake.outcome.observer import Notifier, Observer

if TYPE_CHECKING:
    from collections.abc import Callable

RECORD = accepted()
every_fault = pytest.mark.parametrize(
    "fault", FAULTS, ids=lambda fault: type(fault).__name__
)


def raising(fault: BaseException) -> Callable[..., NoReturn]:
    def method(*_: object) -> NoReturn:
        raise fault

    return method


def of(**attributes: Any) -> tuple[Notifier, RecordingObserver]:
    """Return the notifier of an observer with these attributes, and of a recorder."""
    recorder = RecordingObserver()
    observer = MisbehavingObserver(attributes)
    with starting(observer):
        return Notifier([observer, recorder]), recorder


@every_fault
def test_whatever_is_raised_the_others_are_notified(fault: BaseException) -> None:
    fails = raising(fault)
    notifier, recorder = of(observe=fails, flush=fails, observer_failed=fails)

    notifier.notify(RECORD)
    notifier.flush()

    assert recorder.records == [RECORD]
    assert recorder.flushed == 1
    assert notifier.errors == 2


@every_fault
def test_an_observer_that_fails_to_say_what_it_wants_gets_acceptances(
    fault: BaseException,
) -> None:
    notifier, _ = of(wants_accepted=raising(fault))

    assert notifier.wants_accepted()
    assert notifier.errors == 1


@pytest.mark.parametrize("response", [False, True, None])
def test_what_is_no_method_is_noted_like_an_exception(*, response: bool | None) -> None:
    notifier, _ = of(wants_accepted=response, flush=response)

    assert notifier.wants_accepted()
    notifier.flush()
    assert notifier.errors == 2


def test_a_method_that_turns_out_to_be_a_coroutine_function_is_noted() -> None:
    async def later(*_: object) -> bool:
        raise AssertionError

    notifier, recorder = of(observe=later, wants_accepted=later, flush=later)

    assert notifier.wants_accepted()
    notifier.notify(RECORD)
    notifier.flush()
    assert notifier.errors == 3
    assert recorder.records == [RECORD]


@every_fault
def test_a_filter_of_the_standard_library_that_raises_stops_nothing(
    fault: BaseException,
) -> None:
    notifier, recorder = of(observe=raising(OSError()))
    fails = raising(fault)
    logger = logging.getLogger("ws_handshake")
    logger.addFilter(fails)
    try:
        notifier.notify(RECORD)
    finally:
        logger.removeFilter(fails)

    assert recorder.records == [RECORD]
    assert notifier.errors == 1


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_the_process_passes(ending: type[BaseException]) -> None:
    ends = raising(ending())
    notifier, _ = of(observe=ends, flush=ends, wants_accepted=ends)

    with pytest.raises(ending):
        notifier.notify(RECORD)
    with pytest.raises(ending):
        notifier.flush()
    with pytest.raises(ending):
        notifier.wants_accepted()


async def _observe_later(*_: object) -> None:
    """Do nothing, later."""


class Awaited(Observer):
    """An observer whose method is a coroutine function."""

    observe: Any = _observe_later

    def __repr__(self) -> str:
        return "Awaited()"


class Calling(Observer):
    """An observer whose method is what it is given."""

    observe: Any = None

    def __init__(self, observe: Any) -> None:
        self.observe = observe

    def __repr__(self) -> str:
        return "Awaited()"


class Called:
    """An object that is called, and is a coroutine function then."""

    async def __call__(self, _record: object) -> None:
        """Do nothing, later."""


@pytest.mark.parametrize(
    "observer",
    [Awaited(), Calling(partial(Awaited().observe)), Calling(Called())],
    ids=["method", "partial", "object"],
)
def test_an_observe_that_is_a_coroutine_function_is_an_error_at_start_up(
    observer: Any,
) -> None:
    with pytest.raises(ValueError, match="observers has ") as raised:
        Notifier([observer])

    assert str(raised.value) == (
        "observers has Awaited(), whose observe(record) is a coroutine function, which "
        "is not awaited; make it a plain method, which may start a task: "
        "asyncio.get_running_loop().create_task(...)."
    )


def test_an_observer_may_start_a_task() -> None:
    noted: list[object] = []

    async def note(record: object) -> None:
        noted.append(record)

    class Starting(Observer):
        def observe(self, record: object, /) -> Any:
            return asyncio.get_running_loop().create_task(note(record))

    notifier = Notifier([Starting()])

    async def notified() -> None:
        notifier.notify(RECORD)
        await asyncio.sleep(0)

    asyncio.run(notified())
    assert noted == [RECORD]
    assert notifier.errors == 0


@every_fault
def test_what_cannot_be_looked_up_at_start_up_is_no_observer(
    fault: BaseException,
) -> None:
    fails = raising(fault)

    class Unknown(Observer):
        observe: Any = property(fails)

    with pytest.raises(ValueError, match="give instances of classes that derive from"):
        Notifier([Unknown()])


def test_failures_in_several_threads_are_counted_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    notifier, _ = of(observe=raising(OSError()))
    start = threading.Barrier(4)

    def report() -> None:
        start.wait()
        for _ in range(500):
            notifier.notify(RECORD)

    threads = [threading.Thread(target=report) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert notifier.errors == 2000
    assert len(caplog.records) == 1
