"""The page about privacy holds, place by place."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from prometheus_client import CollectorRegistry, generate_latest

from tests.support.asgi import ACCEPT, CLOSE, Spy, ask
from tests.support.docs_examples import DOCS, table
from tests.support.handshakes import VALID
from tests.support.signals import Signals, every_outcome
from ws_handshake import WebSocketHandshakeMiddleware, judge
from ws_handshake.ecs import to_ecs
from ws_handshake.prometheus import PrometheusObserver
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Receive, Scope, Send
    from ws_handshake.outcome.observer import Observer

PRIVACY, LOGS = DOCS / "privacy.md", DOCS / "logs.md"


#: What only the log has, and nothing in it is personal.
HARMLESS = {
    *("event", "level", "url.scheme", "server.address", "exception.type"),
    *("http.request.method", "network.protocol.name", "network.protocol.version"),
    *(
        f"websocket.handshake.{name}"
        for name in (
            *("header", "received", "layer", "schema", "suppressed", "report_only"),
            *("key_length", "subprotocol_count", "extension_count"),
            *("header_count", "header_bytes", "certainty", "fix", "close_code"),
        )
    ),
}


def test_the_table_of_what_is_reported_is_what_is_reported() -> None:
    rows = {
        name: row[1:4]
        for row in table(PRIVACY, "What is reported")
        for name in re.findall(r"`(.+?)`", row[0])
    }
    signals = every_outcome()
    log = {row[0].strip("`") for row in table(LOGS, "Fields")}
    span = {name for each in signals.spans() for name in each["attributes"]}
    points = [point for each in signals.metrics().values() for point, _ in each]
    metric = {name for point in points for name in point}
    assert log | span | metric == {*rows, *HARMLESS}
    assert not (span | metric | rows.keys()) & HARMLESS
    assert rows == {
        name: ["yes" if name in names else "no" for names in (log, span, metric)]
        for name in rows
    }
    events = {name for event in signals.events() for name in event["attributes"]}
    assert events <= log


CANARY = b"cAnArY-7f3d9b-sEcReT"
PORT = 90817263544536271  # no digits of a time or a trace look like it
CLIENT = ("203.0.113.9", PORT)
ABSOLUTE = b"http://user:" + CANARY + b"@" + CANARY + b"/ws"
PLACES: dict[str, Any] = {
    "query string": VALID.asked(target=b"/ws?token=" + CANARY),
    "fragment": VALID.asked(target=b"/ws#" + CANARY),
    "user and host of an absolute-form target": VALID.asked(target=ABSOLUTE),
    "the message of what the application raises": VALID.plus(b"x-room", CANARY),
    "user and password of any other form of a target": VALID.asked(
        target=b"user:" + CANARY + b"@h:9443/ws"
    ),
    "query whose mark is encoded, once or twice": VALID.asked(
        target=b"/ws%253Ftoken=" + CANARY
    ),
    "rest of a body in front of a request line": VALID.asked(
        method=f"user=anna&password={CANARY.decode()}GET"
    ),
    "cookie that was folded into Connection": VALID.but(
        b"connection", b"Upgrade Cookie: session=" + CANARY
    ),
    "cookie that was folded into User-Agent": VALID.plus(
        b"user-agent", b"curl/8.5 Cookie: session=" + CANARY
    ),
    "body": VALID.plus(b"content-length", b"20").asked(body=CANARY),
}


@pytest.mark.parametrize(
    "place",
    [p for _, row in table(PRIVACY, "What is never reported") for p in row.split("; ")],
)
def test_a_secret_in_this_place_comes_out_nowhere(place: str) -> None:
    header = re.match(r"[A-Z][\w-]+", place)
    bent = PLACES.get(place, VALID)
    if header:
        bent = bent.but(header[0].lower().encode(), CANARY)
    reported = everything_reported(bent.plus(b"user-agent", b"curl/8.5"))
    assert CANARY.decode().lower() not in reported.lower()
    assert str(PORT) not in reported
    assert "curl/8.5" in reported
    reaches_the_application = judge(bent.head(upgraded=True)).accepted
    assert ("LookupError in test_privacy.py" in reported) is reaches_the_application


async def quote(scope: Scope, _receive: Receive, _send: Send) -> None:
    """Raise what has all that the client sent in its message."""
    raise LookupError(scope)


def everything_reported(bent: Any) -> str:
    """Return all that is reported of a handshake, whatever becomes of it."""
    capture, signals = structlog.testing.LogCapture(), Signals()
    registry = CollectorRegistry()
    log = StructlogObserver(structlog.wrap_logger(None, processors=[to_ecs, capture]))
    metrics = PrometheusObserver(registry=registry)
    observers: list[Observer] = [log, signals.observer(), metrics]
    sent: list[Any] = []
    for scope, script in (
        (bent.http_scope(client=CLIENT), ()),
        (bent.without(b"upgrade").http_scope(client=CLIENT), ()),
        (bent.websocket_scope(client=CLIENT), (CLOSE,)),
        (bent.websocket_scope(client=CLIENT), (ACCEPT,)),
    ):
        app = WebSocketHandshakeMiddleware(Spy(script), observers=observers)
        with signals.tracers.get_tracer("test").start_as_current_span("handshake"):
            sent.append(ask(app, scope))
    quoting = WebSocketHandshakeMiddleware(quote, observers=observers)
    with suppress(LookupError):
        ask(quoting, bent.websocket_scope(client=CLIENT))
    outputs = [capture.entries, signals.spans(), signals.events(), signals.metrics()]
    return repr([sent, outputs, generate_latest(registry)])


def test_the_response_has_no_address_path_agent_host_or_origin() -> None:
    bent = VALID.asked(target=b"/users/anna").but(b"host", b"chat.example.com")
    bent = bent.plus(b"user-agent", b"curl/8.5").plus(b"origin", b"https://a.example")
    sent = ask(
        WebSocketHandshakeMiddleware(Spy(), allowed_origins=["same-origin"]),
        bent.but(b"sec-websocket-key", b"AAAA").websocket_scope(),
    )
    text = repr(sent)
    assert "key_malformed" in text
    assert "origin_not_allowed" in text
    for part in ("anna", "curl", "chat.example.com", "a.example", "203.0.113.9"):
        assert part not in text
