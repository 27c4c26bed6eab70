"""Versions of uvicorn, gunicorn, Hypercorn and FastAPI, and what we do under each."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

from tests.support.handshakes import VALID
from tests.support.launchers import ADDED
from tests.support.newcomer_path import expect
from tests.support.supported import TESTS, tested
from tests.support.waiting import wait_until
from tests.support.wires import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.support.fresh import Environment

    Steps = Callable[[Environment, Path, Sequence[str]], Iterator[str]]

KEYLESS = VALID.without(b"sec-websocket-key").wire()

UVICORN = f"uvicorn {ADDED.module}:app --port {{port}}"
HYPERCORN = (
    f"hypercorn {ADDED.module}:app --bind 127.0.0.1:{{port}} "
    "--config python:ws_handshake.hypercorn"
)
GUNICORN = (
    f"gunicorn {ADDED.module}:app --bind 127.0.0.1:{{port}} --graceful-timeout 1 "
    "--worker-class ws_handshake.gunicorn.ASGIWorker"
)


def checked(
    environment: Environment, folder: Path, command: Sequence[str]
) -> Iterator[str]:
    """Start FastAPI with `add_middleware`: a missing key gets our 400."""
    return _responds(environment, folder, command, ("key_missing",), "rejected")


def unchecked(
    environment: Environment, folder: Path, command: Sequence[str]
) -> Iterator[str]:
    """Start it where we cannot be installed: as without us, with the warning."""
    return _responds(environment, folder, command, (), "protocol_not_installed")


def _responds(
    environment: Environment,
    folder: Path,
    command: Sequence[str],
    codes: tuple[str, ...],
    event: str,
) -> Iterator[str]:
    with environment.serving(command, folder) as server:
        valid, keyless = ask(server.port, VALID.wire()), ask(server.port, KEYLESS)
        yield expect("101", holds=valid.status == 101, seen=valid.raw)
        what = " ".join(("400", *codes))
        held = (keyless.status, keyless.codes) == (400, codes)
        yield expect(what, holds=held, seen=keyless.raw)
        logged = f'"websocket.handshake.{event}"'
        wait_until(lambda: logged in server.logged(), server.logged, seconds=20)
        yield event


def not_started(
    environment: Environment, folder: Path, command: Sequence[str]
) -> Iterator[str]:
    """Start the same under a gunicorn that has no ASGI worker: it ends with a hint."""
    try:
        with environment.serving(command, folder) as server:
            seen = server.logged()
    except RuntimeError as error:
        seen = str(error)
    hint = " has no ASGI worker; install gunicorn 24 or newer"
    holds = "ValueError: gunicorn " in seen and hint in seen
    yield expect("the hint", holds=holds, seen=seen)


@dataclass(frozen=True)
class Trial:
    """A requirement, how FastAPI is started with it, what happens, and which tests."""

    requirement: str
    command: str = UVICORN
    steps: Steps = checked
    tests: str = ""


_INSTALL = "uvicorn/test_install uvicorn/test_uvicorn asgi/test_lifespan_install"
_GUNICORN_TESTS = "test_gunicorn test_gunicorn_worker asgi/test_server_gunicorn"
_HYPERCORN_TESTS = "test_hypercorn test_hypercorn_logger"

#: In two environments, side by side; a name alone is the newest version.
TRIALS = (
    (
        Trial("uvicorn==0.30", steps=unchecked),  # of another shape
        Trial("uvicorn==0.36", tests=_INSTALL),
        Trial("uvicorn==0.42", tests=_INSTALL),
        Trial("uvicorn==0.49", tests=_INSTALL),
        Trial("uvicorn", tests=_INSTALL),
    ),
    (
        Trial("gunicorn==23", GUNICORN, not_started),
        Trial("gunicorn==24", GUNICORN, tests=_GUNICORN_TESTS),
        Trial("gunicorn", GUNICORN, tests=_GUNICORN_TESTS),
        Trial("hypercorn==0.17", HYPERCORN, tests=_HYPERCORN_TESTS),
        Trial("hypercorn", HYPERCORN, tests=_HYPERCORN_TESTS),
        Trial("fastapi==0.115", tests="asgi/test_lifespan_install"),
        Trial("fastapi", tests="asgi/test_lifespan_install"),
    ),
)


def tried(
    environments: Sequence[Environment], wheel: Path, folder: Path, *, newest: bool
) -> Iterator[str]:
    """Install the wheel into each environment, then version by version, and try it."""
    lanes = [
        [each for each in lane if newest or "==" in each.requirement] for lane in TRIALS
    ]
    with ThreadPoolExecutor() as pool:
        run = pool.map(_tried, environments, repeat(wheel), repeat(folder), lanes)
        for lines in run:
            yield from lines


def _tried(
    environment: Environment, wheel: Path, folder: Path, trials: Sequence[Trial]
) -> list[str]:
    # websockets is uvicorn's other WebSocket implementation
    environment.install(f"{wheel}[uvicorn]", *TESTS, "websockets>=15")
    return [_line(environment, folder / trial.requirement, trial) for trial in trials]


def _line(environment: Environment, folder: Path, trial: Trial) -> str:
    began = time.monotonic()
    environment.install("--upgrade", trial.requirement)
    folder.mkdir(parents=True)
    ADDED.save(folder)
    held = [*trial.steps(environment, folder, trial.command.split())]
    if trial.tests:
        held.append(tested(environment, trial.tests))
    took = time.monotonic() - began
    return f"  {_version(environment, trial)}: {', '.join(held)} ({took:.0f} s)"


def _version(environment: Environment, trial: Trial) -> str:
    name, _, _ = trial.requirement.partition("==")
    ask_for = "import sys, importlib.metadata as m; print(m.version(sys.argv[1]))"
    return f"{name} {environment.python('-c', ask_for, name).strip()}"
