"""The wheel in empty environments, as a newcomer tries it.

It is slow and needs a package index; `make release-check` runs it before a release.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.support import newcomer_path, supported, versions
from tests.support.audit import audited
from tests.support.fresh import Environment, fresh
from tests.support.packages import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_EXTRAS = "uvicorn,cli,prometheus,hypercorn,gunicorn,opentelemetry"
_WHERE = "import sysconfig; print(sysconfig.get_path('purelib'))"


def main(arguments: Sequence[str]) -> None:
    """Try the wheel, and print line by line what held; the first failure ends it."""
    parser = argparse.ArgumentParser(
        "python -m tests.support.newcomer", description=__doc__
    )
    parser.add_argument(
        "--python", action="append", help="try this one; may be given several times"
    )
    tried = parser.add_mutually_exclusive_group()
    tried.add_argument("--lowest", action="store_true", help="the lowest versions")
    tried.add_argument("--newest", action="store_true", help="the newest versions")
    tried.add_argument(
        "--versions", action="store_true", help="servers and FastAPI, one by one"
    )
    tried.add_argument(
        "--older", action="store_true", help="the same without the newest of them"
    )
    tried.add_argument("--quick", action="store_true", help="see that it runs")
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as directory:
        for line in report(given, Path(directory)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def report(given: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Yield the lines of the report."""
    if given.quick:
        yield from glance(Environment(Path(sys.prefix)), folder)
        return
    wheel = build(folder / "dist").wheel
    for number, python in enumerate(given.python or [sys.executable]):
        home = folder / str(number)
        environment = fresh(python, home / "environment")
        yield environment.python("--version").strip()
        if given.lowest or given.newest:
            yield from supported.tried(environment, wheel, lowest=given.lowest)
        elif given.versions or given.older:
            both = [environment, fresh(python, home / "second")]
            yield from versions.tried(both, wheel, home, newest=given.versions)
        else:
            yield from path(environment, wheel, home)


def glance(environment: Environment, folder: Path) -> Iterator[str]:
    """Take two steps of the path with what is installed already."""
    yield _line("quick start", newcomer_path.quick_start(environment, folder / "quick"))
    yield _line("metrics", newcomer_path.metrics_page(environment, folder / "metrics"))


def path(environment: Environment, wheel: Path, folder: Path) -> Iterator[str]:
    """Install what the README says, then the extras, then frameworks; try each."""
    yield _line("README", newcomer_path.readme(environment, wheel, folder / "readme"))
    yield _line("quick start", newcomer_path.quick_start(environment, folder / "quick"))
    environment.install(f"{wheel}[{_EXTRAS}]")
    yield _line("ws-handshake", newcomer_path.command(environment))
    yield f"  pip-audit: {audited(Path(environment.python('-c', _WHERE).strip()))}"
    environment.install(*newcomer_path.FRAMEWORKS.values())
    for name in newcomer_path.FRAMEWORKS:
        steps = newcomer_path.framework(environment, folder / name, name)
        yield _line(name, steps)
    yield _line("metrics", newcomer_path.metrics_page(environment, folder / "metrics"))


def _line(name: str, steps: Iterator[str]) -> str:
    return f"  {name}: {', '.join(steps)}"


if __name__ == "__main__":
    main(sys.argv[1:])
