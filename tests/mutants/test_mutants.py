"""What `make mutants` prepares, reads and reports; mutmut itself takes half an hour."""

from __future__ import annotations

import json
import subprocess
import tomllib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from tests.mutants import __main__ as mutants
from tests.mutants.__main__ import MODULES, Mutant
from tests.support.own_coverage import PACKAGE, ROOT, modules

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

DIFF = """--- src/ws_handshake/head.py
+++ src/ws_handshake/head.py
@@ -1,2 +1,2 @@
 def f():
-    return  1
+    return  2
"""


def test_every_module_that_judges_and_diagnoses_is_mutated() -> None:
    found = {module.name for module in modules(PACKAGE)}
    decide = {name for name in found if name.startswith(("core/", "diagnosis/"))}

    assert {*MODULES} == decide - {"core/normalize", "core/raw_request"}


def test_the_tests_are_the_modules_own() -> None:
    files = mutants.own_tests(ROOT)

    assert {"tests/core/test_request.py", "tests/core/test_rules_origin.py"} <= {*files}
    assert not {"tests/core/test_raw_request.py", "tests/asgi/test_middleware.py"} & {
        *files
    }


def test_what_mutmut_needs_is_copied_with_the_package_under_src(tmp_path: Path) -> None:
    mutants.prepare(ROOT, tmp_path)

    settings = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["pytest"]["pythonpath"] == [".", "src"]
    asked = settings["tool"]["mutmut"]
    assert asked["only_mutate"] == [f"src/ws_handshake/{name}.py" for name in MODULES]
    paths = [*asked["only_mutate"], *asked["pytest_add_cli_args_test_selection"]]
    assert all((tmp_path / path).is_file() for path in paths)


def test_the_change_of_a_mutant_is_its_new_line() -> None:
    assert mutants.change(DIFF) == "return 2"


def test_every_survivor_that_is_listed_has_a_reason_and_stands_there_once() -> None:
    table: dict[str, list[str]] = tomllib.loads(
        mutants.ALIVE.read_text(encoding="utf-8")
    )
    lines = [line for of in table.values() for line in of]

    assert len(lines) == len(set(lines)) == len(mutants.reasons(mutants.ALIVE))
    assert {line.partition(":")[0] for line in lines} <= {*MODULES}
    assert all(len(why.split()) > 3 for why in table)


def _played(
    monkeypatch: pytest.MonkeyPatch, place: Path, *, killed: int, listed: str
) -> list[list[str]]:
    """Run nothing, and write what mutmut would have found."""
    asked: list[list[str]] = []

    def run(command: list[str], **_options: Any) -> Any:
        asked.append(command[2:])
        return SimpleNamespace(stdout=DIFF)

    meta = place / "mutants" / "src" / "ws_handshake"
    meta.mkdir(parents=True)
    for module in MODULES:
        codes = {f"{module}.f_{number}": 1 for number in range(20)}
        if module == "core/request":
            codes |= {f"core/request.f_{number}": 0 for number in range(killed, 20)}
        (meta / module).parent.mkdir(exist_ok=True)
        (meta / f"{module}.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    alive = place / "alive.toml"
    alive.write_text(f'"it does the same" = [{listed}]', encoding="utf-8")
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(mutants, "ALIVE", alive)
    return asked


def test_a_survivor_with_a_reason_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = _played(monkeypatch, tmp_path, killed=19, listed='"core/request: return 2"')
    assert mutants.main(["--max-children", "1"], place=tmp_path) == 0

    printed = capsys.readouterr().out.splitlines()
    assert "core/request                  19 of    20    95.0 %" in printed
    of_all = 20 * len(MODULES)
    assert printed[-1].split()[:4] == ["all", f"{of_all - 1}", "of", f"{of_all}"]
    assert asked == [
        ["mutmut", "run", "--max-children", "1"],
        ["mutmut", "show", "core/request.f_19"],
    ]


def test_a_survivor_without_a_reason_fails_and_a_killed_one_with_a_reason_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _played(monkeypatch, tmp_path, killed=19, listed='"core/request: return 3"')
    assert mutants.main([], place=tmp_path) == 1

    assert capsys.readouterr().out.splitlines()[-2:] == [
        "not explained: core/request: return 2",
        "killed by now: core/request: return 3",
    ]


def test_fewer_than_95_of_a_hundred_fail() -> None:
    of = [Mutant("core/request", "f", killed=number < 94) for number in range(100)]

    assert mutants.percent(of) == 94 < mutants.LEAST_PERCENT
    assert mutants.percent([]) == 100


def test_mutants_are_never_made_in_place() -> None:
    assert mutants.PLACE.relative_to(ROOT).parts == ("build", "mutants")
    assert "build/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
