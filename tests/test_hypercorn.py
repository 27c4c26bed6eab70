"""Hypercorn's logger reports why Hypercorn rejected a handshake by itself."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypercorn.config import Config
from structlog.testing import capture_logs

from tests.support.asgi import Ear, Spy
from tests.support.handshakes import VALID
from tests.support.other_servers import HYPERCORN, SETUPS, Setup, measure
from ws_handshake import WebSocketHandshakeMiddleware, hypercorn
from ws_handshake.asgi.lifespan import register

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.handshakes import Handshake
    from tests.support.other_servers import Measured

VERSION = b"sec-websocket-version"
KEYLESS = VALID.without(b"sec-websocket-key")
CONNECT = KEYLESS.without(b"upgrade", b"connection").asked(version="2")

#: What Hypercorn's own check does not let pass, over HTTP/1.1 and over HTTP/2.
REPORTED = {
    ("http_version_too_old",): ["HTTP/1.1: HTTP/1.0"],
    ("key_missing",): ["Key missing"],
    ("version_missing",): ["Version missing", "Extended CONNECT, Version missing"],
    ("version_unsupported",): [
        *("Version empty", "Version: 8", "Version: 013"),
        "Extended CONNECT, Version: 8",
    ],
    ("version_duplicated",): ["Version: 13, 8"],
}

#: What h11 does not let pass: no scope, no line in the access log.
UNREPORTED = [
    *("a target that is not ASCII", "Host missing", "Host twice", "NUL in a header"),
    *("a space in a header name", "a space before the colon"),
]


@pytest.fixture(scope="module", name="measured")
def _measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    command = (*SETUPS[HYPERCORN].command, "--config", "python:ws_handshake.hypercorn")
    folder: Path = tmp_path_factory.mktemp("hypercorn")
    return measure(Setup("with our logger", command, http2=True), folder / "log")


def test_what_hypercorn_rejects_by_itself_is_reported_once_with_its_reason(
    measured: Measured,
) -> None:
    expected = Counter({codes: len(cases) for codes, cases in REPORTED.items()})
    assert measured.without_app == expected


def test_what_remains_untold_is_what_its_parser_rejects(measured: Measured) -> None:
    reported = {
        case.rpartition("HTTP/1.1: ")[2]
        for found in REPORTED.values()
        for case in found
    }
    by_itself = [o for o in measured.outcomes if o.scope is None and o.response.status]
    assert {o.response.status for o in by_itself} == {400}
    rest = [o.case.name for o in by_itself if o.case.name not in reported]
    assert rest == UNREPORTED


def test_the_client_gets_what_it_ever_got(measured: Measured) -> None:
    (keyless,) = (o for o in measured.http1 if o.case.name == "Key missing")
    assert (keyless.response.status, keyless.response.codes) == (400, ())


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
    """Tell Hypercorn's logger of a response; return the lines of the access log."""
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


def guarded(**options: Any) -> tuple[Ear, WebSocketHandshakeMiddleware]:
    """Return an ear, and the middleware that reports to it."""
    ear = Ear()
    return ear, WebSocketHandshakeMiddleware(Spy(), observers=[ear], **options)


def test_the_access_log_is_written_as_ever() -> None:
    asked = KEYLESS.asked(target=b"/ws?a=1")
    assert accessed(asked, middleware=guarded()[1]) == ["GET /ws?a=1 1.1 400"]
    assert accessed(KEYLESS, 404, kind="http") == ["GET /ws 1.1 404"]


def test_the_observers_of_the_middleware_are_reported_and_enforced_is_true() -> None:
    ear, middleware = guarded(report_only=True, docs_url="https://example.com")
    accessed(VALID.asked(version="1.0"), middleware=middleware)
    (record,) = ear.records
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


def test_all_violations_are_reported_also_those_that_hypercorn_did_not_look_at() -> (
    None
):
    ear, middleware = guarded()
    accessed(
        KEYLESS.plus(b"content-length", b"5").but(b"host", b""), middleware=middleware
    )
    assert ear.codes == [("host_missing", "key_missing", "body_unexpected")]


def test_over_http2_a_key_is_not_missed() -> None:
    ear, middleware = guarded()
    accessed(CONNECT.without(VERSION), middleware=middleware)
    accessed(CONNECT.but(VERSION, b"8"), middleware=middleware)
    assert ear.codes == [("version_missing",), ("version_unsupported",)]


def test_where_no_middleware_is_found_the_structlog_observer_is_reported() -> None:
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
        (KEYLESS, 404, "websocket"),  # of server_names: nobody looked at the handshake
        (VALID.but(b"sec-websocket-key", b"AAAA"), 400, "websocket"),  # handed on
        (KEYLESS, 400, "http"),
    ],
)
def test_what_hypercorn_did_not_reject_for_the_handshake_is_not_reported(
    handshake: Handshake, status: int, kind: str
) -> None:
    ear, middleware = guarded()
    accessed(handshake, status, kind=kind, middleware=middleware)
    assert ear.records == []


def test_a_valid_one_that_hypercorn_misreads_is_no_fault_of_the_client() -> None:
    ear, middleware = guarded()
    accessed(VALID.but(VERSION, b"13 "), middleware=middleware)
    assert ear.codes == [("server_did_not_upgrade",)]


def test_a_fault_of_ours_is_reported_and_does_not_reach_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(hypercorn, "judge", broken)
    ear, middleware = guarded()
    assert accessed(KEYLESS, middleware=middleware) == ["GET /ws 1.1 400"]
    assert ear.codes == [("internal_error",)]


def test_the_module_is_a_configuration_for_hypercorn() -> None:
    config = Config.from_object("ws_handshake.hypercorn")
    assert config.logger_class is hypercorn.Logger
    assert config.bind == Config().bind
