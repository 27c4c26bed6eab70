"""The command itself: a file that grows and rotates, a pipe, a terminal, Ctrl-C."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
import structlog

from tests.support.handshakes import VALID
from tests.support.wires import ROOT
from ws_handshake import judge
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.outcome.record import HandshakeRecord, request_facts
from ws_handshake.outcome.rejection import Rejection
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 60.0


class Watching:
    """`ws-handshake watch` in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._said = b""
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._said += line

    def wait_for(self, text: bytes) -> None:
        """Wait until a line that it does not understand was passed on."""
        deadline = time.monotonic() + SECONDS
        while text not in self._said:
            assert time.monotonic() < deadline, self._said
            time.sleep(0.02)

    def interrupt(self) -> tuple[int, str, bytes]:
        """Press Ctrl-C; return the status, what was printed, and what was said."""
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def end(self) -> tuple[int, str, bytes]:
        assert self.process.stdout is not None
        printed = self.process.stdout.read().decode()
        status = self.process.wait(SECONDS)
        self._reading.join(SECONDS)
        return status, printed, self._said


@contextmanager
def watching(*argv: str, stdin: int = subprocess.DEVNULL) -> Iterator[Watching]:
    with subprocess.Popen(
        [sys.executable, "-m", "ws_handshake", "watch", *argv],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"},
    ) as process:
        try:
            yield Watching(process)
        finally:
            process.kill()


@pytest.fixture(name="log")
def empty_log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.touch()
    return path


def reject(log: Path, number: int, *, burst: int = 50) -> StructlogObserver:
    """Let the structlog observer write that many rejections, as the middleware does."""
    rejected = VALID.without(b"sec-websocket-key").head()
    violations = judge(rejected).violations
    record = HandshakeRecord(
        outcome="rejected",
        layer="asgi",
        status=400,
        enforced=True,
        rejection=Rejection(violations),
        describe=lambda: request_facts(rejected, path="/ws"),
    )
    with log.open("a") as file:
        logger = structlog.wrap_logger(
            structlog.WriteLogger(file),
            processors=[structlog.processors.JSONRenderer()],
        )
        structlog_observer = StructlogObserver(
            logger, rate_limit=RateLimit(lambda: 0.0, burst=burst)
        )
        for _ in range(number):
            structlog_observer.observe(record)
        structlog_observer.flush()
    return structlog_observer


def mark(log: Path, text: str) -> None:
    with log.open("a") as file:
        file.write(f"{text}\n")


def test_a_file_that_grows_and_rotates_is_counted_to_the_last_line(log: Path) -> None:
    with watching(str(log), "--json") as watch:
        reject(log, 2)
        mark(log, "it grew")
        watch.wait_for(b"it grew\n")

        log.rename(log.with_suffix(".1"))
        reject(log.with_suffix(".1"), 1)
        reject(log, 3)
        mark(log, "it rotated")
        watch.wait_for(b"it rotated\n")

        log.write_bytes(b"")
        mark(log, "it is short")
        watch.wait_for(b"it is short\n")
        reject(log, 4)
        mark(log, "the end")
        watch.wait_for(b"the end\n")
        status, printed, said = watch.interrupt()

    counts = json.loads(printed)
    assert status == 1
    assert counts["rejected"] == 10
    assert counts["other_lines"] == 4
    assert b"Traceback" not in said


def test_what_the_flood_gate_suppressed_is_in_the_sum(log: Path) -> None:
    reject(log, 500, burst=3)
    assert len(log.read_text().splitlines()) == 4
    with watching(str(log), "--once", "--json") as watch:
        status, printed, said = watch.end()
    counts = json.loads(printed)
    assert (status, said) == (1, b"")
    assert (counts["rejected"], counts["suppressed"]) == (500, 497)
    assert counts["by"]["reason"]["counts"] == {"key_missing": 500}
    assert counts["by"]["path"]["counts"] == {"/ws": 3}


def test_a_pipe_is_read_while_it_is_written_to(log: Path) -> None:
    reject(log, 2)
    reading, writing = os.pipe()
    with watching("-", stdin=reading) as watch:
        os.close(reading)
        os.write(writing, log.read_bytes() + b"\xff half a li")
        os.write(writing, b"ne\n")
        watch.wait_for(b"\\xff half a line\n")
        os.close(writing)
        status, printed, _ = watch.end()
    assert status == 1
    assert printed.startswith("2 rejected, 0 accepted\n1 line without an event\n")


def test_ctrl_c_without_a_rejection_is_0(log: Path) -> None:
    log.write_text('{"event": "websocket.handshake.accepted"}\n', "utf-8")
    mark(log, "begun")
    with watching(str(log)) as watch:
        watch.wait_for(b"begun\n")
        status, printed, said = watch.interrupt()
    assert status == 0
    assert printed == "0 rejected, 1 accepted\n1 line without an event\n"
    assert said == b"begun\n"


def test_a_very_long_line_of_junk_is_cut_and_the_next_one_is_read(log: Path) -> None:
    log.write_bytes(b"\x00" * 3_000_000 + b"\n")
    reject(log, 1)
    with watching(str(log), "--once", "--json") as watch:
        status, printed, said = watch.end()
    counts = json.loads(printed)
    assert (status, counts["rejected"], counts["other_lines"]) == (1, 1, 1)
    assert said == b"\\x00" * 1_048_576 + b"... (cut after 1 MiB)\n"


def test_on_a_terminal_the_table_is_live_and_ctrl_c_leaves_it(log: Path) -> None:
    reject(log, 2)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ws_handshake", "watch", str(log)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "40"},
    )
    os.close(theirs)
    try:
        shown = _until(ours, b"", b"in the last minute")
        mark(log, "it is\x1b[2Jalive")
        shown = _until(ours, shown, b"it is\\x1b[2Jalive")
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 1
        shown = _until(ours, shown, b"1 line without an event")
    finally:
        process.kill()
        process.wait(SECONDS)
        os.close(ours)
    assert b"Traceback" not in shown
    assert b"\x1b[2J" not in shown


def _until(terminal: int, shown: bytes, text: bytes) -> bytes:
    """Read what a terminal shows until the text has come."""
    deadline = time.monotonic() + SECONDS
    while text not in shown:
        assert time.monotonic() < deadline, shown
        with suppress(OSError):
            shown += os.read(terminal, 65_536)
    return shown
