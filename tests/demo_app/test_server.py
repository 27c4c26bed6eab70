"""The demo as it is run: a process that greets, logs, and ends with Ctrl-C."""

from __future__ import annotations

import json
import logging
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import structlog
from websockets.sync.client import connect

from tests.support import proxies
from tests.support.demos import demo, tried, until
from tests.support.handshakes import VALID
from tests.support.sse import streamed
from tests.support.wires import ask, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.wires import Server

LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "ws_handshake", "asyncio")


@pytest.fixture
def _logging_as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(one.handlers[:], one.level, one.propagate) for one in loggers]
    yield
    structlog.reset_defaults()
    for one, (handlers, level, propagate) in zip(loggers, before, strict=True):
        one.handlers, one.propagate = handlers, propagate
        one.setLevel(level)


def lines(server: Server) -> list[str]:
    logged = server.logged().splitlines()
    return [
        line for line in logged if "handshake." in line and "_installed" not in line
    ]


def test_a_client_that_vanishes_leaves_no_trace_but_its_one_line(
    tmp_path: Path,
) -> None:
    with demo(tmp_path / "log") as server:
        with connect(f"ws://127.0.0.1:{server.port}/ws", proxy=None) as stays:
            with socket.create_connection(("127.0.0.1", server.port)) as vanishes:
                vanishes.sendall(VALID.wire())
                received = [json.loads(stays.recv(10)) for _ in range(3)]
                reset = (1).to_bytes(4, sys.byteorder) + bytes(4)
                vanishes.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            received.append(json.loads(stays.recv(10)))
        people = [message.get("people") for message in received]
        assert people == [None, 1, 2, 1]
        ask(server.port, VALID.without(b"sec-websocket-key").wire())
        until(lambda: "rejected" in server.logged())
        assert len(lines(server)) == 3
        assert "Traceback" not in server.logged()


def test_as_json_every_line_is_an_event_with_all_its_fields(tmp_path: Path) -> None:
    with demo(tmp_path / "log", LOG="json") as server:
        ask(server.port, VALID.without(b"sec-websocket-key").wire())
        until(lambda: "rejected" in server.logged())
        installed, event = [
            json.loads(line)
            for line in server.logged().splitlines()
            if line.startswith("{")
        ]
    assert installed["event"] == "websocket.handshake.protocol_installed"
    assert event["event"] == "websocket.handshake.rejected"
    assert event["level"] == "warning"
    assert event["error.type"] == "key_missing"
    assert event["websocket.handshake.violations"] == ["key_missing"]
    assert event["url.path"] == "/ws"


@pytest.fixture
def _interrupts_raise_nothing() -> Iterator[None]:
    # a KeyboardInterrupt that the demo does not catch would end the tests
    before = signal.signal(signal.SIGINT, lambda *_: None)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_logging_as_before", "_interrupts_raise_nothing")
@pytest.mark.parametrize("style", ["json", ""])
def test_it_greets_logs_and_ends_in_this_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], style: str
) -> None:
    port = free_port()
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("LOG", style)

    def visit_and_interrupt() -> None:
        until(lambda: _is_open(port))
        ask(port, VALID.without(b"sec-websocket-key").wire())
        ask(port, b"nonsense\r\n\r\n")
        os.kill(os.getpid(), signal.SIGINT)

    visitor = threading.Thread(target=visit_and_interrupt)
    visitor.start()
    runpy.run_module("demo_app", run_name="__main__")
    visitor.join(10)
    out, err = capsys.readouterr()
    greeting = err if style else out
    assert f"\n    http://127.0.0.1:{port}\n" in greeting
    assert f"\n    curl -i http://127.0.0.1:{port}/ws -H 'Sec-WebSocket-" in greeting
    assert "websocket.handshake.rejected" in out
    assert "Invalid HTTP request received." in out
    assert all(line.startswith("{") for line in out.splitlines()) == bool(style)


def _is_open(port: int) -> bool:
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_chat_open_and_without_a_traceback(
    tmp_path: Path, number: signal.Signals
) -> None:
    with demo(tmp_path / "log") as server:
        with connect(f"ws://127.0.0.1:{server.port}/ws", proxy=None) as chat:
            chat.recv(10)
            server.process.send_signal(number)
            ended = server.process.wait(60)
        assert ended == (0 if number == signal.SIGINT else -number)
        (line,) = lines(server)
        assert line.endswith("websocket.handshake.accepted   status=101 path=/ws")
        assert "Traceback" not in server.logged()


def test_a_traceback_of_uvicorn_alone_shows_no_variables(
    tmp_path: Path,
) -> None:
    head = "GET /ws HTTP/1.1\nUpgrade: websocket\nConnection: Upgrade\nHost: \u00e9\n"
    with demo(tmp_path / "log") as server:
        result = tried(server.port, head=head)
        until(lambda: "UnicodeDecodeError: " in server.logged())
    notes = [response["note"] for response in result["responses"]]
    assert notes[1] == "The connection was closed without a response."
    assert "locals" not in server.logged()


@contextmanager
def all_in_use(directory: Path) -> Iterator[Server]:
    """Run the demo with a page open, a client that never closes, and an nginx."""
    with (
        demo(directory / "log", TMPDIR=str(directory)) as server,
        streamed(server.port) as page,
        socket.create_connection(("127.0.0.1", server.port)) as stays,
    ):
        stays.sendall(VALID.wire())
        page.readline()
        tried(server.port, "valid", nginx=True)
        yield server


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("again", [False, True])
def test_all_that_it_has_started_ends_with_it(tmp_path: Path, *, again: bool) -> None:
    proxies.require("nginx")
    with all_in_use(tmp_path) as server:
        files = list(tmp_path.glob("ws-handshake-nginx-*/nginx.pid"))
        started = [int(file.read_text("ascii")) for file in files]
        assert [_runs(process) for process in started] == [True]
        server.process.send_signal(signal.SIGINT)
        if again:
            until(lambda: not _is_open(server.port))
            server.process.send_signal(signal.SIGINT)
        assert server.process.wait(20) == 0
        assert [_runs(process) for process in started] == [False]
        assert [path.name for path in tmp_path.iterdir()] == ["log"]
        # a second Ctrl-C cancels uvicorn's own tasks, which is logged as a traceback
        assert again or "Traceback" not in server.logged()


def test_a_port_that_is_taken_is_reported_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SystemExit) as ended:
            runpy.run_module("demo_app", run_name="__main__")
    assert ended.value.code == (
        f"Nothing can listen on 127.0.0.1:{port} (Address already in use); "
        f"take another port, such as: make demo PORT={8000 + port % 50000}"
    )


def test_a_wrong_port_ends_it_with_a_sentence_and_status_1() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "demo_app"],
        env={**os.environ, "PORT": "http"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "PORT is 'http'; set it to a number from 1 to 65535, such as PORT=8000.\n"
    )
