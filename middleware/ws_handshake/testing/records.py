"""The records of a test: all that observers are told meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from ws_handshake.outcome.observer import Announcer
from ws_handshake.outcome.record import HandshakeRecord

if TYPE_CHECKING:
    from collections.abc import Iterator


class Records(list[HandshakeRecord]):
    """An observer that keeps what it is told."""

    def observe(self, record: HandshakeRecord) -> None:
        """Keep an outcome."""
        self.append(record)

    @property
    def codes(self) -> list[tuple[str, ...]]:
        """The codes of each record; () is an acceptance."""
        return [record.refusal.codes if record.refusal else () for record in self]


@contextmanager
def recording() -> Iterator[Records]:
    """Keep all that any middleware or door tells, acceptances too, in this block.

    Their own observers are told as ever.
    """
    records, tell = Records(), Announcer.tell

    def told(announcer: Announcer, record: HandshakeRecord) -> None:
        records.observe(record)
        tell(announcer, record)

    with (
        patch.object(Announcer, "tell", told),
        patch.object(Announcer, "hears_acceptances", lambda _: True),
    ):
        yield records
