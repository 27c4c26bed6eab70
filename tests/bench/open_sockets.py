"""`python -m tests.bench.open_sockets`: the memory that an open WebSocket takes."""

from __future__ import annotations

import argparse
import resource
import socket
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from tests.bench.bytes_tables import markdown
from tests.bench.load import HOST, processes
from tests.bench.requests import OFFERS_NOTHING
from tests.bench.servers import PROTOCOLS, serving_uvicorn
from tests.support.other_page import is_up_to_date
from tests.support.wires import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.support.wires import Server

PAGE = ROOT / "docs" / "performance.md"
COUNTS = (1000, 5000)
STACKS = ("wsproto", "websockets-sansio")
WAYS = {"bare": "httptools", "wrapped": PROTOCOLS["httptools"]}
_WARMING = 50
# beside the sockets: the log, the listener, the event loop
_OTHER_FILES = 100


class Memory(NamedTuple):
    """KiB of each open WebSocket, under uvicorn alone and with ws-handshake."""

    websocket: str
    opened: int
    bare: float
    wrapped: float


def main(arguments: Sequence[str]) -> None:
    """Measure, print the table, and write it onto the page where that was asked for."""
    parser = argparse.ArgumentParser(
        "python -m tests.bench.open_sockets", None, __doc__
    )
    parser.add_argument("--quick", action="store_true", help="see that it runs")
    parser.add_argument("--rounds", type=int, default=5, help="5 take two minutes")
    parser.add_argument("--docs", action="store_true", help="write the page, too")
    given = parser.parse_args(arguments)
    trials = (STACKS[:1], (200,), 1) if given.quick else (STACKS, COUNTS, given.rounds)
    table = markdown(rows(measured(*trials)))
    sys.stdout.write(table)
    if given.docs:
        day = time.strftime("%-d %B %Y")
        made = f"Measured on {day}, medians of {given.rounds}."
        text = f"\n{made}\n\n{table}\n"
        is_up_to_date(PAGE, text, renew=True, of="open sockets")


def measured(
    stacks: Sequence[str], counts: Sequence[int], rounds: int
) -> Iterator[Memory]:
    """Yield what was measured of each stack, with so many sockets open."""
    _allow(max(counts) + _OTHER_FILES)
    for websocket in stacks:
        taken: dict[str, list[list[float]]] = {way: [] for way in WAYS}
        for number in range(rounds):
            for way in sorted(WAYS, reverse=bool(number % 2)):
                taken[way].append(_taken(way, websocket, counts))
        medians = (map(median, zip(*taken[way], strict=True)) for way in WAYS)
        for count, *both in zip(counts, *medians, strict=True):
            yield Memory(websocket, count, *both)


def rows(measured: Iterator[Memory]) -> Iterator[Sequence[str]]:
    """Yield the lines of the table."""
    yield (
        "uvicorn with httptools and",
        *("open", "KiB each, alone", "with ws-handshake", "more", "with / alone"),
    )
    for stack, count, bare, wrapped in measured:
        yield (
            *(stack, f"{count:,}", f"{bare:.1f}", f"{wrapped:.1f}"),
            *(f"{wrapped - bare:.1f}", f"{wrapped / bare:.2f}"),
        )


def resident(pid: int) -> float:
    """Return the resident memory of a process and its children, in KiB."""
    statms = (Path(f"/proc/{one}/statm").read_text() for one in processes(pid))
    page = resource.getpagesize() / 1024
    return sum(int(statm.split()[1]) * page for statm in statms)


def _taken(way: str, websocket: str, counts: Sequence[int]) -> list[float]:
    """Return the KiB of each socket, at each count, in a server that is new."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        server = stack.enter_context(
            serving_uvicorn(Path(folder), way, WAYS[way], websocket)
        )
        with _opened(server, _WARMING):
            pass
        before, opened, found = resident(server.process.pid), 0, []
        for count in counts:
            stack.enter_context(_opened(server, count - opened))
            opened = count
            found.append((resident(server.process.pid) - before) / count)
        return found


@contextmanager
def _opened(server: Server, count: int) -> Iterator[None]:
    """Hold so many WebSockets open. Raises RuntimeError if one is not opened."""
    request = OFFERS_NOTHING.wire()
    with ExitStack() as stack:
        for _ in range(count):
            connection = socket.create_connection((HOST, server.port), 10)
            stack.enter_context(connection)
            connection.sendall(request)
            response = connection.recv(65536)
            if not response.startswith(b"HTTP/1.1 101 "):
                raise RuntimeError(f"Instead of a 101 came {response!r}.")
        yield


def _allow(files: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
