"""What can be tried: a request for each cause and each reason, by what people know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo_app.inspector.trials.behaviours import BEHAVIOURS, Behaviour
from demo_app.inspector.trials.reasons import REQUESTS, Never
from demo_app.settings import address_of
from ws_handshake.core.reasons import CATALOGUE

if TYPE_CHECKING:
    Row = dict[str, object]

_BYTES = "The bytes"
_OF_A_ROUTE = frozenset(["denied_by_app", "app_did_not_respond"])

# These WebSockets stay open, so curl has to end them.
_ACCEPTED = frozenset(["valid", "server_reads_one_line"])
_FOR_A_SECOND = "--max-time 1"


def _groups() -> dict[str, list[Behaviour]]:
    """Return all trials, the reasons beside the behaviours."""
    groups = {title: [*some] for title, some in BEHAVIOURS.items()} | {_BYTES: []}
    for reason in CATALOGUE:
        group = "A route" if reason.code in _OF_A_ROUTE else _BYTES
        sends = REQUESTS[reason.code]
        groups[group].append(Behaviour(reason.code, reason.code, reason.what, sends))
    return groups


GROUPS = _groups()

#: By name, reasons and causes alike.
TRIALS: dict[str, Behaviour] = {one.id: one for some in GROUPS.values() for one in some}


def catalogue(port: int) -> Row:
    """Return all trials in their groups, with lines for a terminal, and the others."""
    address = address_of(port)
    return {
        "groups": [
            {
                "title": title,
                "trials": [row for one in some if (row := _row(one, address))],
            }
            for title, some in GROUPS.items()
        ],
        "never": [
            {
                "id": one.id,
                "title": one.title,
                "about": one.detail,
                "why": one.sends.why,
            }
            for one in TRIALS.values()
            if isinstance(one.sends, Never)
        ],
    }


def _row(one: Behaviour, address: str) -> Row | None:
    if isinstance(one.sends, Never):
        return None
    options = _FOR_A_SECOND if one.id in _ACCEPTED else ""
    return {
        "id": one.id,
        "title": one.title,
        "about": one.detail,
        "by": one.by,
        "line": one.sends.line(address, options),
    }
