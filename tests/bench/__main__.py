"""`python -m tests.bench`: what middleware and protocol classes cost, as ratios."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.core import compare, judges, wrapping
from tests.bench.servers import pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.bench.core import Timing
    from tests.bench.servers import Pair

_PACKAGES = ("uvicorn", "httptools", "h11", "wsproto", "websockets", "uvloop")


def main(arguments: Sequence[str]) -> None:
    """Measure everything, and print it line by line."""
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="see that it runs")
    parser.add_argument("--rounds", type=int, default=40, help="on sockets: each 80 ms")
    given = parser.parse_args(arguments)
    for line in report(quick=given.quick, sockets=given.rounds):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def report(*, quick: bool, sockets: int) -> Iterator[str]:
    """Yield the lines of the report; on sockets there are so many rounds."""
    installed = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    yield f"Python {platform.python_version()}, {installed}"
    rounds, calls = (5, 200) if quick else (200, 1000)
    for title, candidates, targets in (
        ("Chrome's handshake", judges(), {"websockets": "at most 0.85"}),
        ("A page", wrapping(), {"nothing but await": "at most 3"}),
        ("A page, with websocket_paths", wrapping(websocket_paths=["/ws"]), {}),
    ):
        yield f"\n{title}: the best time of each, and the first one against the others"
        yield from _timings(compare(candidates, rounds=rounds, calls=calls), targets)
    yield (
        "\nuvicorn with ws-handshake against it alone: requests a second, the median"
        "\nof the paired ratios, their middle half, that of processor time, the goal"
    )
    yield f"  {'parser, WebSockets':28}{'application':12}{'':13}  alone    with  ratio"
    rounds, seconds = (2, 0.05) if quick else (sockets, 0.08)
    with tempfile.TemporaryDirectory() as directory:
        for pair in pairs(Path(directory), rounds=rounds, seconds=seconds):
            yield _line(pair)


def _timings(timing: Timing, targets: Mapping[str, str]) -> Iterator[str]:
    for name, best in timing.best.items():
        ratio = timing.ratios.get(name)
        beside = "" if ratio is None else f"  ratio {ratio:6.2f}"
        target = targets.get(name, "")
        yield f"  {name:28}{best * 1e6:8.2f} us{beside}  {target}".rstrip()


def _line(pair: Pair) -> str:
    low, high = pair.spread
    return (
        f"  {pair.http:10}{pair.websocket:18}{pair.app:12}{pair.kind.name:13}"
        f"{pair.without:7.0f} {pair.within:7.0f}  {pair.ratio:.3f}"
        f"  {low:.2f}-{high:.2f}  {pair.cpu:.3f}  {pair.kind.target:.2f}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
