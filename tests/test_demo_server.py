"""The demo as it is run: a real server, real curl, a real browser, Ctrl-C."""

from __future__ import annotations

import json
import logging
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import structlog
from websockets.sync.client import connect

from demo_app.ways import all_ways, sound_line
from tests.handshakes import ACCEPT, SOUND
from tests.wires import ask, free_port, serving
from ws_handshake.reasons import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.wires import Server

POSSIBLE = [way["code"] for way in all_ways("http://127.0.0.1:1") if way["line"]]
LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "ws_handshake", "asyncio")


def program(*names: str) -> str:
    """Return where one of these programs is; without it the test is skipped."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        assert os.environ.get("CI") != "true", f"CI needs {names[0]}."
        pytest.skip(f"{names[0]} is not installed")
    return found


def test_a_program_that_is_not_there_is_a_reason_to_skip_but_not_for_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match=r"^no-such-thing is not installed"):
        program("no-such-thing")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(AssertionError, match=r"^CI needs no-such-thing\."):
        program("no-such-thing")


@contextmanager
def demo(log: Path, **environment: str) -> Iterator[Server]:
    port = free_port()
    with serving(["demo_app"], log, port=port, PORT=str(port), **environment) as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with demo(tmp_path_factory.mktemp("demo") / "log") as running:
        yield running


@pytest.fixture
def _logging_as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(one.handlers[:], one.level, one.propagate) for one in loggers]
    yield
    structlog.reset_defaults()
    for one, (handlers, level, propagate) in zip(loggers, before, strict=True):
        one.handlers, one.propagate = handlers, propagate
        one.setLevel(level)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, "It did not come about in 10 seconds."
        time.sleep(0.01)


def shell(command: str) -> str:
    program("curl")
    done = subprocess.run(  # noqa: S602  (a line for a shell is proved in a shell)
        command, shell=True, capture_output=True, timeout=20, check=False
    )
    return done.stdout.decode("latin-1")


def lines(server: Server) -> list[str]:
    return [line for line in server.logged().splitlines() if "handshake." in line]


@pytest.mark.parametrize("code", POSSIBLE)
def test_the_line_for_a_reason_brings_it_about(server: Server, code: str) -> None:
    rows = {row["code"]: row for row in all_ways(f"http://127.0.0.1:{server.port}")}
    row = rows[code]
    before = len(lines(server))
    head, _, body = shell(str(row["line"])).replace("\r\n", "\n").partition("\n\n")
    assert head.startswith(f"HTTP/1.1 {row['status']} ")
    assert f"\nwebsocket-handshake-error: {code}\n" in head + "\n"
    assert json.loads(body)["title"] == row["what"]
    until(lambda: len(lines(server)) > before)
    (line,) = lines(server)[before:]
    assert f"websocket.handshake.rejected   status={row['status']} why={code} " in line


def test_the_sound_line_is_accepted(server: Server) -> None:
    answer = shell(sound_line(f"http://127.0.0.1:{server.port}"))
    assert answer.startswith("HTTP/1.1 101 ")
    assert ACCEPT in answer
    assert '{"type": "welcome"' in answer


def test_what_cannot_happen_here_is_what_its_owner_would_have_to_set() -> None:
    assert {reason.code for reason in CATALOGUE} - set(POSSIBLE) == {
        "origin_missing",
        "http1_handshake_over_http2",
        "server_did_not_upgrade",
        "internal_error",
    }


def test_a_client_that_vanishes_leaves_no_trace_but_its_one_line(
    tmp_path: Path,
) -> None:
    with demo(tmp_path / "log") as server:
        with connect(f"ws://127.0.0.1:{server.port}/ws", proxy=None) as stays:
            with socket.create_connection(("127.0.0.1", server.port)) as vanishes:
                vanishes.sendall(SOUND.wire())
                heard = [json.loads(stays.recv(10)) for _ in range(3)]
                reset = (1).to_bytes(4, sys.byteorder) + bytes(4)
                vanishes.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            heard.append(json.loads(stays.recv(10)))
        told = [message.get("people") for message in heard]
        assert told == [None, 1, 2, 1]
        ask(server.port, SOUND.without(b"sec-websocket-key").wire())
        until(lambda: "rejected" in server.logged())
        assert len(lines(server)) == 3
        assert "Traceback" not in server.logged()


def test_as_json_every_line_is_an_event_with_all_its_fields(tmp_path: Path) -> None:
    with demo(tmp_path / "log", LOG="json") as server:
        ask(server.port, SOUND.without(b"sec-websocket-key").wire())
        until(lambda: "rejected" in server.logged())
        (event,) = [
            json.loads(line)
            for line in server.logged().splitlines()
            if line.startswith("{")
        ]
    assert event["event"] == "websocket.handshake.rejected"
    assert event["level"] == "warning"
    assert event["error.type"] == "key_missing"
    assert event["websocket.handshake.violations"] == ["key_missing"]
    assert event["url.path"] == "/ws"


def test_a_browser_connects_and_lists_every_reason_without_a_complaint(
    server: Server, tmp_path: Path
) -> None:
    done = subprocess.run(
        [
            program("chromium", "chromium-browser", "google-chrome"),
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic"),
            *("--disable-background-networking", f"--user-data-dir={tmp_path}"),
            *("--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom"),
            f"http://127.0.0.1:{server.port}/",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert 'data-state="open"' in done.stdout
    assert "Open this page twice, and talk to yourself." in done.stdout
    for reason in CATALOGUE:
        assert f'id="{reason.code}"' in done.stdout
    assert "CONSOLE" not in done.stderr


@pytest.fixture
def _interrupts_raise_nothing() -> Iterator[None]:
    # a KeyboardInterrupt would end the tests where the demo does not take it
    before = signal.signal(signal.SIGINT, lambda *_: None)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_logging_as_before", "_interrupts_raise_nothing")
@pytest.mark.parametrize("style", ["json", ""])
def test_it_greets_logs_and_ends_in_this_very_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], style: str
) -> None:
    port = free_port()
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("LOG", style)

    def visit_and_interrupt() -> None:
        until(lambda: _is_open(port))
        ask(port, SOUND.without(b"sec-websocket-key").wire())
        ask(port, b"nonsense\r\n\r\n")
        os.kill(os.getpid(), signal.SIGINT)

    visitor = threading.Thread(target=visit_and_interrupt)
    visitor.start()
    runpy.run_module("demo_app", run_name="__main__")
    visitor.join(10)
    out, err = capsys.readouterr()
    assert f"\n    http://127.0.0.1:{port}\n" in (err if style else out)
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
            ended = server.process.wait(10)
        assert ended == (0 if number == signal.SIGINT else -number)
        (line,) = lines(server)
        assert line.endswith("websocket.handshake.accepted   status=101 path=/ws")
        assert "Traceback" not in server.logged()


def test_a_port_that_is_taken_is_told_in_one_sentence(
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
