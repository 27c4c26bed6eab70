"""The records of the handshakes of one client, which is how a trial finds its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ws_handshake import Observer
from ws_handshake.outcome.terminal import line_of
from ws_handshake.structlog import event_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.outcome.record import HandshakeRecord

# How many records one trial may get, if it sends several requests at once.
_MOST = 8


class Watch(Observer):
    """Keeps the records of those clients whose addresses are being watched."""

    def __init__(self) -> None:
        """Watch no client."""
        self._by_client: dict[str, list[HandshakeRecord]] = {}

    def observe(self, record: HandshakeRecord, /) -> None:
        """Keep the record, if its client is being watched."""
        kept = self._by_client.get(record.request.client_address or "", [])
        if len(kept) < _MOST:
            kept.append(record)

    @contextmanager
    def records_of(self, client: str) -> Iterator[list[HandshakeRecord]]:
        """Yield the records of a client's address, which come until the block ends."""
        records = self._by_client[client] = []
        try:
            yield records
        finally:
            del self._by_client[client]


def event_row(record: HandshakeRecord) -> dict[str, object]:
    """Return the event of a record, with its line where structlog is not configured.

    A valid handshake has none there: it is logged at debug.
    """
    level, name, fields = event_of(record)
    line = None if record.rejection is None else line_of(level, name, fields)
    return {"line": line, "fields": {"event": name, "level": level, **fields}}
