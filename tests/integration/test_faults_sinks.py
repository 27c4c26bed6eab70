"""A log that takes no more lines, or none until it is read."""

from __future__ import annotations

import json
import logging
import os
import runpy
import subprocess
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from tests.bench.servers import PROTOCOLS
from tests.support.docs_examples import DOCS
from tests.support.faults import (
    BROKEN,
    FAILED,
    FULL,
    SETUPS,
    needs_a_full_disk,
    on_every_server,
)
from tests.support.handshakes import VALID
from tests.support.sinks import Crowd, Pipe, into_a_pipe
from tests.support.waiting import wait_until
from tests.support.wires import ask, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.faults import Setup
    from tests.support.wires import Response

EXAMPLE = DOCS / "examples" / "queued_logs.py"
HEALTH = b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
MOST_SECONDS = 10.0


def usual(setup: Setup = SETUPS[0]) -> list[str]:
    return f"""uvicorn --factory tests.soak.apps:soaked --port {{port}}
        --http {PROTOCOLS[setup.parser]} --ws {setup.library}
        --log-level error --no-access-log""".split()


def queued(tmp_path: Path) -> list[str]:
    """Return the command for the example, which configures logging itself."""
    nothing = tmp_path / "nothing.json"
    nothing.write_text('{"version": 1, "disable_existing_loggers": false}')
    return f"""uvicorn queued_logs:app --app-dir {EXAMPLE.parent} --port {{port}}
        --http {PROTOCOLS["httptools"]} --log-config {nothing}""".split()


def ask_for_every_rejection(port: int, times: int) -> None:
    for _ in range(times):
        for code, handshake in BROKEN.items():
            if code != "origin_not_allowed":  # the example has no policy
                assert ask(port, handshake.wire(), 20).codes == (code,)


@needs_a_full_disk
@on_every_server
def test_a_full_disk_under_standard_output_changes_no_verdict(
    setup: Setup, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    full = os.open(FULL, os.O_WRONLY)
    with serving(usual(setup), log, stdout=full) as server:
        os.close(full)
        ask_for_every_rejection(server.port, 100)
        assert ask(server.port, VALID.wire(), 20).status == 101
    failed = FAILED.format("StructlogObserver").partition(": ")[2]
    assert server.logged().splitlines() == [failed]


def test_a_pipe_that_is_not_read_stops_every_client_until_it_is(
    tmp_path: Path,
) -> None:
    with into_a_pipe(usual(), tmp_path / "log") as (server, pipe):
        crowd = Crowd(server.port)
        wait_until(lambda: _has_stopped(pipe), pipe.waiting)
        responses: list[Response] = []
        valid = threading.Thread(
            target=lambda: responses.append(ask(server.port, VALID.wire(), 60))
        )
        valid.start()
        valid.join(1)
        assert responses == []
        pipe.read_on()
        valid.join(60)
        assert [response.status for response in responses] == [101]
        server.process.terminate()
        crowd.wait()
    rejected = {
        response.codes for response in crowd.responses if response.status == 400
    }
    assert rejected == {("key_missing",), ("head_malformed",)}


def test_not_even_sigterm_ends_a_server_whose_log_is_not_read(
    tmp_path: Path,
) -> None:
    with into_a_pipe(usual(), tmp_path / "log") as (server, pipe):
        crowd = Crowd(server.port)
        wait_until(lambda: _has_stopped(pipe), pipe.waiting)
        server.process.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(2)
        pipe.read_on()
        server.process.wait(20)
        crowd.wait()


def _has_stopped(pipe: Pipe) -> bool:
    """Return whether the pipe is full, and no line has come for a while."""
    before = pipe.waiting()
    time.sleep(0.5)
    return before == pipe.waiting() > 50_000


def test_with_the_queue_of_the_page_no_client_waits_for_the_log_to_be_read(
    tmp_path: Path,
) -> None:
    with into_a_pipe(queued(tmp_path), tmp_path / "log") as (server, pipe):
        ask_for_every_rejection(server.port, 300)
        wait_until(lambda: _has_stopped(pipe), pipe.waiting)
        assert ask(server.port, VALID.wire(), 20).status == 101
        ask_for_every_rejection(server.port, 10)
        assert json.loads(ask(server.port, HEALTH, 20).body) == {"lost": 0}
        server.process.terminate()
        begun = time.monotonic()
        server.process.wait(20)
        assert time.monotonic() - begun < MOST_SECONDS
    assert server.logged() == ""
    assert b"Traceback" not in pipe.text


def test_with_the_queue_and_a_reader_the_log_accounts_for_every_rejection(
    tmp_path: Path,
) -> None:
    with serving(queued(tmp_path), tmp_path / "log") as server:
        ask_for_every_rejection(server.port, 100)
    assert accounted(server.logged()) == {"key_missing": 100, "head_malformed": 100}


def accounted(log: str) -> Counter[str]:
    """Return how many rejections are logged, in lines of their own or as a number."""
    found: Counter[str] = Counter()
    for line in log.splitlines():
        event = json.loads(line)
        code = event.get("error.type")
        if code:
            found[code] += event["websocket.handshake.suppressed"]
            found[code] += event["event"] == "websocket.handshake.rejected"
    return found


@pytest.fixture
def example() -> Iterator[dict[str, Any]]:
    """Run the example in this process, and undo what it configures."""
    handlers, level = logging.root.handlers[:], logging.root.level
    logging.root.handlers[:] = []
    yield runpy.run_path(str(EXAMPLE))
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def test_lines_beyond_the_queue_are_counted_and_delay_no_client(
    example: dict[str, Any],
) -> None:
    with Pipe() as pipe:
        full = pipe.fill()
        outbox = example["Outbox"](pipe.writer, size=3)
        for _ in range(10):
            outbox.emit(logging.makeLogRecord({"msg": "a line"}))
        begun = time.monotonic()
        outbox.flush()
        assert time.monotonic() - begun < MOST_SECONDS
        assert outbox.lost in {6, 7}  # one may be on its way already
        pipe.read_on()
        written = b"a line\n" * (10 - outbox.lost)
        wait_until(lambda: pipe.text[full:] == written, lambda: pipe.text[full:])


@needs_a_full_disk
def test_lines_that_a_full_disk_does_not_take_are_counted_too(
    example: dict[str, Any],
) -> None:
    full = os.open(FULL, os.O_WRONLY)
    outbox = example["Outbox"](full)
    for _ in range(10):
        outbox.emit(logging.makeLogRecord({"msg": "a line"}))
    wait_until(lambda: outbox.lost == 10, lambda: outbox.lost)
    os.close(full)


@on_every_server
def test_sigterm_in_the_middle_of_a_flood_ends_the_server_in_time(
    setup: Setup, tmp_path: Path
) -> None:
    with serving(usual(setup), tmp_path / "log") as server:
        crowd = Crowd(server.port)
        wait_until(lambda: len(crowd.responses) > 200, lambda: len(crowd.responses))
        begun = time.monotonic()
        server.process.terminate()
        server.process.wait(30)
        assert time.monotonic() - begun < MOST_SECONDS
        crowd.wait()
    responses = [response for response in crowd.responses if response.raw]
    assert all(_is_whole(response) for response in responses)
    logged = accounted(server.logged())
    assert all(logged[code] >= n for code, n in _by_code(responses).items())
    assert logged.keys() == BROKEN.keys() - {"origin_not_allowed"}


def _is_whole(response: Response) -> bool:
    if not response.codes:
        return response.status == 101
    return len(response.body) == int(dict(response.headers)[b"content-length"])


def _by_code(responses: list[Response]) -> Counter[str]:
    return Counter(response.codes[0] for response in responses if response.codes)
