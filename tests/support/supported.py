"""The lowest and the newest versions that pyproject.toml allows, put to the test."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.support.fresh import Environment

#: Extras whose lowest versions can be installed together; Hypercorn wants a newer h2.
TOGETHER = ("uvicorn", "cli", "prometheus", "opentelemetry")

#: What the tests below import beside the extras.
TESTS = (
    *("fastapi>=0.115", "httptools>=0.6.3", "httpx>=0.28", "hypothesis>=6.100"),
    *("pytest>=9", "starlette>=0.46"),
)
#: Names of test files: the core, the middleware, the protocol classes, the command.
CHOSEN = """
    core/test_rules core/test_rules_key_version core/test_rules_lists
    core/test_rules_offers core/test_rules_origin core/test_rules_request
    core/test_rules_size core/test_verdict core/test_policy core/test_normalize
    asgi/test_middleware test_structlog test_prometheus uvicorn/test_h11
    uvicorn/test_httptools uvicorn/test_protocol_classes
    uvicorn/test_protocol_classes_responses uvicorn/test_protocol_classes_scopes
    uvicorn/test_connection uvicorn/test_install uvicorn/test_uvicorn
    asgi/test_lifespan asgi/test_lifespan_install asgi/test_server
    cli/probe/test_frames cli/probe/test_subcommand
    cli/probe/test_http2 cli/explain/test_subcommand
"""
# uvicorn's other WebSocket implementation needs what is not ours to ask for
_NOT_OURS = ("-k", "not sansio")
# old versions of others use what newer Pythons warn of
_OLD = "ignore:'asyncio.iscoroutinefunction' is deprecated:DeprecationWarning"
_floor = re.compile(r"^([\w-]+)>=([\w.]+)")


def tried(environment: Environment, wheel: Path, *, lowest: bool) -> Iterator[str]:
    """Install the wheel with its lowest or newest requirements, and run some tests."""
    pins = [pinned(floor) for floor in floors()] if lowest else []
    extras = ",".join(TOGETHER)
    environment.install(f"{wheel}[{extras}]", *pins, *TESTS)
    yield f"  {', '.join(_installed(environment))}"
    yield f"  {tested(environment, CHOSEN, *_NOT_OURS)}"


def floors(extras: Sequence[str] = TOGETHER) -> list[str]:
    """Return what the project asks for, by itself and in these extras."""
    read: dict[str, Any] = tomllib.loads(
        (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    )
    project = read["project"]
    needed = [project["optional-dependencies"][extra] for extra in extras]
    return sorted(
        {*project["dependencies"], *(one for extra in needed for one in extra)}
    )


def pinned(requirement: str) -> str:
    """Return the lowest version that a requirement allows."""
    found = _floor.match(requirement)
    if not found:
        raise ValueError(f"{requirement} has no floor; write it as name>=version.")
    return f"{found[1]}=={found[2]}"


def tested(environment: Environment, names: str, *options: str) -> str:
    """Run these files of tests in an environment; return pytest's last line.

    conftest.py wants every extra, so its fixtures stay out.
    """
    files = [f"tests/{name}.py" for name in names.split()]
    quiet = ("-q", "-p", "no:cacheprovider", "--noconftest", "-W", _OLD)
    printed = environment.python("-m", "pytest", *quiet, *options, *files)
    return printed.rstrip().splitlines()[-1]


def _installed(environment: Environment) -> list[str]:
    frozen = environment.python("-m", "pip", "freeze").splitlines()
    named = {pinned(floor).partition("==")[0] for floor in floors()}
    return [one for one in frozen if one.partition("==")[0].replace("_", "-") in named]
