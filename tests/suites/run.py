"""Runs other people's tests without us and with us, and compares test by test."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.suites import plugin
from tests.suites.differences import reason_for
from tests.suites.source import (
    NoTestsError,
    copied,
    fetched,
    install,
    requirements,
)
from tests.support.fresh import Environment, empty
from tests.support.needed import in_ci
from tests.support.packages import environment as variables
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.suites.differences import Reason
    from tests.suites.suites import Suite

    Outcomes = dict[str, dict[str, Any]]

_PLUGIN = "ws_handshake_in_place"
_SECONDS = 900
#: How often tests that differ without a reason are run again, without us and with us.
_AGAIN = 2
_ALL = "all of them"


@dataclass
class Result:
    """What came of a suite, or why it could not be run: in CI that is a failure."""

    suite: Suite
    skipped: str = ""
    tests: int = 0
    without: int = 0
    with_us: int = 0
    reached: int = 0
    listed: dict[str, Reason] = field(default_factory=dict)
    unlisted: dict[str, str] = field(default_factory=dict)
    seconds: float = 0

    @property
    def failed(self) -> bool:
        """Whether the run fails for it."""
        return bool(self.unlisted or (self.skipped and in_ci()))


@dataclass(frozen=True)
class Place:
    """Where the tests of a suite are, and the Python that runs them."""

    suite: Suite
    environment: Environment
    tests: Path
    quick: bool

    def run(self, *ways: str, only: Sequence[str] = ()) -> Outcomes:
        """Run them, with us in place in these ways, and return what came of each."""
        suite, written = self.suite, self.tests / "outcomes.json"
        chosen = only or (suite.quick if self.quick else suite.tests)
        but = ("-k", suite.but) if self.quick and suite.but else ()
        command = [
            *(self.environment.program("python"), "-m", "pytest", "-q"),
            *("-c", suite.settings, "--rootdir", self.tests),
            *("-p", "no:cacheprovider", "--continue-on-collection-errors"),
            *("-p", _PLUGIN, "--outcomes", written),
            *(f"-p{name}" for name in suite.plugins),
            *("--in-place", ",".join(ways)),
            *suite.options,
            *but,
            *chosen,
        ]
        written.unlink(missing_ok=True)
        printed = self._printed(command)
        if not written.is_file():
            raise RuntimeError(f"{suite.name} did not run:\n{printed[-4000:]}")
        read: Outcomes = json.loads(written.read_text(encoding="utf-8"))
        return read

    def _printed(self, command: Sequence[str | Path]) -> str:
        """Run a command until it ends or the time is over; its children end with it."""
        log = self.tests / "printed.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.tests,
                env=self._variables(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            with suppress(subprocess.TimeoutExpired):
                process.wait(_SECONDS)
            with suppress(ProcessLookupError):  # xdist's workers, where one hangs
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return log.read_text(encoding="utf-8", errors="replace")

    def _variables(self) -> Mapping[str, str]:
        path = os.pathsep.join([str(self.tests), str(ROOT / "middleware")])
        return variables(
            PYTHONPATH=path,
            PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
            PYTHONDONTWRITEBYTECODE="1",
        )


def compare(
    suite: Suite, folder: Path, python: str, *, quick: bool, source: Path | None = None
) -> Result:
    """Run a suite twice in a new environment, and return how the runs differ.

    `source` is a folder with the package's source, for one that pip does not bring.
    """
    environment = empty(python, folder / "environment")
    try:
        tests = (
            fetched(suite, environment, folder)
            if source is None
            else copied(suite, source, folder / "tests")
        )
        install(environment, *requirements(suite, tests))
    except NoTestsError as reason:
        return Result(suite, skipped=str(reason))
    shutil.copy(plugin.__file__, tests / f"{_PLUGIN}.py")
    try:
        result = compared(Place(suite, environment, tests, quick))
    except RuntimeError as error:
        return Result(suite, unlisted={_ALL: str(error)})
    if not result.reached:
        result.unlisted[_ALL] = "none calls our middleware"
    return result


def compared(place: Place) -> Result:
    """Run the tests without us, then with us, and those that differ once more."""
    suite = place.suite
    without, with_us = place.run(), place.run(*suite.ways)
    for _ in range(_AGAIN):
        if again := [*unlisted(suite, without, with_us)]:
            without |= place.run(only=again)
            with_us |= place.run(*suite.ways, only=again)
    listed = {
        name: reason
        for name, seen in with_us.items()
        if _differs(without, with_us, name)
        and (reason := reason_for(suite.package, name, seen.get("shown", "")))
    }
    return Result(
        suite,
        tests=len(without),
        without=_passed(without),
        with_us=_passed(with_us),
        reached=sum(seen.get("reached", False) for seen in with_us.values()),
        listed=listed,
        unlisted=unlisted(suite, without, with_us),
    )


def unlisted(suite: Suite, without: Outcomes, with_us: Outcomes) -> dict[str, str]:
    """Return the tests that differ for no reason in the list, with what they showed."""
    found = {}
    for name in without | with_us:
        shown = with_us.get(name, {}).get("shown", "")
        if _differs(without, with_us, name) and not reason_for(
            suite.package, name, shown
        ):
            found[name] = shown
    return found


def _differs(without: Outcomes, with_us: Outcomes, name: str) -> bool:
    one, other = without.get(name, {}), with_us.get(name, {})
    return bool(one.get("outcome") != other.get("outcome"))


def _passed(outcomes: Outcomes) -> int:
    return sum(seen["outcome"] == "passed" for seen in outcomes.values())
