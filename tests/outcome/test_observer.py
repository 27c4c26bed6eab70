from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import Ear
from ws_handshake.outcome.observer import Announcer
from ws_handshake.outcome.record import HandshakeRecord, nothing_known

if TYPE_CHECKING:
    from ws_handshake.outcome.record import Observer

RECORD = HandshakeRecord(
    outcome="accepted",
    layer="asgi",
    status=101,
    enforced=True,
    refusal=None,
    tell=nothing_known,
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


def test_every_observer_is_told() -> None:
    first, second = Ear(), Ear()

    Announcer([first, second]).tell(RECORD)

    assert (first.records, second.records) == ([RECORD], [RECORD])


def test_an_observer_that_raises_keeps_none_of_the_others_from_hearing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ear = Ear()
    announcer = Announcer([Broken(), ear])

    with caplog.at_level(logging.ERROR):
        announcer.tell(RECORD)
        announcer.tell(RECORD)
        announcer.flush()

    assert ear.records == [RECORD, RECORD]
    assert ear.flushed == 1
    assert announcer.errors == 3
    (said,) = [record.getMessage() for record in caplog.records]
    assert said == (
        "The observer Broken failed; handshakes are judged all the same. "
        "Later failures are counted, not told."
    )


def test_an_observer_need_not_flush() -> None:
    observers: list[Observer] = [Plain()]
    announcer = Announcer(observers)

    announcer.tell(RECORD)
    announcer.flush()

    assert announcer.errors == 0


@pytest.mark.parametrize("wrong", [print, Ear, "log", None])
def test_what_cannot_observe_is_told_at_start_up(wrong: Any) -> None:
    with pytest.raises(ValueError, match="observers has ") as told:
        Announcer([wrong])
    assert str(told.value) == (
        f"observers has {wrong!r}; give instances with a method observe(record), "
        "such as ws_handshake.structlog.Journal()."
    )


class Deaf(Plain):
    """An observer that says what it does not want to hear."""

    def hears_acceptances(self) -> bool:
        return False


def test_acceptances_are_heard_where_one_observer_hears_them() -> None:
    assert Announcer([Plain()]).hears_acceptances()
    assert Announcer([Deaf(), Plain()]).hears_acceptances()
    assert not Announcer([Deaf()]).hears_acceptances()
    assert not Announcer([]).hears_acceptances()


class Noticing(Plain):
    """An observer that is told of failures, and may fail at that too."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.noticed: list[Observer] = []
        self._breaks = breaks

    def notice_failure(self, failed: Observer) -> None:
        self.noticed.append(failed)
        if self._breaks:
            raise ConnectionError("the counter is gone")


def test_a_failure_is_told_to_every_observer_that_notices_failures() -> None:
    broken = Broken()
    first, second = Noticing(breaks=True), Noticing()
    announcer = Announcer([first, broken, Plain(), second])

    announcer.tell(RECORD)
    announcer.flush()

    assert first.noticed == second.noticed == [broken, broken]
    assert announcer.errors == 2
