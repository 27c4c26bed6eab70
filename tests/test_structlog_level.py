"""What the journal writes of sound handshakes depends on the level of its logger."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from tests.support.records import accepted
from ws_handshake.structlog import Journal

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger


def at(level: int) -> FilteringBoundLogger:
    wrapper = structlog.make_filtering_bound_logger(level)
    logger: FilteringBoundLogger = structlog.wrap_logger(None, wrapper_class=wrapper)
    return logger


def test_a_log_at_info_need_not_be_told_of_acceptances() -> None:
    assert Journal(at(logging.DEBUG)).hears_acceptances()
    assert not Journal(at(logging.INFO)).hears_acceptances()


def test_an_acceptance_is_not_written_down_for_a_log_at_info() -> None:
    record = replace(accepted(), tell=lambda: pytest.fail("it was written down"))

    Journal(at(logging.INFO)).observe(record)


def test_a_logger_that_does_not_say_is_told_everything() -> None:
    logger: Any = object()

    assert Journal(logger).hears_acceptances()


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
    journal = Journal(logger)
    assert not journal.hears_acceptances()
    logger.level = logging.DEBUG
    now = 100.9
    assert not journal.hears_acceptances()
    assert logger.asked == 1
    now = 101.0
    assert journal.hears_acceptances()
