"""Mutates core and diagnosis, and runs their tests: python -m tests.mutants.

mutmut wants the source under src/ and works where it stands, so that all is copied to
build/mutants. Survivors must be listed in tests/mutants/alive.toml with a reason.
Arguments are handed to `mutmut run`: names of mutants, or --max-children.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.own_coverage import modules

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
PLACE = ROOT / "build" / "mutants"
ALIVE = ROOT / "tests" / "mutants" / "alive.toml"

MODULES = (
    *(
        "core/authority",
        "core/authority_flaws",
        "core/fast_path",
        "core/field_flaws",
        "core/flaws",
        "core/grammar",
        "core/policy",
        "core/reasons",
    ),
    *("core/redaction", "core/request", "core/rules", "core/verdict"),
    "core/violation",
    *("diagnosis/cause", "diagnosis/causes", "diagnosis/clients"),
    *("diagnosis/forward_proxies", "diagnosis/hops"),
    *("diagnosis/miswritten", "diagnosis/platforms", "diagnosis/proxies"),
    *("diagnosis/proxy", "diagnosis/same_origin", "diagnosis/signatures"),
    "diagnosis/stripped_upgrade",
)
LEAST_PERCENT = 95

_KILLED = 1
_SETTINGS = """
[tool.mutmut]
source_paths = ["src/ws_handshake"]
only_mutate = {modules}
also_copy = ["src", "docs", "demo_app", "Makefile", "README.md"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-q", "-x", "-p", "no:cacheprovider"]
"""


@dataclass(frozen=True)
class Mutant:
    """One change of one function, and whether a test noticed it."""

    module: str
    name: str
    killed: bool


def own_tests(root: Path) -> list[str]:
    """Return the test files of the mutated modules."""
    found = {
        test.relative_to(root).as_posix()
        for module in modules(root / "middleware" / "ws_handshake")
        for test in module.tests(root / "tests")
        if module.name in MODULES
    }
    return sorted(found)


def prepare(root: Path, place: Path) -> None:
    """Copy what mutmut needs, the package as src/; what it has found before is kept."""
    package = root / "middleware" / "ws_handshake"
    shutil.copytree(package, place / "src" / "ws_handshake", dirs_exist_ok=True)
    for name in ("tests", "docs", "demo_app"):
        shutil.copytree(root / name, place / name, dirs_exist_ok=True)
    for name in ("Makefile", "README.md"):
        shutil.copy(root / name, place / name)
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    settings = _SETTINGS.format(
        modules=json.dumps([f"src/ws_handshake/{name}.py" for name in MODULES]),
        tests=json.dumps(own_tests(root)),
    )
    project = project.replace('pythonpath = ["."]', 'pythonpath = [".", "src"]')
    (place / "pyproject.toml").write_text(project + settings, encoding="utf-8")


def results(place: Path) -> Iterator[Mutant]:
    """Read what became of every mutant; one that was not tried counts as alive."""
    for module in MODULES:
        meta = place / "mutants" / "src" / "ws_handshake" / f"{module}.py.meta"
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        for name, code in codes.items():
            yield Mutant(module, name, code == _KILLED)


def change(diff: str) -> str:
    """Return the line of a diff that a mutant has instead, with its function."""
    return " ".join(
        re.sub(r"\s+", " ", line[1:].strip())
        for line in diff.splitlines()
        if re.match(r"\+(?!\+\+)", line)
    )


def _shown(mutant: Mutant, place: Path) -> str:
    command = [sys.executable, "-m", "mutmut", "show", mutant.name]
    done = subprocess.run(
        command, cwd=place, capture_output=True, text=True, check=True
    )
    return f"{mutant.module}: {change(done.stdout)}"


def reasons(listed: Path) -> dict[str, str]:
    """Return why each survivor is one, by what it has instead."""
    table: dict[str, list[str]] = tomllib.loads(listed.read_text(encoding="utf-8"))
    return {line: why for why, lines in table.items() for line in lines}


def report(mutants: list[Mutant], alive: list[str], known: dict[str, str]) -> list[str]:
    """Return how many were killed, by module, and the survivors without a reason."""
    lines = []
    for module in (*MODULES, "all"):
        of = [mutant for mutant in mutants if module in {mutant.module, "all"}]
        killed = sum(mutant.killed for mutant in of)
        lines.append(f"{module:26} {killed:5} of {len(of):5}  {percent(of):6.1f} %")
    lines += [f"not explained: {line}" for line in alive if line not in known]
    return lines + [f"killed by now: {line}" for line in known if line not in alive]


def percent(mutants: list[Mutant]) -> float:
    """Return how many of a hundred were killed; of none all."""
    return 100 * sum(m.killed for m in mutants) / len(mutants) if mutants else 100.0


def main(arguments: list[str], root: Path = ROOT, place: Path = PLACE) -> int:
    """Mutate, test and report; return the exit status."""
    place.mkdir(parents=True, exist_ok=True)
    prepare(root, place)
    command = [sys.executable, "-m", "mutmut", "run", *arguments]
    subprocess.run(command, cwd=place, stdout=subprocess.DEVNULL, check=False)
    mutants = list(results(place))
    alive = [_shown(mutant, place) for mutant in mutants if not mutant.killed]
    lines = report(mutants, alive, reasons(ALIVE))
    sys.stdout.write("\n".join(lines) + "\n")
    explained = not any(line.startswith("not explained") for line in lines)
    return 0 if explained and percent(mutants) >= LEAST_PERCENT else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
