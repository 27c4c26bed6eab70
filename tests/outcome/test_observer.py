from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import RecordingObserver
from ws_handshake.outcome.observer import Notifier
from ws_handshake.outcome.record import HandshakeRecord, nothing_known

if TYPE_CHECKING:
    from ws_handshake.outcome.record import Observer

RECORD = HandshakeRecord(
    outcome="accepted",
    layer="asgi",
    status=101,
    enforced=True,
    rejection=None,
    describe=nothing_known,
)


class Broken:
    """An observer that raises whatever happens."""

    def observe(self, _record: HandshakeRecord) -> None:
        raise ConnectionError("the collector is down")

    def flush(self) -> None:
        raise ConnectionError("the collector is still down")


class Plain:
    """An observer with the one method, and no other."""

    def observe(self, _record: HandshakeRecord) -> None:
        pass


def test_every_observer_is_reported() -> None:
    first, second = RecordingObserver(), RecordingObserver()

    Notifier([first, second]).notify(RECORD)

    assert (first.records, second.records) == ([RECORD], [RECORD])


def test_an_observer_that_raises_keeps_none_of_the_others_from_hearing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    recorder = RecordingObserver()
    notifier = Notifier([Broken(), recorder])

    with caplog.at_level(logging.ERROR):
        notifier.notify(RECORD)
        notifier.notify(RECORD)
        notifier.flush()

    assert recorder.records == [RECORD, RECORD]
    assert recorder.flushed == 1
    assert notifier.errors == 3
    (said,) = [record.getMessage() for record in caplog.records]
    assert said == (
        "The observer Broken failed; handshakes are judged all the same. "
        "Later failures are counted, not reported."
    )


def test_an_observer_need_not_flush() -> None:
    observers: list[Observer] = [Plain()]
    notifier = Notifier(observers)

    notifier.notify(RECORD)
    notifier.flush()

    assert notifier.errors == 0


@pytest.mark.parametrize("wrong", [print, RecordingObserver, "log", None])
def test_what_cannot_observe_is_reported_at_start_up(wrong: Any) -> None:
    with pytest.raises(ValueError, match="observers has ") as reported:
        Notifier([wrong])
    assert str(reported.value) == (
        f"observers has {wrong!r}; give instances with a method observe(record), "
        "such as ws_handshake.structlog.StructlogObserver()."
    )


class Deaf(Plain):
    """An observer that says what it does not want to hear."""

    def wants_accepted(self) -> bool:
        return False


def test_acceptances_are_heard_where_one_observer_hears_them() -> None:
    assert Notifier([Plain()]).wants_accepted()
    assert Notifier([Deaf(), Plain()]).wants_accepted()
    assert not Notifier([Deaf()]).wants_accepted()
    assert not Notifier([]).wants_accepted()


class Noticing(Plain):
    """An observer that is notified of failures, and may fail at that too."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.noticed: list[Observer] = []
        self._breaks = breaks

    def observer_failed(self, failed: Observer) -> None:
        self.noticed.append(failed)
        if self._breaks:
            raise ConnectionError("the counter is gone")


def test_a_failure_is_configured_to_every_observer_that_notices_failures() -> None:
    broken = Broken()
    first, second = Noticing(breaks=True), Noticing()
    notifier = Notifier([first, broken, Plain(), second])

    notifier.notify(RECORD)
    notifier.flush()

    assert first.noticed == second.noticed == [broken, broken]
    assert notifier.errors == 2
