"""A structlog processor that gives events the names of Elastic Common Schema (ECS)."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.outcome.event import ACCEPTED, REJECTED
from ws_handshake.outcome.record import WARNINGS

if TYPE_CHECKING:
    from typing import Any

    from structlog.typing import EventDict

ECS_VERSION = "9.4.0"

_OURS = "websocket.handshake."
_SENTENCES = {row.code: row.what for row in (*CATALOGUE, *WARNINGS)}
_FAILED = 400

# What structlog's own processors add to any event.
_ANY_EVENT = {
    "event": "message",
    "exception": "error.stack_trace",
    "level": "log.level",
    "logger": "log.logger",
    "timestamp": "@timestamp",
}
# Of a handshake's fields those that ECS calls otherwise, or does not have.
_OUR_EVENT = {
    **_ANY_EVENT,
    "exception.type": f"{_OURS}error",
    "hint": f"{_OURS}hint",
    "http.request.header.origin": f"{_OURS}origin",
    "network.protocol.name": "network.protocol",
    "network.protocol.version": "http.version",
}


def to_ecs(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Rename the fields of any event, and categorize those of handshakes.

    It is the last but one processor, before `structlog.processors.JSONRenderer()`.
    Fields of ours that ECS does not have stay under `websocket.handshake.`; those of
    others stay as they are.

    Args:
        _logger: the logger, which is not used.
        _method: the method that was called, which is not used.
        event: any event.

    Returns:
        The event with the names of the Elastic Common Schema.

    """
    action = event.get("event")
    if not (isinstance(action, str) and action.startswith(_OURS)):
        return _renamed(event, _ANY_EVENT)
    return _renamed(event, _OUR_EVENT) | _categories(action, event) | _addresses(event)


def _renamed(event: EventDict, names: dict[str, str]) -> dict[str, Any]:
    renamed = {names.get(name, name): value for name, value in event.items()}
    return {**renamed, "ecs.version": ECS_VERSION}


def _categories(action: str, event: EventDict) -> dict[str, Any]:
    code = event.get("error.type") or event.get(f"{_OURS}warning")
    categories: dict[str, Any] = {
        "event.kind": "event",
        "event.category": ["network", "web"],
        "event.type": ["info"],
        "event.action": action,
        "event.provider": "ws_handshake",
    }
    if code in _SENTENCES:
        categories |= {"event.code": code, "event.reason": _SENTENCES[code]}
    if action in {ACCEPTED, REJECTED}:
        categories |= _outcome(event)
    return categories


def _outcome(event: EventDict) -> dict[str, Any]:
    if event.get(f"{_OURS}report_only"):
        return {"event.type": ["connection", "info"], "event.outcome": "unknown"}
    if event["event"] == REJECTED:
        return {"event.type": ["connection", "denied"], "event.outcome": "failure"}
    sent = event["http.response.status_code"] < _FAILED
    outcome = "success" if sent else "failure"
    return {"event.type": ["allowed", "connection"], "event.outcome": outcome}


def _addresses(event: EventDict) -> dict[str, Any]:
    addresses = {}
    if (address := event.get("client.address")) is not None:
        addresses["source.address"] = address
        try:
            # ECS's type `ip` has no zone
            addresses["client.ip"] = str(ip_address(address.partition("%")[0]))
            addresses["source.ip"] = addresses["client.ip"]
        except ValueError:
            pass  # a UNIX socket, or a name that the server gave
    if (host := event.get("server.address")) is not None:
        addresses["url.domain"] = host
    return addresses
