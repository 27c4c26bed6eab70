"""The plugin puts us where others' tests meet us, and notes what came of each test."""

from __future__ import annotations

import json
import logging
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from asgiref.testing import ApplicationCommunicator
from fastapi import FastAPI
from httpx_ws.transport import ASGIWebSocketTransport
from starlette.applications import Starlette
from starlette.testclient import TestClient
from uvicorn import Config
from uvicorn.config import HTTP_PROTOCOLS

from tests.suites import plugin
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest_plugins = ["pytester"]

TESTS = """
import pytest, asyncio

def test_passes(): pass
def test_fails(): assert "one thing" == "another"
@pytest.mark.skip
def test_is_skipped(): pass
@pytest.fixture
def broken(): raise ValueError("no set-up")
def test_without_its_fixture(broken): pass
@pytest.fixture
def torn():
    yield
    raise ValueError("no teardown")
def test_that_leaves(torn): pass
"""
REACHES = """
import asyncio
from ws_handshake import WebSocketHandshakeMiddleware

async def app(scope, receive, send): pass

def test_with(): asyncio.run(WebSocketHandshakeMiddleware(app)({"type": "x"}, 0, 0))
def test_without(): pass
"""


async def app(_scope: Any, _receive: Any, _send: Any) -> None:
    raise AssertionError


def wraps(found: object) -> bool:
    return isinstance(found, WebSocketHandshakeMiddleware)


def test_uvicorn_gets_our_protocol_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    plugin.protocols(monkeypatch.setattr)
    for name, ours in (("h11", H11Protocol), ("httptools", HttpToolsProtocol)):
        config = Config(app, http=name, log_config=None)
        config.load()
        assert config.http_protocol_class is ours
        assert HTTP_PROTOCOLS[name].endswith(f":{ours.__name__}")


def test_without_httptools_uvicorn_gets_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn.protocols.http.httptools_impl", None)
    put: list[str] = []
    plugin.protocols(lambda _owner, name, _value: put.append(name))
    assert put == ["H11Protocol"]


@pytest.mark.parametrize("proxy_headers", [True, False])
@pytest.mark.parametrize("level", [5, logging.INFO])
def test_what_uvicorn_loads_is_wrapped_within_its_own(
    monkeypatch: pytest.MonkeyPatch, level: int, *, proxy_headers: bool
) -> None:
    plugin.loaded_apps(monkeypatch.setattr)
    monkeypatch.setattr(logging.getLogger("uvicorn.asgi"), "level", level)
    monkeypatch.setattr(logging.getLogger("uvicorn.error"), "level", level)
    config = Config(app, log_config=None, proxy_headers=proxy_headers)
    config.load()
    found: Any = config.loaded_app
    while not wraps(found):
        found = found.app
    assert found.app is app


def test_what_a_test_client_is_given_is_wrapped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugin.clients(monkeypatch.setattr)
    transport: Any = TestClient(app)._transport
    assert wraps(transport.app)


@pytest.mark.parametrize("kind", [Starlette, FastAPI])
def test_every_application_has_the_middleware(
    monkeypatch: pytest.MonkeyPatch, kind: Callable[[], Any]
) -> None:
    plugin.added(monkeypatch.setattr)
    made = kind()
    found = made.build_middleware_stack()
    while not wraps(found):
        found = found.app
    assert made.user_middleware == []


def test_what_a_transport_and_a_communicator_are_given_is_wrapped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugin.transports(monkeypatch.setattr)
    plugin.communicators(monkeypatch.setattr)
    transport: Any = ASGIWebSocketTransport(app)
    assert wraps(transport.app)
    assert wraps(ApplicationCommunicator(app, {"type": "http"}).application)


def test_every_outcome_is_written_with_what_a_failure_shows(
    pytester: pytest.Pytester, tmp_path: Path
) -> None:
    written = tmp_path / "outcomes.json"
    pytester.makepyfile(test_some=TESTS, test_none="import nothing_of_that_name")
    pytester.inline_run(
        *("--continue-on-collection-errors", f"--outcomes={written}"),
        plugins=[plugin],
    )
    seen = json.loads(written.read_text(encoding="utf-8"))
    assert {name: one["outcome"] for name, one in seen.items()} == {
        "test_none.py": "error",
        "test_some.py::test_passes": "passed",
        "test_some.py::test_fails": "failed",
        "test_some.py::test_is_skipped": "skipped",
        "test_some.py::test_without_its_fixture": "error",
        "test_some.py::test_that_leaves": "error",
    }
    assert (
        "assert 'one thing' == 'another'" in seen["test_some.py::test_fails"]["shown"]
    )


def test_a_worker_of_xdist_writes_nothing_and_nothing_is_put_without_a_way(
    tmp_path: Path,
) -> None:
    registered: list[object] = []
    config = SimpleNamespace(
        workerinput={},
        getoption=lambda _name: tmp_path / "outcomes.json",
        known_args_namespace=SimpleNamespace(in_place=""),
        pluginmanager=SimpleNamespace(register=registered.append),
    )
    plugin.pytest_configure(cast("pytest.Config", config))
    plugin.pytest_load_initial_conftests(cast("pytest.Config", config))
    assert registered == []


def test_it_is_noted_which_tests_reach_us(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    registered: list[object] = []
    manager = SimpleNamespace(register=registered.append)
    config = cast("pytest.Config", SimpleNamespace(pluginmanager=manager))
    plugin.put_in_place(config, ["protocols"], monkeypatch.setattr)
    outcomes = plugin.Outcomes(tmp_path / "outcomes.json")
    pytester.makepyfile(test_some=REACHES)
    pytester.inline_run(plugins=[*registered, outcomes])
    seen = json.loads((tmp_path / "outcomes.json").read_text(encoding="utf-8"))
    reached = [name for name, one in seen.items() if one.get("reached")]
    assert reached == ["test_some.py::test_with"]
    assert len(seen) == 2
