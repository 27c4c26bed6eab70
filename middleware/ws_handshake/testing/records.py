"""The records of a test: all that observers are notified of meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from ws_handshake.outcome.observer import Notifier, Observer
from ws_handshake.outcome.record import HandshakeRecord

if TYPE_CHECKING:
    from collections.abc import Iterator


class Records(Observer, list[HandshakeRecord]):
    """An observer that keeps what it is notified of, as a list."""

    def observe(self, record: HandshakeRecord, /) -> None:
        """Keep an outcome."""
        self.append(record)

    @property
    def codes(self) -> list[tuple[str, ...]]:
        """The codes of each record; () is an acceptance."""
        return [record.rejection.codes if record.rejection else () for record in self]


@contextmanager
def recording() -> Iterator[Records]:
    """Keep every record of this block, of any middleware or protocol class.

    Their own observers are notified as ever.

    Returns:
        A context manager that yields the records, a list that grows.

    """
    records, notify = Records(), Notifier.notify

    def keep_and_notify(notifier: Notifier, record: HandshakeRecord) -> None:
        records.observe(record)
        notify(notifier, record)

    with (
        patch.object(Notifier, "notify", keep_and_notify),
        patch.object(Notifier, "wants_accepted", lambda _: True),
    ):
        yield records
