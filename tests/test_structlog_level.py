"""What the structlog observer writes of valid handshakes depends on the level of its logger."""

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


def test_a_log_at_info_need_not_be_reported_about_acceptances() -> None:
    assert StructlogObserver(at(logging.DEBUG)).wants_accepted()
    assert not StructlogObserver(at(logging.INFO)).wants_accepted()


def test_an_acceptance_is_not_written_down_for_a_log_at_info() -> None:
    record = replace(accepted(), describe=lambda: pytest.fail("it was written down"))

    StructlogObserver(at(logging.INFO)).observe(record)


def test_a_logger_that_does_not_say_is_reported_everything() -> None:
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
    structlog_observer = StructlogObserver(logger)
    assert not structlog_observer.wants_accepted()
    logger.level = logging.DEBUG
    now = 100.9
    assert not structlog_observer.wants_accepted()
    assert logger.asked == 1
    now = 101.0
    assert structlog_observer.wants_accepted()
