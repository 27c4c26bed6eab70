from __future__ import annotations

import contextlib
import io
import runpy
import sys
from typing import TYPE_CHECKING

import pytest
from coverage import Coverage

from tests import conftest
from tests.support.own_coverage import PACKAGE, ROOT, main, measure, modules

if TYPE_CHECKING:
    from pathlib import Path

FUNCTION = "def sign(number):\n    if number < 0:\n        return -1\n    return 1\n"
FILES = {
    "made_up/__init__.py": "",
    "made_up/whole.py": FUNCTION,
    "made_up/half.py": FUNCTION,
    "made_up/unasked.py": FUNCTION,
    "made_up/forgotten.py": FUNCTION,
    "made_up/below/deep.py": FUNCTION,
    "made_up/__main__.py": FUNCTION,
    "tests/conftest.py": (ROOT / "tests" / "conftest.py").read_text("utf-8"),
    "tests/test_whole.py": "from made_up.whole import sign\n"
    "def test_negative(): assert sign(-1) == -1\n",
    "tests/test_whole_positive.py": "from made_up.whole import sign\n"
    "def test_positive(): assert sign(1) == 1\n",
    "tests/test_half.py": "from made_up.half import sign\n"
    "def test_negative(): assert sign(-1) == -1\n",
    # what others cover is not covered by its own tests
    "tests/test_other.py": "from made_up.half import sign\n"
    "def test_positive(): assert sign(1) == 1\n",
    "tests/test_unasked.py": "def test_nothing(): pass\n",
    "tests/below/test_deep.py": "from made_up.below.deep import sign\n"
    "def test_both(): assert sign(-1) == -sign(1)\n",
    "tests/test_main.py": "from made_up.__main__ import sign\n"
    "def test_both(): assert sign(-1) == -sign(1)\n",
    "pyproject.toml": '[tool.coverage.run]\nbranch = true\nsource_pkgs = ["made_up"]\n',
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def printed(project: Path) -> list[str]:
    """Return what is printed of all modules after a run of all tests, line by line."""
    tests = sorted((project / "tests").rglob("test_*.py"))
    assert measure(tests, project / ".coverage", project) is None
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        status = main([], project, project / "made_up")

    assert status == 1
    return output.getvalue().splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "whole is covered by its own tests",
        "below/deep is covered by its own tests",
        "main is covered by its own tests",
        "half is not covered:",
        "unasked is not covered:",
        "forgotten has no tests/test_forgotten.py",
    ],
)
def test_every_module_is_covered_or_named_as_not_covered(
    printed: list[str], line: str
) -> None:
    assert printed.count(line) == 1


def test_the_lines_that_are_not_covered_are_printed(printed: list[str]) -> None:
    (row,) = (line for line in printed if "half.py " in line)

    assert row.split()[1:] == ["4", "1", "2", "1", "67%", "4"]


def test_modules_can_be_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["whole"], project, project / "made_up") == 0
    assert capsys.readouterr().out == "whole is covered by its own tests\n"


def test_tests_that_fail_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "broken.py").write_text(FUNCTION, encoding="utf-8")
    test = tmp_path / "tests" / "test_broken.py"
    test.write_text("def test_wrong(): assert 1 == 2\n", encoding="utf-8")

    assert main(["broken"], tmp_path, tmp_path) == 1
    assert capsys.readouterr().out.startswith("The tests fail:\n")


def test_before_the_tests_have_run_nothing_was_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_sole.py").touch()
    (tmp_path / "made_up").mkdir()
    (tmp_path / "made_up" / "sole.py").touch()
    settings = FILES["pyproject.toml"]
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")

    assert main([], tmp_path, tmp_path / "made_up") == 1
    assert capsys.readouterr().out == (
        "sole was not measured: run the tests with coverage first\n"
    )


def test_a_name_that_is_no_module_is_no_success(project: Path) -> None:
    assert main(["nothing"], project, project / "made_up") == 1


def test_without_coverage_no_context_is_set(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(Coverage, "current", lambda: None)

    conftest.pytest_runtest_setup(request.node)


def test_the_command_looks_at_our_own_modules(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["own_coverage", "nothing"])
    monkeypatch.delitem(sys.modules, "tests.support.own_coverage")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("tests.support.own_coverage", run_name="__main__")

    assert ended.value.code == 1
    assert capsys.readouterr().out == ""


def test_our_own_modules_are_found_with_their_tests() -> None:
    names = {module.name: module.tests(ROOT / "tests") for module in modules(PACKAGE)}

    assert {"core/grammar", "core/verdict", "main"} <= names.keys()
    assert "__init__" not in names
    assert [path.name for path in names["core/policy"]] == [
        *("test_policy.py", "test_policy_origins.py", "test_policy_patterns.py"),
        "test_policy_rebinding.py",
    ]
