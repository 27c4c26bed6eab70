from __future__ import annotations

import json
from typing import Any

import pytest
import structlog

from tests.support.asgi import ACCEPT, CLOSE, Spy, ask
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.core.reasons import CONNECTION_NOT_UPGRADE
from ws_handshake.ecs import to_ecs
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.structlog import StructlogObserver

#: The fields of ECS 9.4.0 that we write, and what its table of fields says of them.
FIELDS: dict[str, tuple[type, ...]] = {
    "@timestamp": (str,),
    "client.address": (str,),
    "client.ip": (str,),
    "ecs.version": (str,),
    "error.stack_trace": (str,),
    "error.type": (str,),
    "event.action": (str,),
    "event.category": (list,),
    "event.code": (str,),
    "event.kind": (str,),
    "event.outcome": (str,),
    "event.provider": (str,),
    "event.reason": (str,),
    "event.type": (list,),
    "http.request.method": (str,),
    "http.response.status_code": (int,),
    "http.version": (str,),
    "log.level": (str,),
    "log.logger": (str,),
    "message": (str,),
    "network.protocol": (str,),
    "server.address": (str,),
    "source.address": (str,),
    "source.ip": (str,),
    "url.domain": (str,),
    "url.path": (str,),
    "url.scheme": (str,),
    "user_agent.original": (str,),
}
#: Its allowed values: of event.type those that it expects of network or web.
ALLOWED = {
    "event.kind": {"event"},
    "event.category": {"network", "web"},
    "event.outcome": {"success", "failure", "unknown"},
    "event.type": {"access", "allowed", "connection", "denied", "end", "error", "info"}
    | {"protocol", "start"},
}

BROKEN = VALID.but(b"connection", b"close").plus(b"user-agent", b"curl/8.5")
FOREIGN = VALID.plus(b"origin", b"https://evil.example")
OFFER = VALID.plus(b"sec-websocket-protocol", b"chat")


def reported(scope: dict[str, Any], *script: dict[str, Any], **options: Any) -> Any:
    """Return the one line of JSON that is written about a scope, parsed."""
    lines: list[str] = []
    observer = StructlogObserver(_logger(lines))
    app = WebSocketHandshakeMiddleware(Spy(script), observers=[observer], **options)
    ask(app, scope)
    (line,) = lines
    return json.loads(line)


def _logger(lines: list[str]) -> Any:
    def keep(_logger: object, _method: str, line: Any) -> Any:
        lines.append(line)
        raise structlog.DropEvent

    return structlog.wrap_logger(
        None,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            to_ecs,
            structlog.processors.JSONRenderer(),
            keep,
        ],
    )


EVENTS: dict[str, Any] = {
    "rejected": reported(BROKEN.http_scope()),
    "reported": reported(BROKEN.http_scope(), report_only=True),
    "foreign": reported(
        FOREIGN.websocket_scope(), allowed_origins=["https://a.example"]
    ),
    "denied": reported(VALID.websocket_scope(), CLOSE),
    "undecided": reported(VALID.websocket_scope()),
    "accepted": reported(VALID.websocket_scope(), ACCEPT),
    "odd": reported(OFFER.websocket_scope(subprotocols=["chat"]), ACCEPT),
    "fault": reported(
        {"type": "http", "method": "GET", "headers": [(b"upgrade", None)]}
    ),
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_every_field_is_one_of_ecs_with_its_type_or_under_our_name(event: Any) -> None:
    for name, value in event.items():
        if not name.startswith("websocket.handshake."):
            assert isinstance(value, FIELDS[name]), name
    for name, allowed in ALLOWED.items():
        assert set(_listed(event[name])) <= allowed, name


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_no_field_is_a_value_and_an_object_at_once(event: Any) -> None:
    objects = {
        ".".join(parts[:depth])
        for parts in (name.split(".") for name in event)
        for depth in range(1, len(parts))
    }
    assert not objects & event.keys()


def test_a_rejection_is_a_denied_connection_with_its_reason() -> None:
    event = EVENTS["rejected"]
    seen = {name: value for name, value in event.items() if name != "@timestamp"}

    assert {n: v for n, v in seen.items() if not n.startswith("websocket.")} == {
        "client.address": "203.0.113.9",
        "client.ip": "203.0.113.9",
        "ecs.version": "9.4.0",
        "error.type": "connection_not_upgrade",
        "event.action": "websocket.handshake.rejected",
        "event.category": ["network", "web"],
        "event.code": "connection_not_upgrade",
        "event.kind": "event",
        "event.outcome": "failure",
        "event.provider": "ws_handshake",
        "event.reason": CONNECTION_NOT_UPGRADE.what,
        "event.type": ["connection", "denied"],
        "http.request.method": "GET",
        "http.response.status_code": 400,
        "http.version": "1.1",
        "log.level": "warning",
        "message": "websocket.handshake.rejected",
        "network.protocol": "http",
        "server.address": "127.0.0.1",
        "source.address": "203.0.113.9",
        "source.ip": "203.0.113.9",
        "url.domain": "127.0.0.1",
        "url.path": "/ws",
        "url.scheme": "http",
        "user_agent.original": "curl/8.5",
    }
    assert event["@timestamp"].endswith("Z")
    assert event["websocket.handshake.violations"] == ["connection_not_upgrade"]
    assert event["websocket.handshake.received"] == "close"


@pytest.mark.parametrize(
    ("name", "kind", "outcome"),
    [
        ("rejected", ["connection", "denied"], "failure"),
        ("denied", ["connection", "denied"], "failure"),
        ("undecided", ["connection", "denied"], "failure"),
        ("reported", ["connection", "info"], "unknown"),
        ("accepted", ["allowed", "connection"], "success"),
        ("odd", ["allowed", "connection"], "success"),
    ],
)
def test_the_outcome_is_what_became_of_the_connection(
    name: str, kind: list[str], outcome: str
) -> None:
    assert EVENTS[name]["event.type"] == kind
    assert EVENTS[name]["event.outcome"] == outcome


def test_what_ecs_has_no_field_for_stays_under_our_name() -> None:
    origin = EVENTS["foreign"]["websocket.handshake.origin"]
    assert origin == "https://evil.example"
    assert EVENTS["fault"]["websocket.handshake.error"].startswith("AttributeError in ")
    assert EVENTS["odd"]["event.code"] == "subprotocol_not_chosen"
    assert EVENTS["odd"]["event.reason"] == EVENTS["odd"]["websocket.handshake.hint"]
    assert "event.code" not in EVENTS["accepted"]


def test_an_acceptance_that_was_not_sent_is_a_failure() -> None:
    event = {
        "event": "websocket.handshake.accepted",
        "http.response.status_code": 500,
        "websocket.handshake.warning": "subprotocol_not_offered",
    }

    assert to_ecs(None, "error", event)["event.outcome"] == "failure"


@pytest.mark.parametrize(
    ("address", "ip"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("testclient", None),
    ],
)
def test_an_address_is_an_ip_only_if_it_is_one(address: str, ip: str | None) -> None:
    event = reported(BROKEN.http_scope(client=(address, 1)))

    assert event["client.address"] == event["source.address"] == address
    assert event.get("client.ip") == event.get("source.ip") == ip


def test_without_an_address_none_is_reported() -> None:
    event = reported(BROKEN.without(b"host").http_scope(client=None))

    assert not {"client.address", "client.ip", "source.ip", "url.domain"} & event.keys()


def test_a_summary_and_a_hint_at_start_up_have_no_outcome() -> None:
    lines: list[str] = []
    logger = _logger(lines)
    observer = StructlogObserver(logger, rate_limit=RateLimit(lambda: 0.0, burst=0))
    ask(
        WebSocketHandshakeMiddleware(Spy(), observers=[observer]),
        BROKEN.http_scope(),
    )
    observer.flush()
    logger.warning(
        "websocket.handshake.protocol_not_installed", hint="start it with --http"
    )
    summary, protocol = map(json.loads, lines)

    assert summary["event.action"] == "websocket.handshake.suppressed_summary"
    assert summary["event.code"] == "connection_not_upgrade"
    assert summary["websocket.handshake.suppressed"] == 1
    assert protocol["websocket.handshake.hint"] == "start it with --http"
    for event in (summary, protocol):
        assert event["event.type"] == ["info"]
        assert "event.outcome" not in event


def test_other_events_of_the_application_only_get_the_common_names() -> None:
    event = {
        "event": "order.paid",
        "level": "info",
        "timestamp": "2026-01-01T00:00:00Z",
        "logger": "shop",
        "exception": "Traceback",
        "amount": 7,
        "hint": "theirs",
    }

    assert to_ecs(None, "info", event) == {
        "message": "order.paid",
        "log.level": "info",
        "@timestamp": "2026-01-01T00:00:00Z",
        "log.logger": "shop",
        "error.stack_trace": "Traceback",
        "amount": 7,
        "hint": "theirs",
        "ecs.version": "9.4.0",
    }


def test_an_event_need_not_be_text() -> None:
    assert to_ecs(None, "info", {"event": 7})["message"] == 7
