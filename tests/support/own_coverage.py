"""Proves that each module is covered by its own tests.

For `core/rules.py` these are `tests/core/test_rules.py` and `test_rules_*.py` beside
it; `__main__.py` is called `main`. What they covered is read from the last run of all
tests, in which `conftest.py` names the running file to coverage. Names of modules as
arguments (`python -m tests.support.own_coverage core/rules`) run the tests of these.
"""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from coverage import Coverage

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "middleware" / "ws_handshake"


@dataclass(frozen=True)
class Module:
    """A module, and where its tests are: the path without `.py`, and `test_` in it."""

    path: Path
    name: str

    def tests(self, directory: Path) -> list[Path]:
        """Return the test files that are its own."""
        files = [*directory.glob(f"{self.own}.py")]
        return sorted([*files, *directory.glob(f"{self.own}_*.py")])

    @property
    def own(self) -> str:
        """How the paths of its test files begin."""
        folder, slash, name = self.name.rpartition("/")
        return f"{folder}{slash}test_{name}"


def modules(package: Path) -> list[Module]:
    """Return the modules of a package; an `__init__.py` only says what is public."""
    paths = [p for p in sorted(package.rglob("*.py")) if p.name != "__init__.py"]
    names = [path.relative_to(package).with_suffix("").as_posix() for path in paths]
    return [Module(path, n.strip("_")) for path, n in zip(paths, names, strict=True)]


def measure(tests: list[Path], data: Path, root: Path) -> str | None:
    """Run test files and keep what they cover; return what they print if they fail."""
    measured = [sys.executable, "-m", "coverage", "run", f"--data-file={data}"]
    pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, tests)]
    run = subprocess.run(
        [*measured, *pytest], cwd=root, capture_output=True, check=False
    )
    return run.stdout.decode(errors="replace") if run.returncode else None


def shortfall(module: Module, measured: Coverage, root: Path) -> str | None:
    """Return what the own tests of one module left out, or None."""
    if not module.tests(root / "tests"):
        return f"has no tests/{module.own}.py"
    if str(module.path) not in measured.get_data().measured_files():
        return "was not measured: run the tests with coverage first"
    report = io.StringIO()
    percent = measured.report(
        morfs=[str(module.path)],
        # the empty one is what happens at import
        contexts=["^$", f"^{module.own}(_[^/]*)?$"],
        file=report,
        show_missing=True,
        skip_covered=False,
    )
    return None if percent == 100 else "is not covered:\n" + report.getvalue()


def report(chosen: list[Module], data: Path, root: Path) -> int:
    """Print of every module whether its own tests cover it; return the exit status."""
    coverage = Coverage(data_file=str(data), config_file=str(root / "pyproject.toml"))
    coverage.load()
    found = [shortfall(module, coverage, root) for module in chosen]
    for module, complaint in zip(chosen, found, strict=True):
        sys.stdout.write(
            f"{module.name} {complaint or 'is covered by its own tests'}\n"
        )
    return 1 if any(found) or not chosen else 0


def main(names: list[str], root: Path = ROOT, package: Path = PACKAGE) -> int:
    """Report on all modules, or on those that are named; return the exit status."""
    if not names:
        return report(modules(package), root / ".coverage", root)
    chosen = [module for module in modules(package) if module.name in names]
    tests = [path for module in chosen for path in module.tests(root / "tests")]
    with TemporaryDirectory() as directory:
        data = Path(directory, "coverage")
        failed = measure(tests, data, root) if tests else None
        if failed is not None:
            sys.stdout.write(f"The tests fail:\n{failed[-2000:]}")
            return 1
        return report(chosen, data, root)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
