"""`python -m tests.bench.observers`: what each observer adds to a rejection."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry

from tests.bench.apps import bare
from tests.bench.core import compare
from tests.bench.load import REJECTIONS, load
from tests.bench.rejecting import drive, structlog_observer
from tests.bench.requests import WITHOUT_KEY
from tests.support.signals import Signals
from tests.support.wires import serving
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.opentelemetry import OpenTelemetryObserver
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.prometheus import PrometheusObserver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

    from tests.support.wires import Server
    from ws_handshake.asgi.scope import ASGIApp
    from ws_handshake.outcome.observer import Observer

_PACKAGES = ("structlog", "prometheus_client", "opentelemetry-sdk", "uvicorn")
_PROTOCOL = "ws_handshake.uvicorn:HttpToolsProtocol"


def main(arguments: Sequence[str]) -> None:
    """Measure, and print it line by line."""
    parser = argparse.ArgumentParser("python -m tests.bench.observers", None, __doc__)
    parser.add_argument("--quick", action="store_true", help="see that it runs")
    for line in report(quick=parser.parse_args(arguments).quick):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def report(*, quick: bool) -> Iterator[str]:
    """Yield the lines of the report."""
    installed = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    yield f"Python {platform.python_version()}, {installed}"
    yield "\nA rejection in the middleware: the best time, and the ratio to no observer"
    rounds, calls = (3, 100) if quick else (300, 300)
    with Path(os.devnull).open("w") as nowhere:
        apps = {name: _wrapped(*row) for name, row in observers(nowhere).items()}
        calling = {name: _rejecting(app) for name, app in apps.items()}
        timing = compare(calling, rounds=rounds, calls=calls)
    for name, best in timing.best.items():
        ratio = 1 / timing.ratios.get(name, 1)
        yield f"  {name:34}{best * 1e6:8.2f} us  ratio {ratio:5.2f}"
    yield "\nThe same by uvicorn, on real sockets: processor time, and the ratio"
    for name, seconds, ratio in _on_sockets(*((2, 0.05) if quick else (40, 0.1))):
        yield f"  {name:34}{seconds * 1e6:8.2f} us  ratio {ratio:5.2f}"


def observers(log: TextIO) -> dict[str, tuple[Observer, ...]]:
    """Return the sets of observers that are compared, the empty one first."""
    prometheus = PrometheusObserver(registry=CollectorRegistry())
    return {
        "none": (),
        "structlog observer": (structlog_observer(log),),
        "structlog observer, in a flood": (
            structlog_observer(log, RateLimit(time.monotonic)),
        ),
        "Prometheus": (prometheus,),
        "structlog observer and Prometheus": (structlog_observer(log), prometheus),
        "OpenTelemetry without SDK": (OpenTelemetryObserver(),),
        "OpenTelemetry, in a flood": (Signals().observer(),),
    }


def _wrapped(*watching: Observer) -> ASGIApp:
    return WebSocketHandshakeMiddleware(bare(), observers=watching)


def _rejecting(app: Any) -> Callable[[], object]:
    scope = WITHOUT_KEY.http_scope()
    return lambda: drive(app, scope)


def silent() -> ASGIApp:
    """Return an application without observers, for `uvicorn --factory`."""
    return _wrapped()


def observed() -> ASGIApp:
    """Return one that logs to standard output, a file, and counts for Prometheus."""
    return _wrapped(
        structlog_observer(sys.stdout),
        PrometheusObserver(registry=CollectorRegistry()),
    )


def _on_sockets(rounds: int, seconds: float) -> Iterator[tuple[str, float, float]]:
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        alone, watched = (
            stack.enter_context(_serving(Path(directory), name))
            for name in ("silent", "observed")
        )
        rows = [
            _round(number, alone, watched, seconds) for number in range(-1, rounds)
        ][1:]
    yield "none", min(without for without, _ in rows), 1.0
    ratio = median(within / without for without, within in rows)
    yield "structlog observer and Prometheus", min(within for _, within in rows), ratio


def _serving(directory: Path, name: str) -> Any:
    command = f"uvicorn --factory tests.bench.observers:{name} --port {{port}}"
    flags = f"--http {_PROTOCOL} --log-level warning --no-access-log"
    return serving([*command.split(), *flags.split()], directory / f"{name}.out")


def _round(
    number: int, alone: Server, watched: Server, seconds: float
) -> tuple[float, float]:
    """Return what a rejection cost each; every other round is in reverse order."""
    turn = (alone, watched) if number % 2 else (watched, alone)
    cost = {s: load(REJECTIONS, s.port, [s.process.pid], seconds).cpu for s in turn}
    return cost[alone], cost[watched]


if __name__ == "__main__":
    main(sys.argv[1:])
