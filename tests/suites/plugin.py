"""A plugin for other people's tests: it puts us in place, and notes what came of each.

Their process has nothing of ours but the package and this file.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Put = Callable[[Any, str, Any], None]

_REACHED = "reached"


def protocols(put: Put) -> None:
    """Put our protocol classes where uvicorn's own are."""
    for module, name, ours in (
        ("h11_impl", "H11Protocol", "ws_handshake.uvicorn.h11"),
        ("httptools_impl", "HttpToolsProtocol", "ws_handshake.uvicorn.httptools"),
    ):
        try:
            own = import_module(f"uvicorn.protocols.http.{module}")
        except ImportError:  # an environment without httptools
            continue
        put(own, name, getattr(import_module(ours), name))


def loaded_apps(put: Put) -> None:
    """Wrap what uvicorn loads, within the middlewares that it adds by itself."""
    config = import_module("uvicorn.config").Config
    load, wrap = config.load, _wrap()

    def load_wrapped(self: Any) -> None:
        load(self)
        outer, inner = self, self.loaded_app
        name = "loaded_app"
        while type(inner).__name__ in (
            "ProxyHeadersMiddleware",
            "MessageLoggerMiddleware",
        ):
            outer, name, inner = inner, "app", inner.app
        setattr(outer, name, wrap(inner))

    put(config, "load", load_wrapped)


def clients(put: Put) -> None:
    """Wrap what Starlette's test client is given."""
    module = import_module("starlette.testclient")
    _first_argument(put, module._TestClientTransport)


def added(put: Put) -> None:
    """Add the middleware to every application of Starlette's and FastAPI's."""
    middleware = import_module("starlette.middleware").Middleware
    ours = import_module("ws_handshake").WebSocketHandshakeMiddleware
    for module in ("starlette.applications.Starlette", "fastapi.applications.FastAPI"):
        path, _, name = module.rpartition(".")
        kind: Any = getattr(import_module(path), name)

        def build(self: Any, own: Any = kind.build_middleware_stack) -> Any:
            before = self.user_middleware
            self.user_middleware = [middleware(ours), *before]
            try:
                return own(self)
            finally:
                self.user_middleware = before

        put(kind, "build_middleware_stack", build)


def transports(put: Put) -> None:
    """Wrap what httpx-ws's transport is given."""
    _first_argument(put, import_module("httpx_ws.transport").ASGIWebSocketTransport)


def communicators(put: Put) -> None:
    """Wrap what the communicators of asgiref and Channels are given."""
    _first_argument(put, import_module("asgiref.testing").ApplicationCommunicator)


WAYS: dict[str, Callable[[Put], None]] = {
    way.__name__: way
    for way in (protocols, loaded_apps, clients, added, transports, communicators)
}


def _first_argument(put: Put, kind: Any) -> None:
    own, wrap = kind.__init__, _wrap()

    def __init__(self: Any, app: Any, *more: Any, **named: Any) -> None:  # noqa: N807
        own(self, wrap(app), *more, **named)

    put(kind, "__init__", __init__)


def _wrap() -> Callable[[Any], Any]:
    made: Callable[[Any], Any] = import_module(
        "ws_handshake"
    ).WebSocketHandshakeMiddleware
    return made


class Reached:
    """Notes on each test's report whether it has called our middleware."""

    def __init__(self, put: Put) -> None:
        kind = import_module("ws_handshake").WebSocketHandshakeMiddleware
        own = kind.__call__
        self._called = False

        async def __call__(middleware: Any, *arguments: Any) -> Any:  # noqa: N807
            self._called = True
            return await own(middleware, *arguments)

        put(kind, "__call__", __call__)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._called = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> None:
        """A report takes the properties of its item."""
        if self._called and (_REACHED, True) not in item.user_properties:
            item.user_properties.append((_REACHED, True))


class Outcomes:
    """Writes the outcome of each test, with what it printed where it failed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: dict[str, dict[str, Any]] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._note(report.nodeid, "error", report.longreprtext)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A set-up that fails is an error, and so is a teardown."""
        if report.when == "call":
            self._note(report.nodeid, report.outcome, report.longreprtext)
        elif not report.passed:
            outcome = "error" if report.failed else report.outcome
            self._note(report.nodeid, outcome, report.longreprtext)
        if (_REACHED, True) in report.user_properties:
            self._seen.setdefault(report.nodeid, {})[_REACHED] = True

    def _note(self, name: str, outcome: str, shown: str) -> None:
        seen = self._seen.setdefault(name, {})
        seen["outcome"] = outcome
        seen["shown"] = seen.get("shown", "") + shown

    def pytest_sessionfinish(self) -> None:
        self._path.write_text(json.dumps(self._seen), encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--in-place", default="", help="ways, with commas between them")
    parser.addoption("--outcomes", type=Path, help="where outcomes are written to")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before their files are imported, for these import what is replaced."""
    given = early_config.known_args_namespace.in_place
    put_in_place(early_config, given.split(",") if given else [], setattr)


def put_in_place(config: pytest.Config, ways: list[str], put: Put) -> None:
    """Replace what the ways name, and note who reaches us."""
    for way in ways:
        WAYS[way](put)
    if ways:
        config.pluginmanager.register(Reached(put))


def pytest_configure(config: pytest.Config) -> None:
    """Only where reports arrive: with xdist, in no worker."""
    path = config.getoption("--outcomes")
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Outcomes(path))
