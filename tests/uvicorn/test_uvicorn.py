"""The names that uvicorn imports, and those of uvicorn that our classes rely on."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys

import pytest
from uvicorn.protocols import http as uvicorn_protocols
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol as OwnH11
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as OwnHttpTools

from ws_handshake import uvicorn as ours
from ws_handshake.uvicorn.h11 import H11Protocol
from ws_handshake.uvicorn.httptools import HttpToolsProtocol

_WITHOUT_HTTPTOOLS = """
import sys
sys.modules["httptools"] = None
from ws_handshake import uvicorn as ours
assert ours.AutoHTTPProtocol is ours.H11Protocol
try:
    ours.HttpToolsProtocol
except ModuleNotFoundError as error:
    print(error.name)
"""


def test_the_protocol_classes_are_uvicorns_own_protocols() -> None:
    assert ours.H11Protocol is H11Protocol
    assert ours.HttpToolsProtocol is HttpToolsProtocol
    assert issubclass(H11Protocol, OwnH11)
    assert issubclass(HttpToolsProtocol, OwnHttpTools)


def test_auto_is_httptools_where_it_is_installed() -> None:
    assert ours.AutoHTTPProtocol is HttpToolsProtocol


def test_auto_is_h11_where_httptools_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "httptools", None)
    monkeypatch.delitem(sys.modules, "uvicorn.protocols.http.httptools_impl")
    monkeypatch.delattr(uvicorn_protocols, "httptools_impl")
    monkeypatch.delitem(sys.modules, "ws_handshake.uvicorn.httptools")
    assert ours.AutoHTTPProtocol is H11Protocol
    with pytest.raises(ModuleNotFoundError, match="httptools"):
        ours.HttpToolsProtocol  # noqa: B018  (the access is what is tested)


def test_without_httptools_nothing_imports_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_HTTPTOOLS],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "httptools\n", "")


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(
        AttributeError, match=r"module 'ws_handshake.uvicorn' has no attribute 'zttp'"
    ):
        ours.zttp  # noqa: B018  (the access is what is tested)


def test_the_module_lists_what_it_offers() -> None:
    assert ours.__all__ == ["AutoHTTPProtocol", "H11Protocol", "HttpToolsProtocol"]


@pytest.mark.parametrize(
    ("protocol", "name", "parameters"),
    [
        (OwnH11, "_should_upgrade", ["self"]),
        (OwnH11, "handle_websocket_upgrade", ["self", "event"]),
        (OwnH11, "data_received", ["self", "data"]),
        (OwnH11, "on_response_complete", ["self"]),
        (OwnH11, "send_400_response", ["self", "msg"]),
        (OwnHttpTools, "_should_upgrade", ["self"]),
        (OwnHttpTools, "_unsupported_upgrade_warning", ["self"]),
        (OwnHttpTools, "handle_websocket_upgrade", ["self"]),
        (OwnHttpTools, "on_response_complete", ["self"]),
        (OwnHttpTools, "data_received", ["self", "data"]),
        (OwnHttpTools, "send_400_response", ["self", "msg"]),
        (OwnH11, "connection_lost", ["self", "exc"]),
        (OwnH11, "shutdown", ["self"]),
        (OwnHttpTools, "connection_lost", ["self", "exc"]),
        (OwnHttpTools, "shutdown", ["self"]),
    ],
)
def test_uvicorn_has_the_method_that_a_protocol_class_overrides(
    protocol: type, name: str, parameters: list[str]
) -> None:
    assert list(inspect.signature(getattr(protocol, name)).parameters) == parameters


@pytest.mark.parametrize(
    ("protocol", "own", "names"),
    [
        (
            *(H11Protocol, OwnH11),
            {
                *("_should_upgrade", "handle_websocket_upgrade"),
                *("data_received", "on_response_complete", "send_400_response"),
                *("connection_lost", "shutdown"),
            },
        ),
        (
            *(HttpToolsProtocol, OwnHttpTools),
            {
                *("_should_upgrade", "_unsupported_upgrade_warning"),
                *("handle_websocket_upgrade", "data_received", "send_400_response"),
                *("connection_lost", "shutdown"),
            },
        ),
    ],
)
def test_a_protocol_class_overrides_nothing_else(
    protocol: type, own: type, names: set[str]
) -> None:
    overridden = {name for name in vars(protocol) if name in vars(own)}
    assert {name for name in overridden if not name.startswith("__")} == names


@pytest.mark.parametrize("own", [OwnH11, OwnHttpTools])
def test_uvicorn_sets_the_attributes_that_a_protocol_class_reads(own: type) -> None:
    source = inspect.getsource(own)
    read = [
        *("app_state", "client", "cycle", "headers"),
        *("flow", "scheme", "scope", "transport"),
    ]
    missing = [name for name in read if f"        self.{name}" not in source]
    assert missing == []
    assert "self.server_state = server_state" in source
    assert "self.ws_protocol_class = config.ws_protocol_class" in source


def test_under_h11_uvicorn_pauses_where_something_stands_behind_a_request() -> None:
    assert "        self.conn = h11.Connection(" in inspect.getsource(OwnH11)
    paused = "elif event is h11.PAUSED:"
    behind = inspect.getsource(OwnH11.handle_events).partition(paused)[2]
    assert "self.flow.pause_reading()\n                break" in behind.split("elif")[0]
    flow = FlowControl(asyncio.Transport())
    assert flow.read_paused is False


@pytest.mark.parametrize("own", [OwnH11, OwnHttpTools])
def test_a_cycle_of_uvicorns_has_what_the_protocol_classes_read_and_set(
    own: type,
) -> None:
    cycle = inspect.getsource(sys.modules[own.__module__].RequestResponseCycle)
    for name in ("scope", "message_event", "on_response"):
        assert f"self.{name} = {name}" in cycle
    assert "self.more_body = True" in cycle
    assert "self.response_complete = True" in cycle
    assert "self.on_response()" in cycle
    assert "on_response=self.on_response_complete" in inspect.getsource(own)


def test_under_httptools_what_waits_for_a_response_stands_in_the_pipeline() -> None:
    source = inspect.getsource(OwnHttpTools)
    assert "self.pipeline.appendleft((self.cycle, app))" in source
