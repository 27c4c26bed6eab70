"""One line for a person at a terminal: when, what, where, who, why, and the fix."""

from __future__ import annotations

import io
import logging
import re
import sys
import time
from dataclasses import replace
from typing import Any

import pytest

from tests.support.records import accepted, rejected
from ws_handshake.core.reasons import CATALOGUE, KEY_MISSING
from ws_handshake.diagnosis.cause import Certainty
from ws_handshake.diagnosis.causes import PROXY_STRIPPED_UPGRADE
from ws_handshake.outcome.loggers import takes_debug
from ws_handshake.outcome.record import SUBPROTOCOL_NOT_CHOSEN, HandshakeRecord
from ws_handshake.outcome.terminal import TerminalLogger, line_of
from ws_handshake.structlog import event_of

CAUSE = PROXY_STRIPPED_UPGRADE.as_certain_as(Certainty.VERY_LIKELY)


class Screen(io.StringIO):
    """A terminal, or a file, that keeps what is written."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "strftime", lambda _: "12:00:00")
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)


def line(record: HandshakeRecord, suppressed: int = 0) -> str:
    level, event, fields = event_of(record, suppressed)
    return line_of(level, event, fields)


def test_a_rejection_with_a_cause_has_the_fix_of_the_cause() -> None:
    record = rejected("upgrade_missing", "connection_missing", causes=(CAUSE,))

    assert line(record) == (
        "12:00:00 WebSocket handshake rejected: 400 upgrade_missing, "
        "connection_missing on /ws from 203.0.113.9. Cause: proxy_stripped_upgrade "
        f"(very likely). Fix: {CAUSE.fix}"
    )


def test_where_nothing_was_sent_the_line_says_so() -> None:
    assert line(replace(rejected("head_malformed"), status=None)).startswith(
        "12:00:00 WebSocket handshake rejected: nothing sent, head_malformed on /ws "
        "from 203.0.113.9. Fix: "
    )


def test_a_rejection_without_a_cause_has_the_fix_of_the_reason() -> None:
    assert line(rejected("key_missing")) == (
        "12:00:00 WebSocket handshake rejected: 400 key_missing on /ws from "
        f"203.0.113.9. Fix: {KEY_MISSING.fix}"
    )


@pytest.mark.parametrize("reason", CATALOGUE, ids=lambda reason: reason.code)
def test_every_reason_has_a_line_that_ends_with_its_fix(reason: Any) -> None:
    assert line(rejected(reason.code)).endswith(f" Fix: {reason.fix}")


def test_what_is_not_known_is_left_out() -> None:
    assert line(rejected("key_missing", client="", path="")) == (
        "12:00:00 WebSocket handshake rejected: 400 key_missing. "
        f"Fix: {KEY_MISSING.fix}"
    )


def test_an_exception_a_hint_and_what_was_held_back_have_a_sentence_each() -> None:
    record = replace(
        rejected("key_missing"),
        error="ValueError in app.py:7",
        suggest=lambda: "No WebSocket route matches '/ws'.",
    )

    assert line(record, 3) == (
        "12:00:00 WebSocket handshake rejected: 400 key_missing on /ws from "
        "203.0.113.9. ValueError in app.py:7. No WebSocket route matches '/ws'. "
        f"3 more were held back. Fix: {KEY_MISSING.fix}"
    )


def test_what_report_only_lets_pass_is_not_called_rejected() -> None:
    assert line(replace(rejected("key_missing"), enforced=False)).startswith(
        "12:00:00 WebSocket handshake to be rejected (report_only): 400 key_missing on"
    )


def test_an_acceptance_with_a_warning_says_what_is_odd() -> None:
    assert line(replace(accepted(), warning=SUBPROTOCOL_NOT_CHOSEN)) == (
        "12:00:00 WebSocket handshake accepted: 101 subprotocol_not_chosen on /ws "
        f"from 203.0.113.9. {SUBPROTOCOL_NOT_CHOSEN.what}"
    )


def test_the_summary_of_what_was_held_back_names_its_reason() -> None:
    fields = {"error.type": "key_missing", "websocket.handshake.suppressed": 7}
    event = "websocket.handshake.suppressed_summary"

    assert line_of("warning", event, fields) == (
        "12:00:00 WebSocket handshake rejected: key_missing. 7 more were held back."
    )


def test_an_event_of_the_set_up_is_its_hint() -> None:
    event = "websocket.handshake.protocol_not_installed"

    assert line_of("warning", event, {"hint": "Start it with --http."}) == (
        "12:00:00 WebSocket handshake protocol not installed: Start it with --http."
    )


def logged_on(screen: Screen, monkeypatch: pytest.MonkeyPatch, level: str) -> str:
    monkeypatch.setattr(sys, "stderr", screen)
    _, event, fields = event_of(rejected("key_missing"))
    getattr(TerminalLogger(), level)(event, **fields)
    return screen.getvalue()


@pytest.mark.parametrize("level", ["info", "warning", "error"])
def test_a_line_goes_to_standard_error_plain_where_that_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    text = logged_on(Screen(terminal=False), monkeypatch, level)

    assert text == f"{line(rejected('key_missing'))}\n"


@pytest.mark.parametrize(
    ("level", "colour"), [("info", 36), ("warning", 33), ("error", 31)]
)
def test_a_terminal_gets_colours_by_the_level(
    monkeypatch: pytest.MonkeyPatch, level: str, colour: int
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    text = logged_on(Screen(terminal=True), monkeypatch, level)

    assert text.startswith(
        f"\x1b[2m12:00:00\x1b[0m \x1b[1m\x1b[{colour}mWebSocket handshake rejected: "
    )
    assert text.endswith(f"\x1b[32mFix: {KEY_MISSING.fix}\x1b[0m\n")
    plain = re.sub(r"\x1b\[\d+m", "", text)
    assert plain == f"{line(rejected('key_missing'))}\n"


@pytest.mark.parametrize(
    ("name", "value", "coloured"),
    [
        *(("NO_COLOR", "1", False), ("NO_COLOR", "", True)),
        *(("TERM", "dumb", False), ("TERM", "xterm", True)),
    ],
)
def test_a_terminal_whose_user_wants_no_colours_gets_none(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, *, coloured: bool
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv(name, value)
    text = logged_on(Screen(terminal=True), monkeypatch, "warning")

    assert ("\x1b" in text) is coloured


def test_a_console_of_windows_gets_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    assert "\x1b" not in logged_on(Screen(terminal=True), monkeypatch, "warning")


def test_nothing_is_written_at_debug(capsys: pytest.CaptureFixture[str]) -> None:
    _, event, fields = event_of(accepted())
    TerminalLogger().debug(event, **fields)

    assert capsys.readouterr() == ("", "")
    assert not takes_debug(TerminalLogger())
    assert TerminalLogger().is_enabled_for(logging.INFO)


def test_without_standard_error_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    _, event, fields = event_of(rejected("key_missing"))
    TerminalLogger().warning(event, **fields)

    assert capsys.readouterr().out == ""
