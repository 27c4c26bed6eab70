"""A record as an event of the log."""

from __future__ import annotations

from typing import Any

import pytest
import structlog
from starlette.routing import Router

from tests.support.asgi import ACCEPT, CLOSE, Spy, ask
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.core.field_flaws import KEY_IN_QUOTES
from ws_handshake.diagnosis.causes import HAND_MADE_HANDSHAKE
from ws_handshake.outcome.record import (
    SUBPROTOCOL_NOT_CHOSEN,
    SUBPROTOCOL_NOT_OFFERED,
    HandshakeWarning,
)
from ws_handshake.structlog import StructlogObserver

FOREIGN = VALID.plus(b"origin", b"https://evil.example")
BROKEN = VALID.without(b"upgrade").plus(b"user-agent", b"curl/8.5")


def reported(scope: dict[str, Any], *script: dict[str, Any], **options: Any) -> Any:
    """Return the one event that the structlog observer writes about a scope."""
    capture = structlog.testing.LogCapture()
    logger = structlog.wrap_logger(None, processors=[capture])
    options["observers"] = [StructlogObserver(logger)]
    ask(WebSocketHandshakeMiddleware(Spy(script), **options), scope)
    (event,) = capture.entries
    return event


def test_a_rejection_is_one_event_in_opentelemetrys_names() -> None:
    assert reported(BROKEN.asked(target=b"/ws?token=secret").http_scope()) == {
        "event": "websocket.handshake.rejected",
        "log_level": "warning",
        "error.type": "upgrade_missing",
        "websocket.handshake.violations": ["upgrade_missing"],
        "websocket.handshake.header": "Upgrade",
        "http.response.status_code": 400,
        "http.request.method": "GET",
        "network.protocol.name": "http",
        "network.protocol.version": "1.1",
        "url.scheme": "http",
        "url.path": "/ws",
        "client.address": "203.0.113.9",
        "server.address": "127.0.0.1",
        "user_agent.original": "curl/8.5",
        "websocket.handshake.key_length": 24,
        "websocket.handshake.subprotocol_count": 0,
        "websocket.handshake.extension_count": 0,
        "websocket.handshake.header_count": 5,
        "websocket.handshake.header_bytes": 112,
        "websocket.handshake.layer": "asgi",
        "websocket.handshake.schema": 2,
        "websocket.handshake.suppressed": 0,
        "websocket.handshake.cause": "hand_made_handshake",
        "websocket.handshake.certainty": "likely",
        "websocket.handshake.fix": HAND_MADE_HANDSHAKE.fix,
    }


def test_without_a_cause_none_is_reported() -> None:
    event = reported(VALID.without(b"sec-websocket-version").http_scope())

    assert not {"websocket.handshake.cause", "websocket.handshake.fix"} & event.keys()


def test_a_mistake_that_is_recognised_has_its_own_fix_in_the_log() -> None:
    event = reported(VALID.but(b"sec-websocket-key", b"secret").http_scope())
    quoted = VALID.but(b"sec-websocket-key", b"'dGhlIHNhbXBsZSBub25jZQ=='")

    assert "websocket.handshake.fix" not in event
    assert reported(quoted.http_scope())["websocket.handshake.fix"] == KEY_IN_QUOTES.fix


def test_what_the_application_said_is_in_the_log() -> None:
    close = {**CLOSE, "code": 4403, "reason": "loopback only"}
    event = reported(VALID.websocket_scope(), close)
    start = {"type": "websocket.http.response.start", "status": 401}
    body = {"type": "websocket.http.response.body", "body": b"Token expired"}
    response = reported(VALID.websocket_scope(), start, body)

    assert event["websocket.handshake.close_code"] == 4403
    assert event["websocket.handshake.denial_reason"] == "loopback only"
    assert "websocket.handshake.close_code" not in response
    assert response["http.response.status_code"] == 401
    assert response["websocket.handshake.denial_reason"] == "Token expired"


def test_what_the_app_did_with_a_path_is_a_hint() -> None:
    event = reported(VALID.websocket_scope(router=Router()), CLOSE)

    assert event["websocket.handshake.cause"] == "no_route"
    assert event["websocket.handshake.hint"] == (
        "No WebSocket route matches '/ws'; the application has none."
    )


@pytest.mark.parametrize(
    ("chosen", "warning", "level"),
    [
        (None, SUBPROTOCOL_NOT_CHOSEN, "warning"),
        ("soap", SUBPROTOCOL_NOT_OFFERED, "error"),
    ],
)
def test_an_acceptance_with_a_warning_has_its_level(
    chosen: str | None, warning: HandshakeWarning, level: str
) -> None:
    offer = VALID.plus(b"sec-websocket-protocol", b"chat")
    event = reported(
        offer.websocket_scope(subprotocols=["chat"]), {**ACCEPT, "subprotocol": chosen}
    )

    assert event["event"] == "websocket.handshake.accepted"
    assert event["log_level"] == level
    assert event["websocket.handshake.warning"] == warning.code
    assert event["websocket.handshake.hint"] == warning.what


def test_what_was_received_is_reported_where_it_may_be_shown() -> None:
    event = reported(VALID.but(b"sec-websocket-version", b"8").http_scope())

    assert event["websocket.handshake.header"] == "Sec-WebSocket-Version"
    assert event["websocket.handshake.received"] == "8"


def test_the_origin_is_reported_only_where_it_is_the_reason() -> None:
    assert "http.request.header.origin" not in reported(
        FOREIGN.without(b"host").http_scope()
    )
    event = reported(
        FOREIGN.websocket_scope(), allowed_origins=["https://good.example"]
    )

    assert event["error.type"] == "origin_not_allowed"
    assert event["http.request.header.origin"] == "https://evil.example"


def test_report_only_is_reported() -> None:
    event = reported(BROKEN.http_scope(), report_only=True)

    assert event["websocket.handshake.report_only"] is True


@pytest.mark.parametrize(
    ("scope", "script", "level", "code"),
    [
        (BROKEN.http_scope(), (), "warning", "upgrade_missing"),
        (VALID.websocket_scope(), (CLOSE,), "info", "denied_by_app"),
        (VALID.websocket_scope(), (), "error", "app_did_not_respond"),
        (VALID.http_scope(), (), "error", "server_did_not_upgrade"),
        (
            {"type": "http", "headers": [(b"upgrade", None)]},
            (),
            "error",
            "internal_err",
        ),
    ],
)
def test_the_level_says_who_is_responsible(
    scope: dict[str, Any], script: tuple[dict[str, Any], ...], level: str, code: str
) -> None:
    scope = {"method": "GET", **scope} if code == "internal_err" else scope
    event = reported(scope, *script)

    assert event["log_level"] == level
    assert event["error.type"].startswith(code)


def test_a_plain_request_on_a_declared_path_is_only_information() -> None:
    plain = VALID.asked(headers=((b"host", b"a"),)).http_scope()

    assert reported(plain, websocket_paths=["/ws"])["log_level"] == "info"


def test_a_fault_of_our_own_is_located_and_not_quoted() -> None:
    event = reported({"type": "http", "method": "GET", "headers": [(b"upgrade", None)]})

    assert event["exception.type"].startswith("AttributeError in request.py:")
    assert event["http.response.status_code"] == 500


def test_a_valid_handshake_is_reported_at_debug() -> None:
    event = reported(VALID.websocket_scope(), ACCEPT)

    assert event["event"] == "websocket.handshake.accepted"
    assert event["log_level"] == "debug"
    assert event["http.response.status_code"] == 101
    assert "error.type" not in event


def test_no_field_has_a_name_that_the_standard_library_keeps_for_itself() -> None:
    reserved = {"message", "name", "module", "args", "msg", "exc_info", "created"}

    assert not reported(BROKEN.http_scope()).keys() & reserved
