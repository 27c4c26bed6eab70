"""What holds for every test: coverage knows its file, and it leaves nothing behind."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import pkgutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from coverage import Coverage

import ws_handshake

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNNING = pytest.StashKey[Path]()
#: The files that take longest: they begin first, so that no processor waits at the end.
LONGEST = (
    *("packaging/test_newcomer", "integration/test_launchers"),
    *("docs/test_conformance_table", "integration/test_frameworks_servers"),
    *("integration/test_other_servers", "docs/test_forms", "core/test_memory"),
    *("demo_app/inspector/trials/test_runner", "docs/test_screens"),
    *("docs/test_deploy", "integration/test_faults_sinks", "soak/test_soak"),
    *("cli/probe/test_walk_servers", "integration/test_signals_flooded"),
    *("integration/test_faults_connections", "core/test_raw_request"),
    *("bench/test_bench", "cli/pasted/test_recognition", "fuzz/test_fuzz"),
    *("integration/test_behind_proxies", "core/test_normalize", "core/test_rules"),
    *("integration/test_proxies_start", "cli/probe/test_again"),
    *("demo_app/inspector/static/test_page_story", "docs/test_site"),
    *("demo_app/inspector/static/test_page_access",),
    *("demo_app/inspector/static/test_page_editor",),
    *("inspector/static/test_inspector_live", "inspector/static/test_inspector_access"),
)
LOGGERS = ("root", "uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error")

# What runs at import belongs to no test, whichever of them runs first.
for module in pkgutil.walk_packages(ws_handshake.__path__, "ws_handshake."):
    importlib.import_module(module.name)


# A shell has what it runs in the background ignore Ctrl-C, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
gc.disable()  # until all tests are there


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    places = {f"tests/{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda i: places.get(i.nodeid.partition("::")[0], len(places)))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end: by far the most of all."""
    gc.freeze()
    gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tell coverage which file runs from here on: `own_coverage.py` asks for it."""
    coverage = Coverage.current()
    if coverage is not None and item.config.stash.get(RUNNING, None) != item.path:
        item.config.stash[RUNNING] = item.path
        coverage.switch_context(_name(item))


def _name(item: pytest.Item) -> str:
    path = item.path.relative_to(Path(__file__).parent)
    return path.with_suffix("").as_posix()


def nothing_left_behind() -> Iterator[None]:
    """Fail if what all tests share is not as it was before."""
    before = _shared()
    yield
    after = _shared()
    changed = [name for name in before if before[name] != after[name]]
    if changed:
        pytest.fail(f"left behind a change of {', '.join(changed)}", pytrace=False)


# The second is for what fixtures of a module leave behind.
by_a_test = pytest.fixture(autouse=True)(nothing_left_behind)
by_a_module = pytest.fixture(autouse=True, scope="module")(nothing_left_behind)


def _shared() -> dict[str, object]:
    configured = structlog.get_config()
    configured["processors"] = [*configured["processors"]]
    environment = dict(os.environ)
    environment.pop("PYTEST_CURRENT_TEST", None)
    loggers = {f"the logger {name}": _seen(logging.getLogger(name)) for name in LOGGERS}
    return {"structlog": configured, "os.environ": environment, **loggers}


def _seen(logger: logging.Logger) -> tuple[object, ...]:
    # pytest has others in each phase of a test
    kept = [h for h in logger.handlers if type(h).__module__ != "_pytest.logging"]
    return logger.level, kept, [*logger.filters], logger.propagate, logger.disabled
