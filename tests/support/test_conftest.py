"""What a test leaves behind is noticed."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from tests.conftest import LONGEST, nothing_left_behind

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCESS = "uvicorn.access"


def complaint(noticing: Iterator[None]) -> str:
    with pytest.raises(pytest.fail.Exception) as failed:
        next(noticing)
    return str(failed.value)


@pytest.mark.parametrize(
    ("name", "attribute", "value"),
    [
        ("root", "level", 5),
        ("root", "handlers", [logging.NullHandler()]),
        ("uvicorn", "handlers", [logging.NullHandler()]),
        ("uvicorn.error", "level", 5),
        ("uvicorn.asgi", "disabled", True),
        (ACCESS, "propagate", False),
        (ACCESS, "filters", [logging.Filter()]),
    ],
)
def test_a_changed_logger_fails_the_test(
    name: str, attribute: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticing = nothing_left_behind()
    next(noticing)
    with monkeypatch.context() as changing:
        changing.setattr(logging.getLogger(name), attribute, value)
        assert complaint(noticing) == f"left behind a change of the logger {name}"


def test_changes_of_structlog_and_the_environment_fail_the_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noticing = nothing_left_behind()
    next(noticing)
    with monkeypatch.context() as changing, capture_logs():
        changing.setenv("LEFT_BEHIND", "1")
        assert complaint(noticing) == "left behind a change of structlog, os.environ"


def test_changes_that_are_undone_do_not_fail_the_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noticing = nothing_left_behind()
    next(noticing)
    with monkeypatch.context() as changing, capture_logs():
        changing.setenv("LEFT_BEHIND", "1")
        changing.setattr(logging.getLogger(ACCESS), "propagate", False)

    assert next(noticing, "nothing") == "nothing"


def test_every_test_and_every_module_is_checked(
    request: pytest.FixtureRequest,
) -> None:
    assert {"by_a_test", "by_a_module"} <= set(request.fixturenames)


def test_the_files_that_take_longest_are_there() -> None:
    tests = Path(__file__).parent.parent
    assert [name for name in LONGEST if not (tests / f"{name}.py").is_file()] == []
