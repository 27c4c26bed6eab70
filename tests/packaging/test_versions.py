"""What CI tries under each version, tried here under those that are installed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import versions
from tests.support.fresh import Environment
from tests.support.launchers import ADDED
from tests.support.supported import floors, pinned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Environment(Path(sys.prefix))

# uvicorn whose method takes something else than it does today
BENT = f"""\
from uvicorn.protocols.http import h11_impl, httptools_impl
for own in (h11_impl.H11Protocol, httptools_impl.HttpToolsProtocol):
    def decide(self, *other, today=own._should_upgrade):
        return today(self)
    own._should_upgrade = decide
from {ADDED.module} import app
"""
# gunicorn without what its ASGI worker is made of
WITHOUT_WORKER = """\
import sys
sys.modules["gunicorn.asgi.protocol"] = None
from ws_handshake.gunicorn import ASGIWorker
"""


@pytest.mark.parametrize(
    "command", [versions.UVICORN, versions.GUNICORN, versions.HYPERCORN]
)
def test_fastapi_with_add_middleware_rejects_a_missing_key(
    command: str, tmp_path: Path
) -> None:
    ADDED.save(tmp_path)
    held = [*versions.checked(HERE, tmp_path, command.split())]
    assert held == ["101", "400 key_missing", "rejected"]


@pytest.mark.parametrize("parser", ["h11", "httptools"])
def test_under_a_uvicorn_of_another_shape_it_runs_as_without_us_with_the_warning(
    parser: str, tmp_path: Path
) -> None:
    ADDED.save(tmp_path)
    (tmp_path / "bent.py").write_text(BENT, encoding="utf-8")
    command = ["uvicorn", "bent:app", "--http", parser]
    held = [*versions.unchecked(HERE, tmp_path, command)]
    assert held == ["101", "400", "protocol_not_installed"]


def test_gunicorn_without_an_asgi_worker_ends_with_the_hint(tmp_path: Path) -> None:
    ADDED.save(tmp_path)
    (tmp_path / "without.py").write_text(WITHOUT_WORKER, encoding="utf-8")
    command = versions.GUNICORN.replace("ws_handshake.gunicorn", "without").split()
    command += ["--pythonpath", str(tmp_path)]
    assert [*versions.not_started(HERE, tmp_path, command)] == ["the hint"]


def test_where_gunicorn_starts_all_the_same_the_hint_is_missed(tmp_path: Path) -> None:
    ADDED.save(tmp_path)
    with pytest.raises(RuntimeError, match=r"^Expected the hint; seen: "):
        next(versions.not_started(HERE, tmp_path, versions.GUNICORN.split()))


def test_each_version_is_installed_then_started_then_tested(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def steps(_: Environment, folder: Path, command: Sequence[str]) -> Iterator[str]:
        assert (folder / f"{ADDED.module}.py").is_file()
        yield command[0]

    def run(command: Sequence[str | Path]) -> str:
        commands.append([str(part) for part in command[1:]])
        return "1 passed\n" if "pytest" in command else "0.1\n"

    commands: list[list[str]] = []
    both = (
        (versions.Trial("one==0.1", steps=steps, tests="test_one asgi/test_one"),),
        (versions.Trial("two", versions.GUNICORN, steps),),
    )
    monkeypatch.setattr(versions, "TRIALS", both)
    both_in = [Environment(tmp_path, run)] * 2
    lines = versions.tried(both_in, Path("a.whl"), tmp_path, newest=True)
    assert [line.rpartition(" (")[0] for line in lines] == [
        "  one 0.1: uvicorn, 1 passed",
        "  two 0.1: gunicorn",
    ]
    installed = [c[-1] for c in commands if "--upgrade" in c]
    assert sorted(installed) == ["one==0.1", "two"]
    (tests,) = (c for c in commands if "pytest" in c)
    assert tests[-2:] == ["tests/test_one.py", "tests/asgi/test_one.py"]


def test_the_newest_can_be_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def steps(_: Environment, _folder: Path, command: Sequence[str]) -> Iterator[str]:
        yield command[0]

    lane = (versions.Trial("one==0.1", steps=steps), versions.Trial("one", steps=steps))
    monkeypatch.setattr(versions, "TRIALS", (lane,))
    environments = [Environment(tmp_path, lambda _: "0.1\n")]
    held = versions.tried(environments, Path("a.whl"), tmp_path, newest=False)
    assert [line.rpartition(" (")[0] for line in held] == ["  one 0.1: uvicorn"]


def test_the_lowest_that_the_extras_allow_are_tried_and_the_newest() -> None:
    tried = {trial.requirement for lane in versions.TRIALS for trial in lane}
    servers = {"uvicorn", "gunicorn", "hypercorn"}
    lowest = {pinned(floor) for floor in floors([*servers])}
    assert tried >= servers | {
        pin for pin in lowest if pin.partition("==")[0] in servers
    }
