from __future__ import annotations

from shutil import which

import pytest

from tests.support import needed


def test_a_program_is_found_under_the_first_name_that_is_there() -> None:
    assert needed.program("no-such-python", "python3") == which("python3")


def test_a_missing_program_skips_a_test_and_fails_it_in_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match=r"^no-such-thing is not installed"):
        needed.program("no-such-thing")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"^no-such-thing is not installed"):
        needed.program("no-such-thing")
