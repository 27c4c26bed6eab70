"""Where structlog is not configured, a person gets a line; where it is, it decides."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import structlog

from tests.support.asgi import ACCEPT, CLOSE, Spy, ask
from tests.support.handshakes import VALID
from tests.support.records import accepted, rejected
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.structlog import RateLimit, StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYLESS = VALID.without(b"sec-websocket-key")
REJECTED = "WebSocket handshake rejected: 400 key_missing on /ws from 203.0.113.9. "


@contextmanager
def configured() -> Iterator[list[str]]:
    """Configure structlog, as an application does, and keep the names of its events."""
    names: list[str] = []

    def keep(_logger: object, _level: str, event: structlog.typing.EventDict) -> str:
        names.append(event["event"])
        raise structlog.DropEvent

    structlog.configure(processors=[keep])
    try:
        yield names
    finally:
        structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _unconfigured() -> None:
    structlog.reset_defaults()


def test_a_rejection_is_one_line_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ask(WebSocketHandshakeMiddleware(Spy()), KEYLESS.http_scope())

    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert out == ""
    assert line[len("12:00:00 ") :].startswith(REJECTED)
    assert line.endswith(
        "Fix: Send Sec-WebSocket-Key with 16 fresh random bytes in base64."
    )
    assert not structlog.is_configured()


def test_of_a_valid_handshake_there_is_no_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    observer = StructlogObserver()
    app = WebSocketHandshakeMiddleware(Spy((ACCEPT,)), observers=[observer])
    ask(app, VALID.websocket_scope())
    observer.observe(accepted())

    assert not observer.wants_accepted()
    assert capsys.readouterr() == ("", "")


def test_a_denial_and_a_warning_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    offer = VALID.plus(b"sec-websocket-protocol", b"chat")
    ask(WebSocketHandshakeMiddleware(Spy((CLOSE,))), VALID.websocket_scope())
    ask(WebSocketHandshakeMiddleware(Spy((ACCEPT,))), offer.websocket_scope())

    denied, warned = capsys.readouterr().err.splitlines()
    assert " WebSocket handshake rejected: 403 denied_by_app on /ws from " in denied
    assert " WebSocket handshake accepted: 101 subprotocol_not_chosen on " in warned


def test_what_is_held_back_is_a_line_when_it_is_flushed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    observer = StructlogObserver(rate_limit=RateLimit(burst=1, rate=0.0))
    for _ in range(4):
        observer.observe(rejected("key_missing"))
    observer.flush()

    _, summary = capsys.readouterr().err.splitlines()
    assert summary.endswith(" rejected: key_missing. 3 more were held back.")


def test_where_structlog_is_configured_it_gets_the_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with configured() as names:
        StructlogObserver().observe(rejected("key_missing"))

    assert names == ["websocket.handshake.rejected"]
    assert capsys.readouterr() == ("", "")


def test_an_application_may_configure_structlog_after_the_first_handshake(
    capsys: pytest.CaptureFixture[str],
) -> None:
    observer = StructlogObserver()
    observer.observe(rejected("key_missing"))
    with configured() as names:
        observer.observe(rejected("key_missing"))

    assert names == ["websocket.handshake.rejected"]
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_logger_that_is_given_gets_the_event_though_structlog_is_not_configured(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    observer = StructlogObserver(structlog.wrap_logger(logging.getLogger("chat")))
    with caplog.at_level(logging.INFO):
        observer.observe(rejected("key_missing"))

    assert "websocket.handshake.rejected" in caplog.text
    assert capsys.readouterr() == ("", "")
