"""What the page is made from: every reason, every cause, and a request for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_app.inspector.trials.behaviours import ACCEPTED, BEHAVIOURS
from demo_app.inspector.trials.request import VALID, Head
from demo_app.settings import address_of, host_of
from demo_app.inspector.trials.reasons import WAYS, Never
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.diagnosis.causes import CAUSES

if TYPE_CHECKING:
    from demo_app.inspector.trials.behaviours import Behaviour
    from ws_handshake.core.reasons import Reason

    Row = dict[str, object]

_SENT = {way: head for way, head in WAYS.items() if isinstance(head, Head)}
_DONE = {b.id: b.sends for b in BEHAVIOURS if isinstance(b.sends, Head)}

# What is accepted stays open; the clock ends it.
_UNTIL_ENDED = "--max-time 1"

#: Everything that can be sent at the press of a button, by the name of its trial.
TRIALS: dict[str, Head] = {"valid": VALID, **_SENT, **_DONE}


def catalogue(port: int) -> Row:
    """Return all rows, with the lines for the terminal as they are for this port."""
    return {
        "address": address_of(port),
        "valid": _sent(VALID, port, _UNTIL_ENDED),
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
        **_sent(WAYS[reason.code], port),
    }


def _behaviour(behaviour: Behaviour, port: int) -> Row:
    cause = CAUSES.get(behaviour.id)
    is_named = cause is not None and bool(behaviour.codes)
    options = _UNTIL_ENDED if behaviour.status == ACCEPTED else ""
    return {
        "id": behaviour.id,
        "title": behaviour.title,
        "detail": behaviour.detail,
        "fix": cause.fix if cause else None,
        "cause": behaviour.id if is_named else None,
        "status": behaviour.status if isinstance(behaviour.sends, Head) else None,
        "codes": list(behaviour.codes),
        **_sent(behaviour.sends, port, options),
    }


def _sent(way: Head | Never, port: int, options: str = "") -> Row:
    if isinstance(way, Never):
        return {"head": None, "line": None, "never": way.why}
    line = way.line(address_of(port), options)
    return {"head": way.text(host_of(port)), "line": line, "never": None}
