"""What the page's buttons are made from: reasons, behaviours, a request for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_app.inspector.trials.behaviours import ACCEPTED, BEHAVIOURS
from demo_app.inspector.trials.reasons import REQUESTS, Never
from demo_app.inspector.trials.request import VALID, Request
from demo_app.settings import address_of, host_of
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES

if TYPE_CHECKING:
    from demo_app.inspector.trials.behaviours import Behaviour
    from ws_handshake.core.reasons import Reason

    Row = dict[str, object]

_FOR_REASONS = {c: r for c, r in REQUESTS.items() if isinstance(r, Request)}
_FOR_BEHAVIOURS = {b.id: b.sends for b in BEHAVIOURS if isinstance(b.sends, Request)}

# An accepted WebSocket stays open, so curl has to end it.
_FOR_A_SECOND = "--max-time 1"

#: Everything that can be sent at the press of a button, by the name of its trial.
TRIALS: dict[str, Request] = {
    "valid": VALID,
    **_FOR_REASONS,
    **_FOR_BEHAVIOURS,
}


def catalogue(port: int) -> Row:
    """Return all rows, with lines for a terminal that send to this port."""
    return {
        "address": address_of(port),
        "valid": _sent(VALID, port, _FOR_A_SECOND),
        "reasons": [_reason(reason, port) for reason in CATALOGUE],
        "causes": [
            {"code": cause.code, "detail": cause.detail, "fix": cause.fix}
            for cause in CAUSES.values()
        ],
        "behaviours": [_behaviour(behaviour, port) for behaviour in BEHAVIOURS],
    }


def _reason(reason: Reason, port: int) -> Row:
    return {
        "code": reason.code,
        "status": reason.status,
        "what": reason.what,
        "fix": reason.fix,
        "rfc": reason.rfc,
        "header": reason.header,
        **_sent(REQUESTS[reason.code], port),
    }


def _behaviour(behaviour: Behaviour, port: int) -> Row:
    cause = CAUSES.get(behaviour.id)
    is_named = cause is not None and bool(behaviour.codes)
    options = _FOR_A_SECOND if behaviour.status == ACCEPTED else ""
    return {
        "id": behaviour.id,
        "title": behaviour.title,
        "detail": behaviour.detail,
        "fix": cause.fix if cause else None,
        "cause": behaviour.id if is_named else None,
        "status": behaviour.status if isinstance(behaviour.sends, Request) else None,
        "codes": list(behaviour.codes),
        **_sent(behaviour.sends, port, options),
    }


def _sent(request: Request | Never, port: int, options: str = "") -> Row:
    if isinstance(request, Never):
        return {"head": None, "line": None, "never": request.why}
    line = request.line(address_of(port), options)
    return {"head": request.text(host_of(port)), "line": line, "never": None}
