"""The commands of the project, and the script that CI runs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tomllib
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.support.wires import ROOT, free_port

if TYPE_CHECKING:
    from pathlib import Path

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CI = ROOT / ".ci" / "run"


# `make test` runs these tests, and its variables would change a make within it.
OUTSIDE = {n: v for n, v in os.environ.items() if not n.startswith(("MAKE", "MFLAGS"))}


def make(*arguments: str, directory: Path = ROOT) -> str:
    done = subprocess.run(
        ["make", *arguments],  # noqa: S607  (whichever make is installed)
        cwd=directory,
        env=OUTSIDE,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_there_are_nine_commands_and_clean() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony.split() == [
        *("demo", "test", "check", "docs", "bench", "soak", "fuzz", "mutants"),
        *("release-check", "clean"),
    ]


@pytest.mark.parametrize(
    ("command", "last"),
    [
        ("demo", "PORT='8123' .venv/bin/python -m demo_app"),
        ("check", ".venv/bin/lint-imports"),
        ("docs", ".venv/bin/zensical build --clean --strict"),
        ("bench", ".venv/bin/python -m tests.bench"),
        ("soak", "nice -n 10 .venv/bin/python -m tests.soak"),
        ("mutants", "nice -n 10 .venv/bin/python -m tests.mutants"),
        ("release-check", ".venv/bin/python -m tests.suites"),
    ],
)
def test_a_command_runs_what_its_name_says(command: str, last: str) -> None:
    done = make("--dry-run", command, "PORT=8123")
    assert done.rstrip().splitlines()[-1] == last


def test_the_tests_are_run_under_coverage_and_their_report_can_fail() -> None:
    done = make("--dry-run", "test").splitlines()
    erased, browsers, others, own = done[-4:]
    assert erased == ".venv/bin/coverage erase"
    command = "--dist loadfile --no-loadscope-reorder --cov --timeout"
    assert f"{command} 180 --cov-report= --cov-fail-under=0 " in browsers
    assert f"{command} 600 --cov-append --cov-report term-missing " in others
    with_browsers = browsers.split()[browsers.split().index("--cov-fail-under=0") + 1 :]
    assert re.findall(r"--ignore=(\S+)", others) == with_browsers
    assert all((ROOT / path).exists() for path in with_browsers)
    assert own == ".venv/bin/python -m tests.support.own_coverage"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["coverage"]["report"]["fail_under"] == 100


def test_on_a_fresh_machine_each_command_builds_its_environment_first(
    tmp_path: Path,
) -> None:
    for name in ("Makefile", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    steps = [
        line
        for line in make("--dry-run", "demo", directory=tmp_path).splitlines()
        if not line.startswith(("touch", "python3 -c", "Python"))
    ]
    assert steps == [
        "python3 -m venv .venv",
        ".venv/bin/python -m pip install --quiet --upgrade pip",
        ".venv/bin/python -m pip install --quiet --editable . --group demo",
        "PORT='8000' .venv/bin/python -m demo_app",
    ]


def test_a_python_that_is_too_old_is_an_error_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    (tmp_path / "pyproject.toml").touch()
    old = tmp_path / "python-old"
    old.write_text(
        "#!/usr/bin/env python3\n"
        "import sys\n"
        "sys.version_info = (3, 10)\n"
        "exec(sys.argv[2])\n"
    )
    old.chmod(0o755)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        make("demo", f"PYTHON={old}", directory=tmp_path)
    sentence = failed.value.stderr.splitlines()[0]
    assert sentence.startswith("This needs Python 3.11 or newer; name one, such as: ")
    assert sentence.endswith("make demo PYTHON=python3.12")


def test_make_demo_serves_the_page_at_the_port_that_was_asked_for() -> None:
    port = free_port()
    demo = subprocess.Popen(
        ["make", "--assume-old=.venv/demo", "demo", f"PORT={port}"],  # noqa: S607  (ditto)
        cwd=ROOT,
        env=OUTSIDE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with demo:
        assert demo.stdout is not None
        while f"http://127.0.0.1:{port}" not in demo.stdout.readline():
            assert demo.poll() is None
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
            assert page.status == 200
        os.killpg(demo.pid, signal.SIGINT)


def test_ci_stops_at_the_first_failure_and_runs_the_checks_before_the_tests() -> None:
    script = CI.read_text(encoding="utf-8")
    assert os.access(CI, os.X_OK)
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "\nset -euo pipefail\n" in script
    assert "\nexport CI=true " in script
    assert re.findall(r"^make (\w+)", script, re.MULTILINE) == ["check", "test"]
    subprocess.run(["bash", "-n", str(CI)], check=True)  # noqa: S607  (ditto)


@pytest.mark.parametrize("failing", ["nothing", "newcomer --older", "suites --quick"])
def test_ci_fails_if_one_of_two_that_run_beside_each_other_does(
    failing: str, tmp_path: Path
) -> None:
    script = CI.read_text(encoding="utf-8")
    beside = script[script.index("others=$(mktemp)") : script.index("\necho\n")]
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    fails = f'case "$*" in *"{failing}") exit 1; esac'
    python.write_text(f'#!/bin/sh\necho "ran $*"\n{fails}\n')
    python.chmod(0o755)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", beside],  # noqa: S607  (ditto)
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (0 if failing == "nothing" else 1)
    ran = ["ran -m tests.support.newcomer --older", "ran -m tests.suites --quick"]
    assert done.stdout.splitlines() == ran
