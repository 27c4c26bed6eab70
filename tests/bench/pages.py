"""`python -m tests.bench.pages`: what ten open pages cost the demo, as a ratio."""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench.load import REJECTIONS, load
from tests.support.demos import demo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.support.wires import Server

PAGES = 10
STREAM = b"GET /_handshakes/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def main(arguments: Sequence[str]) -> None:
    """Measure, and print the ratio of what a rejection costs the processor."""
    rounds, seconds = (2, 0.2) if "--quick" in arguments else (20, 1.0)
    with TemporaryDirectory() as directory, ExitStack() as stack:
        servers = [
            stack.enter_context(demo(Path(directory, name), LOG="json"))
            for name in ("without", "within")
        ]
        stack.enter_context(watched(servers[1]))
        ratios = measured(servers, rounds, seconds)
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    sys.stdout.write(
        f"a rejection with {PAGES} pages open costs {middle:.2f} times the processor "
        f"time ({low:.2f} to {high:.2f})\n"
    )


def measured(servers: list[Server], rounds: int, seconds: float) -> list[float]:
    """Return the ratio of every round; every other one is in reverse order."""
    ratios = []
    for number in range(-1, rounds):  # the first one only warms up
        turn = servers if number % 2 else servers[::-1]
        cost = {
            s.port: load(REJECTIONS, s.port, [s.process.pid], seconds).cpu for s in turn
        }
        ratios.append(cost[servers[1].port] / cost[servers[0].port])
    return ratios[1:]


@contextmanager
def watched(server: Server) -> Iterator[None]:
    """Keep ten pages open, and read what they get, until the block ends."""
    address = ("127.0.0.1", server.port)
    with ExitStack() as stack:
        pages = [
            stack.enter_context(socket.create_connection(address)) for _ in range(PAGES)
        ]
        readers = [threading.Thread(target=_read, args=(page,)) for page in pages]
        for page, reader in zip(pages, readers, strict=True):
            page.sendall(STREAM)
            reader.start()
        yield
        for page, reader in zip(pages, readers, strict=True):
            page.shutdown(socket.SHUT_RDWR)
            reader.join()


def _read(page: socket.socket) -> None:
    while page.recv(1_048_576):
        pass


if __name__ == "__main__":
    main(sys.argv[1:])
