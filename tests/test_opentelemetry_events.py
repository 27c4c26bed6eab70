from __future__ import annotations

import pytest
import structlog

from tests.support.signals import Signals
from ws_handshake.opentelemetry_events import emitting


@pytest.mark.parametrize(
    ("level", "severity"),
    [("info", ("INFO", 9)), ("warning", ("WARN", 13)), ("error", ("ERROR", 17))],
)
def test_an_event_has_a_name_a_severity_and_its_fields(
    level: str, severity: tuple[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    signals = Signals()
    logger = emitting(signals.loggers.get_logger("test"))
    fields = {"error.type": "key_missing", "violations": ["key_missing", "x"]}

    getattr(logger, level)("websocket.handshake.rejected", **fields)

    (event,) = signals.events()
    assert event["name"] == "websocket.handshake.rejected"
    assert event["severity"] == severity
    assert event["attributes"] == {
        "error.type": "key_missing",
        "violations": ("key_missing", "x"),
    }
    assert capsys.readouterr().out == ""


def test_debug_is_left_out() -> None:
    signals = Signals()
    emitting(signals.loggers.get_logger("test")).debug("websocket.handshake.accepted")

    assert signals.events() == []


def test_nothing_of_the_operators_structlog_is_used_or_changed() -> None:
    signals = Signals()
    before = repr(structlog.get_config())
    with structlog.testing.capture_logs() as captured:
        structlog.contextvars.bind_contextvars(user="somebody")
        try:
            emitting(signals.loggers.get_logger("test")).info("it")
        finally:
            structlog.contextvars.clear_contextvars()

    assert signals.events()[0]["attributes"] == {}
    assert captured == []
    assert repr(structlog.get_config()) == before
