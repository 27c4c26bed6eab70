"""Hypercorn's logger reports why Hypercorn rejected a handshake by itself."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest
from hypercorn.config import Config
from hypercorn.protocol import ws_stream
from structlog.testing import capture_logs

from tests.support.asgi import RecordingObserver, Spy
from tests.support.handshakes import VALID
from ws_handshake import WebSocketHandshakeMiddleware, hypercorn
from ws_handshake.asgi.places import register

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake

VERSION = b"sec-websocket-version"
KEYLESS = VALID.without(b"sec-websocket-key")
CONNECT = KEYLESS.without(b"upgrade", b"connection").asked(version="2")


@pytest.fixture(autouse=True)
def _hypercorn_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ws_stream, "Handshake", ws_stream.Handshake)


class Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def accessed(
    handshake: Handshake,
    status: int = 400,
    *,
    kind: str = "websocket",
    middleware: WebSocketHandshakeMiddleware | None = None,
) -> list[str]:
    """Have Hypercorn's logger log a response; return the lines of the access log."""
    target, lines = logging.Logger("access"), Lines()  # noqa: LOG001  (for this test)
    target.addHandler(lines)
    config = Config()
    config.errorlog, config.accesslog = None, target
    config.access_log_format = "%(R)s %(s)s"
    if middleware is not None:
        register(config, middleware)
    plain = kind == "http"
    scoped = handshake.http_scope if plain else handshake.websocket_scope
    scope: Any = scoped()
    response: Any = {"status": status, "headers": []}
    asyncio.run(hypercorn.Logger(config).access(scope, response, 0.1))
    return lines.lines


def guarded(**options: Any) -> tuple[RecordingObserver, WebSocketHandshakeMiddleware]:
    """Return a recorder, and a middleware that notifies it."""
    recorder = RecordingObserver()
    return recorder, WebSocketHandshakeMiddleware(
        Spy(), observers=[recorder], **options
    )


def test_the_access_log_is_written_as_ever() -> None:
    asked = KEYLESS.asked(target=b"/ws?a=1")
    assert accessed(asked, middleware=guarded()[1]) == ["GET /ws?a=1 1.1 400"]
    assert accessed(KEYLESS, 404, kind="http") == ["GET /ws 1.1 404"]


def test_the_observers_of_the_middleware_are_notified_of_what_hypercorn_enforces() -> (
    None
):
    recorder, middleware = guarded(report_only=True, docs_url="https://example.com")
    accessed(VALID.asked(version="1.0"), middleware=middleware)
    (record,) = recorder.records
    assert (record.outcome, record.layer, record.status) == (
        *("rejected", "hypercorn", 400),
    )
    assert record.enforced
    assert record.rejection is not None
    assert record.rejection.codes == ("http_version_too_old",)
    assert record.rejection.docs_url == "https://example.com"
    assert [cause.code for cause in record.rejection.causes] == ["proxy_speaks_http10"]
    assert record.request.path == "/ws"
    assert record.request.client_address == "203.0.113.9"


def test_all_violations_are_reported_and_not_only_those_that_hypercorn_reads() -> None:
    recorder, middleware = guarded()
    accessed(
        KEYLESS.plus(b"content-length", b"5").but(b"host", b""), middleware=middleware
    )
    assert recorder.codes == [("host_missing", "key_missing", "body_unexpected")]


def test_over_http2_a_key_is_not_missed() -> None:
    recorder, middleware = guarded()
    accessed(CONNECT.without(VERSION), middleware=middleware)
    accessed(CONNECT.but(VERSION, b"8"), middleware=middleware)
    assert recorder.codes == [("version_missing",), ("version_unsupported",)]


def test_where_no_middleware_is_found_the_structlog_observer_is_notified() -> None:
    with capture_logs() as logged:
        accessed(KEYLESS)
    (event,) = logged
    assert event["event"] == "websocket.handshake.rejected"
    assert event["error.type"] == "key_missing"
    assert event["websocket.handshake.layer"] == "hypercorn"


@pytest.mark.parametrize(
    ("handshake", "status", "kind"),
    [
        (VALID, 101, "websocket"),
        (KEYLESS, 404, "websocket"),  # for server_names, before any check
        (VALID.but(b"sec-websocket-key", b"AAAA"), 400, "websocket"),  # handed on
        (KEYLESS, 400, "http"),
    ],
)
def test_what_hypercorn_did_not_reject_for_the_handshake_is_not_reported(
    handshake: Handshake, status: int, kind: str
) -> None:
    recorder, middleware = guarded()
    accessed(handshake, status, kind=kind, middleware=middleware)
    assert recorder.records == []


def test_a_valid_one_that_hypercorn_misreads_is_not_blamed_on_the_client() -> None:
    recorder, middleware = guarded()
    accessed(VALID.but(VERSION, b"13 "), middleware=middleware)
    assert recorder.codes == [("server_did_not_upgrade",)]


def test_an_error_of_ours_is_reported_and_does_not_reach_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(hypercorn, "judge", broken)
    recorder, middleware = guarded()
    assert accessed(KEYLESS, middleware=middleware) == ["GET /ws 1.1 400"]
    assert recorder.codes == [("internal_error",)]


def test_the_module_is_a_configuration_for_hypercorn() -> None:
    config = Config.from_object("ws_handshake.hypercorn")
    assert config.logger_class is hypercorn.Logger
    assert config.bind == Config().bind
