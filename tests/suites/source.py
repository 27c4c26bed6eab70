"""The tests of a package, from its source distribution."""

from __future__ import annotations

import re
import shutil
import tarfile
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.suites.suites import Suite
    from tests.support.fresh import Environment

# of a group for developers, what no test needs
_TOOLS = re.compile(r"^(ruff|mypy|types-|twine|coverage|mkdocs)")


class NoTestsError(Exception):
    """The tests cannot be had, for the reason that it says."""


def fetched(suite: Suite, environment: Environment, folder: Path) -> Path:
    """Download the source distribution and unpack the tests; return their folder.

    Raises NoTestsError where pip does not find it, or where it has no tests.
    """
    into = folder / "sdist"
    options = ("--quiet", "--no-deps", "--no-binary", suite.package, "--dest", into)
    with _pip("does not find its source"):
        environment.python("-m", "pip", "download", *options, suite.requirement)
    (archive,) = into.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(into, filter="data")
    (unpacked,) = (path for path in into.iterdir() if path.is_dir())
    return copied(suite, unpacked, folder / "tests")


def copied(suite: Suite, source: Path, folder: Path) -> Path:
    """Copy what a suite keeps of a source, and not the package: that is installed."""
    if not (source / "tests").is_dir():
        raise NoTestsError("its source distribution has no tests")
    folder.mkdir(parents=True)
    for name in suite.keeps:
        kept = source / name
        copy = shutil.copytree if kept.is_dir() else shutil.copy
        copy(kept, folder / name)
    return folder


def install(environment: Environment, *requirements: str) -> None:
    """Install what a suite needs; raise NoTestsError where pip cannot."""
    with _pip("does not install what they need"):
        environment.install(*requirements)


@contextmanager
def _pip(fails: str) -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        last = str(error).rstrip().splitlines()[-1]
        raise NoTestsError(f"pip {fails}: {last}") from error


def requirements(suite: Suite, folder: Path) -> list[str]:
    """Return what its environment is made of; structlog is for us."""
    asked = [f"{suite.package}{suite.extras}=={suite.version}", "structlog"]
    if suite.group is not None:
        read: dict[str, Any] = tomllib.loads(
            (folder / "pyproject.toml").read_text(encoding="utf-8")
        )
        asked += _needed(read["dependency-groups"][suite.group], suite.package)
    return [*asked, *suite.needs]


def _needed(group: Sequence[str], package: str) -> list[str]:
    itself = f"{package}["  # the newest, with its extras
    return [one for one in group if not (_TOOLS.match(one) or one.startswith(itself))]
