"""A handshake's record as one row of the page's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.structlog import event_of

if TYPE_CHECKING:
    from ws_handshake.outcome.record import HandshakeRecord, Refusal

    Row = dict[str, object]


def row_of(record: HandshakeRecord, number: int, now: float, *, own: bool) -> Row:
    """Return the row: what the table shows, and in `fields` all that the log gets."""
    told = record.circumstances
    level, name, fields = event_of(record)
    return {
        "id": number,
        "time": round(now, 3),
        "outcome": record.outcome,
        "own": own,
        "client": told.client_address,
        "path": told.path,
        "status": record.status,
        "user_agent": told.user_agent,
        **_explained(record.refusal),
        "fields": {"event": name, "level": level, **fields},
    }


def _explained(refusal: Refusal | None) -> Row:
    if refusal is None:
        return {"codes": [], "cause": None, "fix": None}
    codes = list(refusal.codes)
    if not refusal.causes:
        return {"codes": codes, "cause": None, "fix": refusal.first.fix}
    likeliest = refusal.causes[0]
    return {"codes": codes, "cause": likeliest.code, "fix": likeliest.fix}
