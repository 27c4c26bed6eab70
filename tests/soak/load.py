"""Load for the soak: mixed rejections at full rate, and very slow clients."""

from __future__ import annotations

import random
import select
import socket
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.support.corpus import CORPUS, main_code
from tests.support.corpus_run import outcome
from tests.support.wires import Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.support.corpus_case import Case

_HOST = "127.0.0.1"
_SECONDS = 10.0

#: Every case of the corpus that is to be rejected.
CASES_REJECTED = [case for case in CORPUS if isinstance(case.expected, tuple)]


class _Lane:
    """One connection, what was asked on it, and what came back up to now."""

    def __init__(self, port: int, case: Case) -> None:
        self.case = case
        self.socket = socket.create_connection((_HOST, port), _SECONDS)
        self._received = b""

    def send(self, data: bytes) -> None:
        with suppress(OSError):  # a rejection need not wait for the whole request
            self.socket.sendall(data)

    def ended(self) -> bool:
        """Read what there is; return whether that was the end."""
        chunk = b""
        with suppress(ConnectionResetError):
            chunk = self.socket.recv(65536)
        self._received += chunk
        return not chunk

    def complaint(self) -> str | None:
        """Return what came instead of the expected outcome, or None."""
        came = outcome(Response(self._received, "closed"))
        if came == self.case.expected:
            return None
        return f"{self.case.name}: {came} is not {self.case.expected}"


class Flood:
    """Asks on several lanes at once, each time another case; responses are compared."""

    def __init__(self, port: int, cases: Sequence[Case], *, lanes: int = 8) -> None:
        self.rejected: Counter[str] = Counter()
        self.complaints: list[str] = []
        self._port = port
        self._cases = _forever(cases)
        self._poll = select.epoll()
        self._lanes: dict[int, _Lane] = {}
        for _ in range(lanes):
            self._open()

    def run(self, seconds: float) -> None:
        """Send at full rate for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(again=True)

    def stop(self, seconds: float = _SECONDS) -> None:
        """Wait for the response to every request that was sent."""
        end = time.monotonic() + seconds
        while self._lanes and time.monotonic() < end:
            self._read(again=False)
        self.complaints += [f"no response to {lane.case.name}" for lane in self._left()]
        self._poll.close()

    def _left(self) -> list[_Lane]:
        left = list(self._lanes.values())
        for lane in left:
            lane.socket.close()
        return left

    def _open(self) -> None:
        lane = _Lane(self._port, next(self._cases))
        lane.send(lane.case.data)
        self._lanes[lane.socket.fileno()] = lane
        self._poll.register(lane.socket, select.EPOLLIN)

    def _read(self, *, again: bool) -> None:
        for number, _ in self._poll.poll(1):
            if self._lanes[number].ended():
                self._close(number)
                if again:
                    self._open()

    def _close(self, number: int) -> None:
        self._poll.unregister(number)
        lane = self._lanes.pop(number)
        lane.socket.close()
        self._note(lane)

    def _note(self, lane: _Lane) -> None:
        self.rejected[main_code(tuple(lane.case.expected))] += 1
        complaint = lane.complaint()
        if complaint:
            self.complaints.append(complaint)


class SlowClients:
    """Clients that send one byte each time they are asked to."""

    def __init__(self, port: int, cases: Sequence[Case]) -> None:
        self.rejected: Counter[str] = Counter()
        self.complaints: list[str] = []
        self._port = port
        self._waiting = [(self._call(case), case.data) for case in cases]

    def send_next_byte(self) -> None:
        """Send the next byte of every client; one that is done begins anew."""
        for place, (lane, rest) in enumerate(self._waiting):
            lane.send(rest[:1])
            self._waiting[place] = (lane, rest[1:])
            if len(rest) == 1:
                self._finish(lane)
                self._waiting[place] = (self._call(lane.case), lane.case.data)

    def stop(self) -> None:
        """Hang up in the middle of the requests."""
        for lane, _ in self._waiting:
            lane.socket.close()

    def _call(self, case: Case) -> _Lane:
        return _Lane(self._port, case)

    def _finish(self, lane: _Lane) -> None:
        while not lane.ended():
            pass
        lane.socket.close()
        self.rejected[main_code(tuple(lane.case.expected))] += 1
        complaint = lane.complaint()
        if complaint:
            self.complaints.append(complaint)


def _forever(cases: Sequence[Case]) -> Iterator[Case]:
    order = random.Random(7)  # noqa: S311  (an order, no secret)
    while True:
        yield from order.sample(cases, len(cases))
