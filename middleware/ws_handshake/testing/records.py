"""The records of a test: all that observers are reported meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from ws_handshake.outcome.observer import Notifier
from ws_handshake.outcome.record import HandshakeRecord

if TYPE_CHECKING:
    from collections.abc import Iterator


class Records(list[HandshakeRecord]):
    """An observer that keeps what it is reported."""

    def observe(self, record: HandshakeRecord) -> None:
        """Keep an outcome."""
        self.append(record)

    @property
    def codes(self) -> list[tuple[str, ...]]:
        """The codes of each record; () is an acceptance."""
        return [record.rejection.codes if record.rejection else () for record in self]


@contextmanager
def recording() -> Iterator[Records]:
    """Keep all that any middleware or protocol class tells, acceptances too, in this block.

    Their own observers are reported as ever.
    """
    records, report = Records(), Notifier.notify

    def reported(notifier: Notifier, record: HandshakeRecord) -> None:
        records.observe(record)
        report(notifier, record)

    with (
        patch.object(Notifier, "notify", reported),
        patch.object(Notifier, "wants_accepted", lambda _: True),
    ):
        yield records
