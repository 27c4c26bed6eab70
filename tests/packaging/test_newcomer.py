"""The script that tries a release prints what held, and ends at the first failure."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import needed, newcomer_path, supported, versions
from tests.support.audit import audited, verdict
from tests.support.docs_examples import DOCS, blocks, sections
from tests.support.fresh import Environment, empty, fresh, run
from tests.support.newcomer_path import FRAMEWORKS, expect, observed
from tests.support.packages import Packages, build
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Environment(Path(sys.prefix))
STEPS = "101, 400, the code, the log line"


class Recorded:
    """Runs nothing, and keeps the commands; `printed` is what each prints."""

    def __init__(self, **printed: str) -> None:
        self.printed = printed
        self.commands: list[list[str]] = []

    def __call__(self, command: Sequence[str | Path]) -> str:
        spelt = [str(part) for part in command]
        self.commands.append(spelt)
        found = (text for part, text in self.printed.items() if part in spelt)
        return next(found, "")


def test_the_quick_run_follows_the_quick_start_and_the_page_about_metrics(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["newcomer", "--quick"])
    monkeypatch.delitem(sys.modules, "tests.support.newcomer", raising=False)
    runpy.run_module("tests.support.newcomer", run_name="__main__")
    assert capsys.readouterr().out.splitlines() == [
        f"  quick start: {STEPS}",
        "  metrics: the metric",
    ]


def test_the_readme_leads_from_an_empty_environment_to_what_it_shows(
    tmp_path: Path,
) -> None:
    needed.packages("build", "uv_build")
    environment = empty(sys.executable, tmp_path / "environment")
    need_an_index(environment)
    wheel = build(tmp_path / "dist").wheel
    held = list(newcomer_path.readme(environment, wheel, tmp_path / "readme"))
    assert held == ["the response", "the log line", "101"]


def need_an_index(environment: Environment) -> None:
    if not environment.reaches_an_index():
        needed.is_missing("pip reaches no package index")


def test_without_an_index_a_test_is_skipped_but_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(command: Sequence[str | Path]) -> str:
        raise RuntimeError(command)

    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^pip reaches no package index$"):
        need_an_index(Environment(tmp_path, fails))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"^pip reaches no package index$"):
        need_an_index(Environment(tmp_path, fails))


def test_a_framework_is_started_twice_as_it_stands_and_with_prometheus(
    tmp_path: Path,
) -> None:
    held = list(newcomer_path.framework(HERE, tmp_path, "Starlette"))
    assert ", ".join(held) == f"{STEPS}, the metric"


def test_every_program_of_the_page_about_frameworks_is_tried() -> None:
    page = sections((DOCS / "frameworks.md").read_text(encoding="utf-8"))
    del page[""]  # the two lines for themselves
    with_programs = [
        name
        for name, text in page.items()
        if any("import WebSocketHandshakeMiddleware" in b.text for b in blocks(text))
    ]
    assert list(FRAMEWORKS) == with_programs


def test_the_command_is_asked_for_the_page_of_the_code() -> None:
    assert list(newcomer_path.command(HERE)) == ["the code's page"]


def test_a_newcomer_installs_what_the_readme_says_then_extras_then_frameworks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runner = Recorded(**{"--version": "Python 3.12.1\n", "explain": "key_malformed"})
    lines = printed_by(monkeypatch, runner, "--python", "python3.12")
    assert runner.commands[0][:3] == ["python3.12", "-m", "venv"]
    installed = [c[5:] for c in runner.commands if "install" in c]
    assert installed == [
        ["--upgrade", "pip"],
        ["some.whl[uvicorn,cli,prometheus,hypercorn,gunicorn,opentelemetry]"],
        [*FRAMEWORKS.values()],
    ]
    assert lines == [
        "Python 3.12.1",
        "  README: held",
        "  quick start: held",
        "  ws-handshake: the code's page",
        "  pip-audit: clean",
        *(f"  {name}: held" for name in FRAMEWORKS),
        "  metrics: held",
    ]


@pytest.mark.parametrize(("option", "pins"), [("--lowest", True), ("--newest", False)])
def test_supported_versions_are_installed_named_and_tested(
    monkeypatch: pytest.MonkeyPatch, option: str, *, pins: bool
) -> None:
    runner = Recorded(
        **{
            "--version": "Python 3.11.7\n",
            "freeze": "click==8.1\nprometheus_client==0.20\nstructlog==25.1\n",
            "pytest": "....\n4 passed in 0.1s\n",
        }
    )
    lines = printed_by(monkeypatch, runner, option)
    assert lines == [
        "Python 3.11.7",
        "  prometheus_client==0.20, structlog==25.1",
        "  4 passed in 0.1s",
    ]
    _, (wheel, *more) = (c[5:] for c in runner.commands if "install" in c)
    assert wheel == "some.whl[uvicorn,cli,prometheus,opentelemetry]"
    assert any(one.startswith("structlog==") for one in more) == pins
    (tests,) = (c for c in runner.commands if "pytest" in c)
    allowed = tests[tests.index("-W") + 1]
    assert allowed.startswith("ignore:'asyncio.iscoroutinefunction' is deprecated:")


@pytest.mark.parametrize("option", ["--versions", "--older"])
def test_versions_are_tried_in_two_environments(
    option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(environments: list[Environment], *_: Path, newest: bool) -> Iterator[str]:
        assert newest is (option == "--versions")
        yield " ".join(environment.folder.name for environment in environments)

    monkeypatch.setattr(versions, "tried", held)
    runner = Recorded(**{"--version": "Python 3.11.7\n"})
    lines = printed_by(monkeypatch, runner, option)
    assert lines == ["Python 3.11.7", "environment second"]


def printed_by(
    monkeypatch: pytest.MonkeyPatch, runner: Recorded, *options: str
) -> list[str]:
    from tests.support import newcomer  # noqa: PLC0415  (run before it is imported, see above)

    def built(_folder: Path) -> Packages:
        return Packages(Path("some.whl"), Path("some.tar.gz"))

    def held(*_arguments: object) -> Iterator[str]:
        yield "held"

    def made(python: str, home: Path) -> Environment:
        return fresh(python, home, runner)

    lines: list[str] = []
    monkeypatch.setattr(newcomer, "build", built)
    monkeypatch.setattr(newcomer, "fresh", made)
    monkeypatch.setattr(newcomer, "audited", lambda _packages: "clean")
    for name in ("readme", "quick_start", "framework", "metrics_page"):
        monkeypatch.setattr(newcomer_path, name, held)
    monkeypatch.setattr(sys.stdout, "write", lines.append)
    newcomer.main(list(options))
    return [line.rstrip("\n") for line in lines]


def test_a_step_that_does_not_hold_raises_with_what_was_seen() -> None:
    with pytest.raises(RuntimeError, match=r"^Expected 400; seen: b'HTTP/1\.1 404'$"):
        expect("400", holds=False, seen=b"HTTP/1.1 404")


def test_a_program_without_the_middleware_cannot_be_observed() -> None:
    with pytest.raises(ValueError, match=r"^The program has no line 'from ws_hands"):
        observed("app = None\n", 9100)


def test_a_server_that_ends_at_once_raises_with_its_last_lines(
    tmp_path: Path,
) -> None:
    (tmp_path / "main.py").write_text("raise ValueError('no app today')\n", "utf-8")
    message = r"(?s)^The server did not come up: .*no app today"
    with (
        pytest.raises(RuntimeError, match=message),
        HERE.serving(["uvicorn", "main:app"], tmp_path),
    ):
        raise AssertionError


def test_a_program_that_fails_raises_with_what_it_printed() -> None:
    fails = [sys.executable, "-c", "print('so sorry'); raise SystemExit(3)"]
    with pytest.raises(RuntimeError, match=r"(?s)ended with 3:\nso sorry\n$"):
        run(fails)
    assert run([sys.executable, "-c", "print('fine')"]) == "fine\n"


def test_a_floor_is_pinned_and_what_has_none_is_an_error() -> None:
    assert supported.pinned("wsproto>=1.3") == "wsproto==1.3"
    with pytest.raises(ValueError, match=r"^wsproto has no floor; write it as name>="):
        supported.pinned("wsproto")


def test_every_requirement_of_the_chosen_extras_has_a_floor() -> None:
    pins = [supported.pinned(floor) for floor in supported.floors()]
    names = [pin.partition("==")[0] for pin in pins]
    assert {"structlog", "uvicorn", "wsproto", "h11", "h2", "rich"} <= set(names)
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", pin) for pin in pins)


def test_the_chosen_tests_are_there() -> None:
    listed = [trial.tests for lane in versions.TRIALS for trial in lane]
    names = " ".join([supported.CHOSEN, *listed]).split()
    assert [n for n in names if not (ROOT / "tests" / f"{n}.py").is_file()] == []


def test_an_audit_of_nothing_is_not_called_clean(tmp_path: Path) -> None:
    assert audited(tmp_path) == "could not be run: its database has none of 0 packages"


@pytest.mark.parametrize(
    ("printed", "complaint", "sentence"),
    [
        ("", "Traceback\nno such host\n", "could not be run: no such host"),
        ("", "", "could not be run: no output"),
        (
            '{"dependencies": [{"name": "h11", "skip_reason": "not found"}]}',
            "",
            "could not be run: its database has none of 1 packages",
        ),
        (
            '{"dependencies": [{"name": "h11", "vulns": []}, {"name": "own"}]}',
            "",
            "clean: 1 of 2 packages are in its database",
        ),
    ],
)
def test_an_audit_names_what_it_could_look_up(
    printed: str, complaint: str, sentence: str
) -> None:
    assert verdict(printed, complaint) == sentence


def test_a_vulnerable_package_is_named() -> None:
    printed = '{"dependencies": [{"name": "h11", "vulns": [{"id": "PYSEC-2025-1"}]}]}'
    with pytest.raises(RuntimeError, match=r"^pip-audit found h11: PYSEC-2025-1$"):
        verdict(printed, "")
