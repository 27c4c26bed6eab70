"""The limits of a conformance run."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import VALID
from ws_handshake.cli.client.failures import CONNECTION_REFUSED, Failure
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.conformance.cases import Case
from ws_handshake.cli.conformance.send import Limits, Pace, Reply, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.cli.client.dial import Deadline

CASES = tuple(Case(f"case{n}", "A.", b"", "either", "RFC 1") for n in range(40))
FAST = Limits(at_once=4, rate=10_000.0, timeout=5.0, seconds=60.0)
CAME = Reply(VALID.head(), silence="no response in time")
RESPONDED = Reply(VALID.head(), Response("1.1", 400))
LOST = Reply(VALID.head(), blocked=Failure(CONNECTION_REFUSED))


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Server:
    """Counts how many are sent at once, and when; `reply` is its response."""

    def __init__(self, reply: Reply = CAME, seconds: float = 0.0) -> None:
        self.reply = reply
        self.seconds = seconds
        self.names: list[str] = []
        self.at = list[float]()
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def send(self, case: Case, deadline: Deadline) -> Reply:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self.names.append(case.name)
            self.at.append(time.monotonic())
        assert deadline.left() <= 5.0
        time.sleep(self.seconds)
        with self._lock:
            self._now -= 1
        return self.reply


def test_every_case_is_sent_once() -> None:
    server = Server()
    run = Run(server.send, FAST)
    results = list(run.results(CASES))
    assert sorted(server.names) == sorted(case.name for case in CASES)
    assert {case.name for case, _ in results} == set(server.names)
    assert {reply for _, reply in results} == {CAME}
    assert run.stopped is None


def test_no_more_are_on_the_way_than_allowed() -> None:
    server = Server(seconds=0.01)
    list(Run(server.send, Limits(3, 10_000.0, 5.0, 60.0)).results(CASES))
    assert 1 <= server.most <= 3


def test_no_more_are_sent_in_a_second_than_allowed() -> None:
    server = Server()
    list(Run(server.send, Limits(4, 50.0, 5.0, 60.0)).results(CASES[:11]))
    assert server.at[-1] - server.at[0] >= 10 / 50 - 0.03


def test_the_run_ends_with_its_time() -> None:
    server = Server(RESPONDED, seconds=0.05)
    run = Run(server.send, Limits(1, 10_000.0, 5.0, 0.2))
    results = list(run.results(CASES))
    assert len(results) < len(CASES)
    assert len(server.names) == len(results)
    assert run.stopped == "the time limit of 0.2 s was over"


def test_a_server_that_is_cut_off_by_the_deadline_is_not_called_silent() -> None:
    # a thread that begins after the limit would send nothing
    silent, quick = Server(CAME, seconds=1.1), Server(RESPONDED, seconds=1.1)
    limits = Limits(1, 10_000.0, 5.0, 1.0)
    assert list(Run(silent.send, limits).results(CASES[:1])) == []
    assert list(Run(quick.send, limits).results(CASES[:1])) == [(CASES[0], RESPONDED)]


def test_a_turn_after_the_deadline_is_not_waited_for() -> None:
    server = Server()
    run = Run(server.send, Limits(1, 0.2, 5.0, 1.0))
    start = time.monotonic()
    results = list(run.results(CASES[:3]))
    assert len(results) == 1
    assert run.stopped == "the time limit of 1 s was over"
    assert time.monotonic() - start < 15.0


def test_a_server_that_is_gone_ends_the_run() -> None:
    server = Server(LOST)
    run = Run(server.send, Limits(1, 100.0, 5.0, 60.0))
    results = list(run.results(CASES))
    assert 5 <= len(results) < len(CASES)
    assert run.stopped == "the server could no longer be reached"


def test_closing_the_results_stops_the_run() -> None:
    server = Server()
    with closing(Run(server.send, Limits(1, 50.0, 5.0, 60.0)).results(CASES)) as sent:
        next(sent)
    assert len(server.names) < len(CASES)


class Interrupted(tuple[Case, ...]):
    """Cases in the midst of which Ctrl-C is pressed."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Case]:
        yield from CASES[:20]
        raise KeyboardInterrupt


def test_ctrl_c_while_cases_are_submitted_stops_the_run() -> None:
    server = Server()
    run = Run(server.send, Limits(1, 1.0, 5.0, 60.0))
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(run.results(Interrupted(CASES)))
    assert time.monotonic() - start < 10.0
    assert len(server.names) < 20


def test_the_first_reason_to_stop_counts() -> None:
    run = Run(Server().send, FAST)
    run.stop("one")
    run.stop("two")
    assert run.stopped == "one"
    assert list(run.results(CASES)) == []


def test_turns_are_evenly_apart_and_none_is_saved_up() -> None:
    clock = Clock()
    pace = Pace(10.0, clock)
    assert [round(pace.delay(), 3) for _ in range(3)] == [0.0, 0.1, 0.2]
    clock.now += 5.0
    assert [round(pace.delay(), 3) for _ in range(2)] == [0.0, 0.1]
