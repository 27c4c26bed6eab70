"""A light load generator, raw sockets in one thread: the server is the limit."""

from __future__ import annotations

import select
import socket
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.requests import HANDSHAKE, LAST_PAGE, PAGE, WITHOUT_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LANES = 16
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Kind:
    """A request to send again and again, and how its response is recognised."""

    name: str
    target: float
    request: bytes
    response: bytes
    is_whole: Callable[[bytes, bool], bool]
    keeps_alive: bool = False


def _has_ended(_response: bytes, ended: bool) -> bool:  # noqa: FBT001  (a predicate)
    return ended


def _has_head(response: bytes, _ended: bool) -> bool:  # noqa: FBT001  (ditto)
    return response.endswith(b"\r\n\r\n")


def _has_body(response: bytes, _ended: bool) -> bool:  # noqa: FBT001  (ditto)
    return response.endswith(b"\r\n\r\nok")


REJECTIONS = Kind("rejections", 0.75, WITHOUT_KEY.wire(), b"HTTP/1.1 400 ", _has_ended)
HANDSHAKES = Kind("handshakes", 0.92, HANDSHAKE.wire(), b"HTTP/1.1 101 ", _has_head)
PAGES = Kind("pages", 0.97, PAGE.wire(), b"HTTP/1.1 200 ", _has_body, keeps_alive=True)
LAST_PAGES = Kind("pages, closed", 0.97, LAST_PAGE.wire(), b"HTTP/1.1 200 ", _has_ended)


@dataclass(frozen=True)
class Load:
    """Responses in a second, and the processor time that each cost the server."""

    rate: float
    cpu: float


def load(kind: Kind, port: int, pids: Sequence[int], seconds: float) -> Load:
    """Ask on several lanes until the time is over, and wait for every response."""
    before, start = cpu_seconds(pids), time.perf_counter()
    responses = _Lanes(kind, port, start + seconds).run()
    elapsed = time.perf_counter() - start
    return Load(responses / elapsed, (cpu_seconds(pids) - before) / responses)


def cpu_seconds(pids: Sequence[int]) -> float:
    """Return the processor time of other processes (clock_getcpuclockid of Linux)."""
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)


def processes(pid: int) -> list[int]:
    """Return a process and all that it has started, and they in their turn."""
    children = [child for child, parent in _parents() if parent == pid]
    return [pid, *(found for child in children for found in processes(child))]


def _parents() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            # the name, in parentheses, may have spaces and parentheses in it
            rest = stat.read_text().rpartition(")")[2].split()
            yield int(stat.parent.name), int(rest[1])


class _Lanes:
    """All connections of one round."""

    def __init__(self, kind: Kind, port: int, deadline: float) -> None:
        self._kind = kind
        self._port = port
        self._deadline = deadline
        self._sockets: dict[int, socket.socket] = {}
        self._responses: dict[int, bytes] = {}

    def run(self) -> int:
        """Return the number of responses. Raises RuntimeError for a wrong one."""
        whole = 0
        with select.epoll() as self._poll, self._closing():
            for _ in range(LANES):
                self._open()
            while self._sockets:
                whole += sum([self._read(lane) for lane, _ in self._poll.poll(5)])
        return whole

    @contextmanager
    def _closing(self) -> Iterator[None]:
        try:
            yield
        finally:
            for connection in self._sockets.values():
                connection.close()

    def _open(self) -> None:
        connection = socket.create_connection((HOST, self._port))
        connection.sendall(self._kind.request)
        connection.settimeout(0)
        lane = connection.fileno()
        self._sockets[lane] = connection
        self._responses[lane] = b""
        self._poll.register(lane, select.EPOLLIN)

    def _read(self, lane: int) -> bool:
        kind = self._kind
        chunk = self._sockets[lane].recv(65536)
        response = self._responses[lane] = self._responses[lane] + chunk
        if not kind.is_whole(response, not chunk):
            return False
        if not response.startswith(kind.response):
            raise RuntimeError(f"Instead of {kind.response!r} came {response!r}.")
        self._go_on(lane, time.perf_counter() < self._deadline)
        return True

    def _go_on(self, lane: int, again: bool) -> None:  # noqa: FBT001  (whether to)
        if again and self._kind.keeps_alive:
            self._responses[lane] = b""
            self._sockets[lane].send(self._kind.request)
            return
        self._poll.unregister(lane)
        self._sockets.pop(lane).close()
        if again:
            self._open()
