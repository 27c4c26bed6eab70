"""`python -m tests.bench.pages`: what ten open pages cost the demo, as a ratio."""

from __future__ import annotations

import sys
import threading
from collections import deque
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from websockets.sync.client import connect

from tests.bench.load import REJECTIONS, load
from tests.support.demos import demo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from websockets.sync.client import ClientConnection

    from tests.support.wires import Server

PAGES = 10


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
    address = f"ws://127.0.0.1:{server.port}/live"
    with ExitStack() as stack:
        pages = [
            stack.enter_context(connect(address, proxy=None, max_size=None))
            for _ in range(PAGES)
        ]
        readers = [threading.Thread(target=_read, args=(page,)) for page in pages]
        for reader in readers:
            reader.start()
        yield
    for reader in readers:
        reader.join()


def _read(page: ClientConnection) -> None:
    deque(page, maxlen=0)


if __name__ == "__main__":
    main(sys.argv[1:])
