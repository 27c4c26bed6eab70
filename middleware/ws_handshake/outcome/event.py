"""A record as an event of a log: level, name and fields, in OpenTelemetry's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ws_handshake.outcome.record import HandshakeRecord
    from ws_handshake.outcome.rejection import Rejection

SCHEMA = 2

REJECTED = "websocket.handshake.rejected"
ACCEPTED = "websocket.handshake.accepted"
SUPPRESSED = "websocket.handshake.suppressed_summary"

# A broken handshake is a warning, whoever broke it; only what our side did is an error.
_LEVELS = {
    "not_a_handshake": "info",
    "denied_by_app": "info",
    "app_did_not_respond": "error",
    "internal_error": "error",
    "server_did_not_upgrade": "error",
    "subprotocol_not_offered": "error",
}


class Event(NamedTuple):
    """A record as the log gets it: its level, its name, its fields."""

    level: str
    name: str
    fields: dict[str, object]


def event_of(record: HandshakeRecord, suppressed: int = 0) -> Event:
    """Make the event of a record, for a log of your own.

    Args:
        record: the outcome.
        suppressed: how many events of its reason were held back before it.

    Returns:
        Its level, its name and its fields.

    """
    code = limited_by(record)
    level = "debug" if code is None else _LEVELS.get(code, "warning")
    if record.rejection is None:
        name, fields = ACCEPTED, _accepted_fields(record, suppressed)
    else:
        name, fields = REJECTED, _rejected_fields(record, record.rejection, suppressed)
    return Event(level, name, {n: v for n, v in fields.items() if v is not None})


def limited_by(record: HandshakeRecord) -> str | None:
    """Return the code that is limited in rate; None for a plain acceptance."""
    if record.rejection is not None:
        return record.rejection.reason.code
    return None if record.warning is None else record.warning.code


def _rejected_fields(
    record: HandshakeRecord, rejection: Rejection, suppressed: int
) -> dict[str, object]:
    main = rejection.main
    cause = rejection.causes[0] if rejection.causes else None
    fields: dict[str, object] = {
        "error.type": main.reason.code,
        "websocket.handshake.violations": list(rejection.codes),
        "websocket.handshake.header": main.reason.header,
        "websocket.handshake.received": main.received,
        **_shared_fields(record),
        "websocket.handshake.suppressed": suppressed,
    }
    if rejection.denial is not None:
        code, reason = rejection.denial
        fields["websocket.handshake.close_code"] = code
        fields["websocket.handshake.denial_reason"] = reason
    if cause is not None:
        fields["websocket.handshake.cause"] = cause.code
        fields["websocket.handshake.certainty"] = str(cause.certainty)
        fields["websocket.handshake.fix"] = cause.fix
    elif main.flaw is not None:
        fields["websocket.handshake.fix"] = main.fix
    if not record.enforced:
        fields["websocket.handshake.report_only"] = True
    if rejection.shows_origin():
        fields["http.request.header.origin"] = record.request.origin
    fields["websocket.handshake.hint"] = record.hint
    fields["exception.type"] = record.error
    return fields


def _accepted_fields(record: HandshakeRecord, suppressed: int) -> dict[str, object]:
    fields = _shared_fields(record)
    if record.warning is not None:
        fields["websocket.handshake.warning"] = record.warning.code
        fields["websocket.handshake.hint"] = record.warning.what
        fields["websocket.handshake.suppressed"] = suppressed
    return fields


def _shared_fields(record: HandshakeRecord) -> dict[str, object]:
    request = record.request
    return {
        "http.response.status_code": record.status,
        "http.request.method": request.method,
        "network.protocol.name": "http",
        "network.protocol.version": request.http_version,
        "url.scheme": request.scheme,
        "url.path": request.path,
        "client.address": request.client_address,
        "server.address": request.server_address,
        "user_agent.original": request.user_agent,
        "websocket.handshake.key_length": request.key_length,
        "websocket.handshake.subprotocol_count": request.subprotocol_count,
        "websocket.handshake.extension_count": request.extension_count,
        "websocket.handshake.header_count": request.header_count,
        "websocket.handshake.header_bytes": request.header_bytes,
        "websocket.handshake.layer": record.layer,
        "websocket.handshake.schema": SCHEMA,
    }
