"""`python -m tests.bench.flood`: rejections of clients with many addresses."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from prometheus_client import CollectorRegistry

from tests.bench.apps import bare
from tests.bench.bytes_tables import markdown
from tests.bench.open_sockets import PAGE, resident
from tests.bench.rejecting import drive, structlog_observer
from tests.bench.requests import WITHOUT_KEY
from tests.support.other_page import is_up_to_date
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.prometheus import PrometheusObserver

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ADDRESSES = (1, 1000, 100_000)
_AT_ONCE = 1000


class Cost(NamedTuple):
    """What a flood took: seconds of each rejection, and KiB that the process grew by.

    `lines` are those of the log, a summary of what was held back not counted.
    """

    addresses: int
    seconds: float
    grown: float
    lines: int


def main(arguments: Sequence[str]) -> None:
    """Measure, print the table, and write it onto the page where that was asked for."""
    parser = argparse.ArgumentParser("python -m tests.bench.flood", None, __doc__)
    parser.add_argument("--quick", action="store_true", help="see that it runs")
    parser.add_argument("--docs", action="store_true", help="write the page, too")
    given = parser.parse_args(arguments)
    rejections, addresses = (
        (2000, ADDRESSES[:1]) if given.quick else (2 * max(ADDRESSES), ADDRESSES)
    )
    table = markdown(rows(measured(rejections, addresses)))
    sys.stdout.write(table)
    if given.docs:
        made = (
            f"Measured on {time.strftime('%-d %B %Y')}, {rejections:,} rejections each."
        )
        is_up_to_date(PAGE, f"\n{made}\n\n{table}\n", renew=True, of="flood")


def measured(rejections: int, addresses: Sequence[int]) -> list[Cost]:
    """Return what each flood cost, of so many rejections."""
    # a process for each, so that none uses what another gave back
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        return pool.map(partial(flood, rejections), addresses, chunksize=1)


def flood(rejections: int, addresses: int) -> Cost:
    """Reject so many handshakes, of clients with so many addresses in turn."""
    with tempfile.TemporaryFile("w+") as log:
        app = WebSocketHandshakeMiddleware(
            bare(),
            observers=(
                structlog_observer(log, RateLimit()),
                PrometheusObserver(registry=CollectorRegistry()),
            ),
        )
        _rejected(app, 0, _AT_ONCE, 1)  # it warms up
        before, seconds = resident(os.getpid()), 0.0
        for start in range(0, rejections, _AT_ONCE):
            seconds += _rejected(app, start, _AT_ONCE, addresses)
        grown = resident(os.getpid()) - before
        log.seek(0)
        return Cost(addresses, seconds / rejections, grown, len(log.readlines()))


def rows(costs: Sequence[Cost]) -> Iterator[Sequence[str]]:
    """Yield the lines of the table."""
    yield ("client addresses", "µs a rejection", "KiB more memory", "lines logged")
    for cost in costs:
        yield (
            *(f"{cost.addresses:,}", f"{cost.seconds * 1e6:.1f}"),
            *(f"{cost.grown:,.0f}", f"{cost.lines:,}"),
        )


def _rejected(
    app: WebSocketHandshakeMiddleware, start: int, calls: int, addresses: int
) -> float:
    """Return the processor time of so many rejections."""
    scopes = [
        WITHOUT_KEY.http_scope(client=_client(number % addresses))
        for number in range(start, start + calls)
    ]
    begun = time.process_time()
    for scope in scopes:
        drive(app, scope)
    return time.process_time() - begun


def _client(number: int) -> tuple[str, int]:
    return (
        f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
        1024 + number % 60000,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
