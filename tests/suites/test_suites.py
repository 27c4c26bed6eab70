"""A suite is fetched, run without us and with us, and compared test by test."""

from __future__ import annotations

import io
import shutil
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.suites import __main__ as command
from tests.suites import page, plugin, run
from tests.suites.differences import LISTED, WRAPPED, reason_for
from tests.suites.run import Place, Result, compare, compared
from tests.suites.source import NoTestsError, fetched, requirements
from tests.suites.suites import SUITES, Suite
from tests.support.fresh import Environment

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Environment(Path(sys.prefix))
MADE_UP = Suite("made-up", "1.0", ("loaded_apps",), quick=("tests",), but="not slow")
TESTS = """
from pathlib import Path
from uvicorn import Config

async def app(scope, receive, send): pass

def test_the_same(): pass
def test_broken_anyway(): assert False
def test_slow(): pass

def loaded():
    config = Config(app, log_config=None, proxy_headers=False)
    config.load()
    return config.loaded_app

def test_listed(): assert loaded() is app
def test_unlisted(): assert loaded() is app, "something else"

def test_flaky():
    tried = Path(__file__).with_name("tried")
    if loaded() is not app and not tried.exists():
        tried.touch()
        raise AssertionError
"""
PROJECT = """
[dependency-groups]
dev = ["made-up[all]", "pytest>=9", "ruff==1", "mypy", "types-click", "trustme==1.2.1"]
"""


@pytest.fixture(name="listed", autouse=True)
def _listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        LISTED, "made-up", {"tests/test_some.py::test_listed": (WRAPPED,)}
    )


@pytest.fixture(name="source")
def _source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    (source / "tests").mkdir(parents=True)
    (source / "pyproject.toml").write_text("[tool.pytest]\n", encoding="utf-8")
    (source / "tests" / "test_some.py").write_text(TESTS, encoding="utf-8")
    return source


def place(source: Path, *, quick: bool = False) -> Place:
    shutil.copy(plugin.__file__, source / "ws_handshake_in_place.py")
    return Place(MADE_UP, HERE, source, quick)


def test_a_difference_without_a_reason_is_named_and_one_that_goes_away_is_none(
    source: Path,
) -> None:
    result = compared(place(source))
    assert (result.tests, result.without, result.with_us) == (6, 5, 3)
    assert list(result.listed) == ["tests/test_some.py::test_listed"]
    assert list(result.unlisted) == ["tests/test_some.py::test_unlisted"]
    printed = "\n".join(page.lines(result))
    assert printed.startswith(
        "made-up 1.0: 6 tests, 0 reach us, 5 pass without us, 3 with us; "
        "1 differences are listed, 1 are not (0 s)\n  tests/test_some.py::test_unlisted"
    )
    assert "something else" in printed


def test_what_is_listed_is_not_run_again(source: Path) -> None:
    listed, _, _ = TESTS.partition("def test_unlisted")
    (source / "tests" / "test_some.py").write_text(listed, encoding="utf-8")
    result = compared(place(source))
    assert (result.tests, result.without, result.with_us) == (4, 3, 2)
    assert list(result.listed) == ["tests/test_some.py::test_listed"]
    assert result.unlisted == {}


def test_a_run_that_writes_no_outcomes_raises_with_what_it_printed(
    source: Path,
) -> None:
    (source / "pyproject.toml").write_text("[tool.pytest]\naddopts = ['--no-such']\n")
    with pytest.raises(RuntimeError, match=r"(?s)^made-up 1\.0 did not run:.*no-such"):
        place(source, quick=True).run()


def sdist(path: Path, *names: str) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            info = tarfile.TarInfo(f"made_up-1.0/{name}")
            text = PROJECT.encode()
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))


class Pip:
    """Downloads a source distribution with these files, or none."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.commands: list[list[str]] = []

    def __call__(self, command: Sequence[str | Path]) -> str:
        self.commands.append([str(part) for part in command])
        if "download" in command:
            if not self.names:
                raise RuntimeError(
                    "pip ended with 1:\nERROR: no matching distribution\n"
                )
            into = Path(command[command.index("--dest") + 1])
            into.mkdir(parents=True)
            sdist(into / "made_up-1.0.tar.gz", *self.names)
        return ""


def test_the_tests_come_from_the_source_distribution_and_their_tools_stay_out(
    tmp_path: Path,
) -> None:
    pip = Pip("pyproject.toml", "tests/test_some.py", "made_up/__init__.py")
    suite = Suite("made-up", "1.0", (), group="dev", needs=("h11",), extras="[more]")
    tests = fetched(suite, Environment(tmp_path, pip), tmp_path)
    found = sorted(path.name for path in tests.rglob("*.*"))
    assert found == ["pyproject.toml", "test_some.py"]
    assert pip.commands[0][-1] == "made-up==1.0"
    assert requirements(suite, tests) == [
        *("made-up[more]==1.0", "structlog", "pytest>=9", "trustme==1.2.1", "h11")
    ]
    assert requirements(MADE_UP, tests) == ["made-up==1.0", "structlog"]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ((), "pip does not find its source: ERROR: no matching distribution"),
        (("made_up/__init__.py",), "its source distribution has no tests"),
    ],
)
def test_what_has_no_tests_is_skipped_for_a_reason(
    names: tuple[str, ...],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    environment = Environment(tmp_path, Pip(*names))
    with pytest.raises(NoTestsError, match=f"^{reason}$"):
        fetched(MADE_UP, environment, tmp_path / "once")
    monkeypatch.setattr(run, "empty", lambda *_: environment)
    result = compare(MADE_UP, tmp_path / "twice", "python3", quick=True)
    assert [*page.lines(result)] == [f"made-up 1.0: skipped, for {reason}"]


def test_what_pip_does_not_install_is_skipped_for_a_reason(
    source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def offline(_command: object) -> str:
        raise RuntimeError("pip ended with 1:\nERROR: no network\n")

    monkeypatch.setattr(run, "empty", lambda *_: Environment(tmp_path, offline))
    result = compare(MADE_UP, tmp_path / "here", "python3", quick=True, source=source)
    assert result.skipped == "pip does not install what they need: ERROR: no network"


def test_a_skipped_suite_fails_in_ci_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    result = Result(MADE_UP, skipped="no network")
    monkeypatch.delenv("CI", raising=False)
    assert not result.failed
    monkeypatch.setenv("CI", "true")
    assert result.failed
    assert not Result(MADE_UP, tests=1, reached=1).failed


def test_a_suite_that_does_not_run_is_a_difference_in_no_list(
    source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(_place: Place) -> Result:
        raise RuntimeError("made-up 1.0 did not run:\nImportError")

    environment = Environment(tmp_path, Pip())
    monkeypatch.setattr(run, "empty", lambda *_: environment)
    monkeypatch.setattr(run, "compared", fails)
    result = compare(MADE_UP, tmp_path / "here", "python3", quick=True, source=source)
    assert [*result.unlisted.values()] == ["made-up 1.0 did not run:\nImportError"]


def test_a_source_of_ones_own_is_taken_as_it_is(
    source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = Environment(tmp_path, Pip())
    monkeypatch.setattr(run, "empty", lambda *_: environment)
    reached = iter((1, 0))
    monkeypatch.setattr(
        run,
        "compared",
        lambda place: Result(place.suite, tests=1, reached=next(reached)),
    )
    result = compare(MADE_UP, tmp_path / "here", "python3", quick=True, source=source)
    assert (result.tests, result.unlisted) == (1, {})
    assert (tmp_path / "here" / "tests" / "ws_handshake_in_place.py").is_file()
    result = compare(MADE_UP, tmp_path / "there", "python3", quick=True, source=source)
    assert result.unlisted == {"all of them": "none calls our middleware"}


def test_the_command_says_what_came_of_each_and_fails_for_what_is_in_no_list(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    asked: list[tuple[str, bool, Path | None]] = []
    written: list[Result] = []

    def pretend(
        suite: Suite, _folder: Path, _python: str, *, quick: bool, source: Path | None
    ) -> Result:
        asked.append((suite.name, quick, source))
        unlisted = {"tests/test_x.py::test_y": "assert 1"} if quick else {}
        return Result(suite, tests=3, unlisted=unlisted)

    monkeypatch.setattr(command, "compare", pretend)
    monkeypatch.setattr(page, "write", written.extend)
    monkeypatch.setenv("RENEW", "1")
    assert command.main(["channels", f"--source=channels={tmp_path}"]) == 0
    assert asked == [("channels 4.3.2", False, tmp_path)]
    assert [result.suite.package for result in written] == ["channels"]
    assert command.main(["--quick"]) == 1
    assert {name for name, quick, _ in asked[1:] if quick} == {
        suite.name for suite in SUITES if suite.quick
    }
    assert len(written) == 1
    assert "  tests/test_x.py::test_y\n    assert 1\n" in capsys.readouterr().out


def test_a_name_that_no_suite_has_is_an_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        command.main(["chanels"])
    assert "no suite has a name like chanels" in capsys.readouterr().err


def test_every_listed_reason_is_of_a_suite_and_names_what_its_failure_shows() -> None:
    packages = {suite.package for suite in SUITES}
    assert set(LISTED) - {"made-up"} <= packages
    test = "tests/test_config.py::test_app_factory"
    shown = f"assert <{WRAPPED.shows} at 0x1> is app"
    assert reason_for("uvicorn", f"{test}[h11]", shown) is WRAPPED
    assert reason_for("uvicorn", test, "another failure") is None
    assert reason_for("starlette", test, shown) is None
