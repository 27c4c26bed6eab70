"""Valid handshakes are logged where the logger takes debug events."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from tests.support.records import accepted
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger


def at(level: int) -> FilteringBoundLogger:
    wrapper = structlog.make_filtering_bound_logger(level)
    logger: FilteringBoundLogger = structlog.wrap_logger(None, wrapper_class=wrapper)
    return logger


def test_a_log_at_info_wants_no_acceptances() -> None:
    assert StructlogObserver(at(logging.DEBUG)).wants_accepted()
    assert not StructlogObserver(at(logging.INFO)).wants_accepted()


def test_an_acceptance_is_not_worked_out_for_a_log_at_info() -> None:
    record = replace(accepted(), describe=lambda: pytest.fail("it was worked out"))

    StructlogObserver(at(logging.INFO)).observe(record)


def test_a_logger_that_does_not_say_gets_everything() -> None:
    logger: Any = object()

    assert StructlogObserver(logger).wants_accepted()


def test_a_level_that_is_changed_at_run_time_is_noticed_after_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Changing:
        level = logging.INFO
        asked = 0

        def is_enabled_for(self, level: int) -> bool:
            self.asked += 1
            return level >= self.level

    logger: Any = Changing()
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    observer = StructlogObserver(logger)
    assert not observer.wants_accepted()
    logger.level = logging.DEBUG
    now = 100.9
    assert not observer.wants_accepted()
    assert logger.asked == 1
    now = 101.0
    assert observer.wants_accepted()
