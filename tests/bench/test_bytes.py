"""The bench of long heads runs; what it prints is judged by people, not here."""

from __future__ import annotations

import re
import socket
import struct
import subprocess
import sys
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.bench import bytes as bench_bytes
from tests.bench.bytes import Effort, Report, main, write_docs
from tests.bench.bytes_trials import ALONE, PEERS, WITH_US, running, status_of, trials
from tests.bench.heads import FORMS, KIB, LONG_LINES, SHORT_LINES, SIZES, Form
from tests.bench.load import cpu_seconds, processes
from tests.support.conformance_servers import NODE_WS, Stack, need
from tests.support.marked_page import MarkedPage
from ws_handshake import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Talk = Callable[[socket.socket], object]

IN_PYTHON = tuple(stack for stack in PEERS if stack.title != NODE_WS)
NODE = next(stack for stack in PEERS if stack.title == NODE_WS)
NOWHERE = Stack("nowhere", (), ("no_such_server",))

every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.title)
every_size = pytest.mark.parametrize("size", SIZES)


def test_the_quick_bench_prints_a_row_for_every_server_and_draws_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for stack in IN_PYTHON:
        need(stack)
    monkeypatch.setattr(bench_bytes, "PEERS", IN_PYTHON)
    main(["--quick", "--svg", str(tmp_path / "bytes.svg")])
    printed = capsys.readouterr().out
    titles = [stack.title for stack in IN_PYTHON]
    found = re.findall(r"(?m)^\| ([^|]+?) +\| +[0-9.]+ \|", printed)
    servers = ["with ws-handshake", "uvicorn alone", "with / alone"]
    servers = ["KiB of head", *servers, *titles, "judge() alone"]
    assert found[: 2 * len(servers)] == servers * 2
    assert found[2 * len(servers)] == "KiB of head"
    assert "431 (" in printed
    drawn = (tmp_path / "bytes.svg").read_text(encoding="utf-8")
    assert all(f">{title}</text>" in drawn for title in titles)


def test_a_server_that_is_not_there_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def measured(peers: object, effort: Effort) -> Report:
        asked.extend([peers, effort])
        return Report("the tables\n", "<svg/>")

    monkeypatch.setattr(bench_bytes, "PEERS", (NOWHERE, *IN_PYTHON[:1]))
    monkeypatch.setattr(bench_bytes, "measured", measured)
    main(["--rounds", "7"])
    assert asked == [list(IN_PYTHON[:1]), Effort(7, 0.1)]
    assert capsys.readouterr().out == "the tables\n"


def test_the_page_is_written_only_with_all_servers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[Report] = []
    report = Report("the tables\n", "<svg/>")
    monkeypatch.setattr(bench_bytes, "write_docs", written.append)
    monkeypatch.setattr(bench_bytes, "measured", lambda *_: report)
    monkeypatch.setattr(bench_bytes, "PEERS", (NOWHERE,))
    with pytest.raises(SystemExit, match=r"^The page needs all servers: no_such_serv"):
        main(["--docs"])
    assert not written
    monkeypatch.setattr(bench_bytes, "PEERS", ())
    main(["--docs"])
    assert written == [report]


def test_the_page_gets_the_tables_and_the_chart(tmp_path: Path) -> None:
    page, svg = MarkedPage(tmp_path, "table"), tmp_path / "charts" / "bytes.svg"
    for _ in range(2):
        write_docs(Report("the tables\n", "<svg/>"), page.path, svg)
    assert page.written() == "\nthe tables\n\n"
    assert svg.read_text() == "<svg/>"


def test_without_node_its_version_is_not_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    assert "Node.js" not in bench_bytes.versions(IN_PYTHON)


def test_node_is_measured_up_to_its_limit_and_named_with_its_version(
    tmp_path: Path,
) -> None:
    need(NODE)
    versions = bench_bytes.versions([NODE])
    assert re.search(r"ws \d[^ ]*, Node\.js \d+\.\d+\.\d+$", versions)
    with NODE.running(tmp_path / "node.out") as server:
        found = trials(LONG_LINES, {NODE_WS: server}, 0.01)
    responses = [trial.response for trial in found if trial.title == NODE_WS]
    assert responses == ["101"] * 6 + ["431"] * 2
    assert [trial.measure is None for trial in found[-4::2]] == [True, True]


def test_a_rejection_is_measured_where_it_is_ours(tmp_path: Path) -> None:
    with running(tmp_path, []) as servers:
        found = trials(SHORT_LINES, servers, 0.01)
        rejected = [trial for trial in found if trial.response != "101"]
        assert all(trial.measure and trial.measure() > 0 for trial in rejected)
    rows = [(trial.title, trial.size // KIB, trial.response) for trial in rejected]
    both = WITH_US, ALONE
    assert rows == [(title, size, "431") for size in (32, 64) for title in both]


@every_form
@every_size
def test_a_head_has_the_bytes_that_it_is_to_have(form: Form, size: int) -> None:
    handshake = form.handshake(size)
    assert len(handshake.wire()) == size
    lines = handshake.wire().split(b"\r\n")
    assert max(map(len, lines)) + 2 <= form.most
    assert len({name for name, _ in handshake.headers}) == len(handshake.headers)


@every_size
def test_heads_in_long_lines_are_within_the_usual_limits(size: int) -> None:
    assert judge(LONG_LINES.handshake(size).head()).accepted


def test_the_processor_time_of_what_a_process_started_counts() -> None:
    spins = "import sys; sum(range(10**7)); print(flush=True); sys.stdin.read()"
    starts = (
        "import subprocess, sys; "
        f"subprocess.run([sys.executable, '-c', {spins!r}], check=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", starts], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        pids = processes(parent.pid)
        own, *others = [cpu_seconds([pid]) for pid in pids]
        both = cpu_seconds(pids)
    assert pids[0] == parent.pid
    assert len(pids) == 2
    assert others[0] > 0.05
    assert both >= own + others[0]


def _reset(connection: socket.socket) -> None:
    at_once = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)


TALKS: dict[str, Talk] = {
    "431": lambda connection: connection.sendall(b"HTTP/1.1 431 Too Large\r\n"),
    "closed": lambda connection: connection.shutdown(socket.SHUT_WR),
    "reset": _reset,
    "silent": lambda connection: connection.recv(1),
}


@contextmanager
def listening(talk: Talk) -> Iterator[int]:
    """Take one request, and do this to its client."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(100)
            talk(connection)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("response", TALKS)
def test_a_server_that_does_not_respond_is_described_in_a_word(response: str) -> None:
    with listening(TALKS[response]) as port:
        assert status_of(port, b"GET / HTTP/1.1\r\n\r\n", 0.5) == response


def test_a_response_before_the_end_of_the_request_is_read() -> None:
    def at_once(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 431 Too Large\r\n")

    with listening(at_once) as port:
        assert status_of(port, b"x" * 2**26) == "431"
