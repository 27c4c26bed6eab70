"""Whose tests are run, from which version, and how we are put in place in them."""

from __future__ import annotations

from dataclasses import dataclass

_QUICK = (
    *("tests/protocols/test_http.py", "tests/protocols/test_websocket.py"),
    *("tests/test_lifespan.py", "tests/test_server.py", "tests/test_ssl.py"),
)


@dataclass(frozen=True)
class Suite:
    """The tests of one package.

    `ways` are those of the plugin. `group` is the dependency group of its
    pyproject.toml with what its tests need, `needs` is what they need beside it.
    `quick` are the tests that CI runs, `tests` all that are run before a release;
    `but` is an expression for what CI leaves out of a file.
    """

    package: str
    version: str
    ways: tuple[str, ...]
    tests: tuple[str, ...] = ("tests",)
    quick: tuple[str, ...] = ()
    but: str = ""
    group: str | None = None
    needs: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ("tests", "pyproject.toml")
    settings: str = "pyproject.toml"
    extras: str = ""

    @property
    def requirement(self) -> str:
        """What pip downloads."""
        return f"{self.package}=={self.version}"

    @property
    def name(self) -> str:
        """What it is called, with how we are put in place where it is tried twice."""
        return f"{self.package} {self.version}" + (
            ", added" if "added" in self.ways else ""
        )


def _uvicorn(version: str, *plugins: str, newest: bool = False) -> Suite:
    return Suite(
        "uvicorn",
        version,
        ("protocols", "loaded_apps"),
        tests=("tests",) if newest else (*_QUICK, "tests/test_config.py"),
        quick=_QUICK if newest else (),
        but="not zttp",
        group="dev",
        needs=("pytest-timeout",),
        plugins=("anyio", "xdist", "pytest_mock", "pytest_timeout", *plugins),
        options=("-n", "4", "--timeout", "60"),
        extras="[standard]",
    )


_STARLETTE = Suite(
    "starlette",
    "1.10.0",
    ("clients",),
    quick=("tests/test_websockets.py", "tests/test_testclient.py"),
    group="dev",
    plugins=("anyio", "pytest_codspeed.plugin", "xdist"),
    options=("-n", "2"),
    needs=("pytest-xdist",),
    extras="[full]",
)
_FASTAPI = Suite(
    "fastapi",
    "0.165.0",
    ("clients",),
    tests=(
        "tests/test_dependency_after_yield_websockets.py",
        "tests/test_dependency_yield_scope_websockets.py",
        "tests/test_http_connection_injection.py",
        "tests/test_route_scope.py",
        "tests/test_router_include_context.py",
        "tests/test_security_websockets.py",
        "tests/test_telemetry/test_websockets.py",
        "tests/test_tutorial/test_testing/test_tutorial002.py",
        "tests/test_tutorial/test_websockets",
        "tests/test_validation_error_context.py",
        "tests/test_ws_dependencies.py",
        "tests/test_ws_router.py",
    ),
    needs=(
        *("pytest>=9,<9.2", "anyio[trio]", "dirty-equals", "httpx2", "inline-snapshot"),
        *("opentelemetry-sdk", "pytest-codspeed", "pytest-timeout", "pytest-xdist"),
        *("python-slugify", "pyyaml", "opentelemetry-exporter-otlp-proto-http"),
    ),
    plugins=(
        *("anyio", "inline_snapshot.pytest_plugin", "pytest_codspeed.plugin"),
        *("pytest_timeout", "xdist"),
    ),
    keeps=("tests", "docs_src", "pyproject.toml"),
    extras="[standard]",
)

SUITES = (
    _uvicorn("0.36.0"),
    _uvicorn("0.44.0", "pytest_codspeed.plugin"),
    _uvicorn("0.51.0", "pytest_codspeed.plugin"),
    _uvicorn("0.54.0", "pytest_codspeed.plugin", newest=True),
    _STARLETTE,
    _FASTAPI,
    Suite(
        **{**vars(_FASTAPI), "ways": ("added",), "quick": ("tests/test_ws_router.py",)}
    ),
    Suite(
        "channels",
        "4.3.2",
        ("communicators",),
        needs=("daphne", "pytest", "pytest-asyncio", "pytest-django", "async-timeout"),
        plugins=("pytest_asyncio.plugin", "pytest_django.plugin"),
        options=("--ignore", "tests/sample_project"),
        keeps=("tests", "setup.cfg"),
        settings="setup.cfg",
    ),
    Suite(
        "httpx-ws",
        "0.9.0",
        ("loaded_apps", "transports"),
        group="dev",
        needs=("wsproto",),
        plugins=("anyio",),
        options=("-o", "addopts="),
    ),
    Suite(
        "python-socketio",
        "5.18.1",
        ("loaded_apps",),
        tests=("tests/async/test_admin.py",),
        quick=("tests/async/test_admin.py",),
        but="not others",
        needs=(
            *("aiohttp", "msgpack", "pytest", "pytest-asyncio", "pytest-timeout"),
            *("requests", "simple-websocket", "uvicorn", "websocket-client"),
        ),
        plugins=("pytest_asyncio.plugin", "pytest_timeout"),
        options=("--timeout", "60"),
    ),
)
