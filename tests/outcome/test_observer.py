from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asgi import RecordingObserver
from tests.support.records import accepted
from ws_handshake.outcome.observer import Notifier, Observer

if TYPE_CHECKING:
    from ws_handshake import HandshakeRecord

RECORD = accepted()


class Broken(Observer):
    """An observer that raises whatever happens."""

    def observe(self, _record: HandshakeRecord) -> None:
        raise ConnectionError("the collector is down")

    def flush(self) -> None:
        raise ConnectionError("the collector is still down")


class Plain(Observer):
    """An observer with the one method that it must have."""

    def observe(self, _record: HandshakeRecord) -> None:
        pass


def test_every_observer_is_notified() -> None:
    first, second = RecordingObserver(), RecordingObserver()

    Notifier([first, second]).notify(RECORD)

    assert (first.records, second.records) == ([RECORD], [RECORD])


def test_an_observer_that_raises_keeps_none_of_the_others_from_being_notified(
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
    (logged,) = [record.getMessage() for record in caplog.records]
    assert logged == (
        "The observer Broken failed; handshakes are judged all the same. "
        "Later failures are counted, not reported."
    )


def test_an_observer_needs_one_method_and_inherits_the_others() -> None:
    notifier = Notifier([Plain()])

    notifier.notify(RECORD)
    notifier.flush()

    assert notifier.wants_accepted()
    assert notifier.errors == 0


class Duck:
    """Looks like an observer, and does not derive from it."""

    def observe(self, _record: HandshakeRecord) -> None:
        raise AssertionError


class Misspelled(Observer):
    """An observer whose one method has another name."""

    def observes(self, _record: HandshakeRecord) -> None:
        raise AssertionError


class Unable(Observer):
    """An observer whose method is none."""

    observe: Any = None


@pytest.mark.parametrize(
    "wrong",
    [print, RecordingObserver, "log", None, Observer(), Duck(), Misspelled(), Unable()],
    ids=[
        *("function", "class", "text", "none"),
        *("base class", "no subclass", "misspelled", "no method"),
    ],
)
def test_what_cannot_observe_is_an_error_at_start_up(wrong: Any) -> None:
    with pytest.raises(ValueError, match="observers has ") as raised:
        Notifier([wrong])
    assert str(raised.value) == (
        f"observers has {wrong!r}; give instances of classes that derive from "
        "ws_handshake.Observer and have a method observe(record), such as "
        "ws_handshake.structlog.StructlogObserver()."
    )


class OnlyRejections(Plain):
    """An observer that does not want to be notified of acceptances."""

    def wants_accepted(self) -> bool:
        return False


def test_acceptances_are_wanted_where_one_observer_wants_them() -> None:
    assert Notifier([Plain()]).wants_accepted()
    assert Notifier([OnlyRejections(), Plain()]).wants_accepted()
    assert not Notifier([OnlyRejections()]).wants_accepted()
    assert not Notifier([]).wants_accepted()


class Noting(Plain):
    """An observer that notes the failures of others, and may fail at that too."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.failed: list[Observer] = []
        self._breaks = breaks

    def observer_failed(self, observer: Observer, /) -> None:
        self.failed.append(observer)
        if self._breaks:
            raise ConnectionError("the counter is gone")


def test_every_observer_is_notified_of_a_failure() -> None:
    broken = Broken()
    first, second = Noting(breaks=True), Noting()
    notifier = Notifier([first, broken, Plain(), second])

    notifier.notify(RECORD)
    notifier.flush()

    assert first.failed == second.failed == [broken, broken]
    assert notifier.errors == 2
