"""Proves that each module is covered by its own tests: python -m tests.own_coverage.

For `head.py` these are `test_head.py` and `test_head_*.py`, run by themselves; `cli/`
adds its name in front, and `__main__.py` is called `main`. Names of modules as
arguments choose some of them.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from coverage import Coverage, CoverageException

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "middleware" / "ws_handshake"


@dataclass(frozen=True)
class Module:
    """A module, and what it is called in the names of its test files."""

    path: Path
    name: str

    def tests(self, directory: Path) -> list[Path]:
        """Return the test files that are its own."""
        files = [*directory.glob(f"test_{self.name}.py")]
        return sorted([*files, *directory.glob(f"test_{self.name}_*.py")])


def modules(package: Path) -> list[Module]:
    """Return the modules of a package; an `__init__.py` only says what is public."""
    paths = [p for p in sorted(package.rglob("*.py")) if p.name != "__init__.py"]
    parts = [path.relative_to(package).with_suffix("").parts for path in paths]
    names = ["_".join(part).strip("_") for part in parts]
    return [Module(*pair) for pair in zip(paths, names, strict=True)]


def shortfall(module: Module, root: Path) -> str | None:
    """Run the tests of one module; return what is wrong, or None."""
    tests = module.tests(root / "tests")
    if not tests:
        return f"has no tests/test_{module.name}.py"
    with TemporaryDirectory() as directory:
        data = Path(directory, "coverage")
        run = subprocess.run(
            _command(module, tests, data), cwd=root, capture_output=True, check=False
        )
        if run.returncode:
            return "fails its tests:\n" + run.stdout.decode(errors="replace")[-2000:]
        return _uncovered(module, data, root)


def _command(module: Module, tests: list[Path], data: Path) -> list[str]:
    settings = data.with_name("settings")
    settings.write_text(f"[run]\nbranch = true\ninclude = {module.path}\n", "utf-8")
    measured = [f"--rcfile={settings}", f"--data-file={data}"]
    files = [str(path) for path in tests]
    pytest = ["pytest", "-q", "-p", "no:cacheprovider", *files]
    return [sys.executable, "-m", "coverage", "run", *measured, "-m", *pytest]


def _uncovered(module: Module, data: Path, root: Path) -> str | None:
    report = io.StringIO()
    # the settings of the project say which lines are left out
    coverage = Coverage(data_file=str(data), config_file=str(root / "pyproject.toml"))
    coverage.load()
    try:
        percent = coverage.report(
            include=[str(module.path)],
            file=report,
            show_missing=True,
            skip_covered=False,
        )
    except CoverageException:
        return "is not covered at all"
    return None if percent == 100 else "is not covered:\n" + report.getvalue()


def main(names: list[str], root: Path = ROOT, package: Path = PACKAGE) -> int:
    """Say of every module whether its own tests cover it; return the exit status."""
    chosen = [m for m in modules(package) if not names or m.name in names]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda module: shortfall(module, root), chosen))
    for module, complaint in zip(chosen, found, strict=True):
        sys.stdout.write(
            f"{module.name} {complaint or 'is covered by its own tests'}\n"
        )
    return 1 if any(found) or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
