"""The record of a handshake as one row of the page's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.structlog import event_of

if TYPE_CHECKING:
    from ws_handshake.outcome.record import HandshakeRecord
    from ws_handshake.outcome.rejection import Rejection

    Row = dict[str, object]


def row_of(record: HandshakeRecord, number: int, now: float, *, own: bool) -> Row:
    """Return the row: what the table shows, and in `fields` all that the log gets."""
    request = record.request
    level, name, fields = event_of(record)
    return {
        "id": number,
        "time": round(now, 3),
        "outcome": record.outcome,
        "own": own,
        "client": request.client_address,
        "path": request.path,
        "status": record.status,
        "user_agent": request.user_agent,
        **_explained(record.rejection),
        "fields": {"event": name, "level": level, **fields},
    }


def _explained(rejection: Rejection | None) -> Row:
    if rejection is None:
        return {"codes": [], "cause": None, "fix": None}
    codes = list(rejection.codes)
    if not rejection.causes:
        return {"codes": codes, "cause": None, "fix": rejection.violations[0].fix}
    cause = rejection.causes[0]  # the likeliest
    return {"codes": codes, "cause": cause.code, "fix": cause.fix}
