"""Rejects at full rate for a long while, and reports what became of the server."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.bench.servers import PROTOCOLS, WEBSOCKETS
from tests.soak.apps import SELF
from tests.soak.load import CASES_REJECTED, Flood, SlowClients
from tests.support.handshakes import VALID
from tests.support.waiting import wait_until
from tests.support.wires import ask, serving
from ws_handshake.structlog import ACCEPTED, REJECTED

if TYPE_CHECKING:
    from tests.support.wires import Server

MOST_CONNECTIONS = 20
#: The most bytes of memory that 1,000 rejections may cost for good.
MOST_GROWTH = 1024.0
MOST_SECONDS_TO_END = 10.0
_BURST, _RATE = 50, 10.0

_PAGE = b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
_SLOW = [case for case in CASES_REJECTED if 100 < len(case.data) < 180][::40]


@dataclass(frozen=True)
class Sample:
    """How much had been rejected, and what the process held then."""

    rejections: int
    memory: int
    descriptors: int


@dataclass
class Soak:
    """The load on a server, and what became of it."""

    seconds: float = 0
    rejected: Counter[str] = field(default_factory=Counter)
    slow: int = 0
    valid: Counter[int | None] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    held: dict[str, Any] = field(default_factory=dict)
    seconds_to_end: float = 0
    log: str = ""

    @property
    def rejections(self) -> int:
        """Return how many requests were rejected."""
        return self.rejected.total()

    def growth(self) -> float:
        """Return by how many bytes 1,000 rejections made the process grow.

        The first fifth, in which caches fill, is not counted.
        """
        settled = self.samples[len(self.samples) // 5 :]
        line = linear_regression(
            [sample.rejections for sample in settled],
            [sample.memory for sample in settled],
        )
        return line.slope * 1000

    def events(self) -> list[dict[str, Any]]:
        """Return the lines of the log that are ours."""
        lines = self.log.splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def logged(self) -> Counter[str]:
        """Return the number of lines for each reason."""
        lines = [event for event in self.events() if event["event"] == REJECTED]
        return Counter(event["error.type"] for event in lines)

    def accounted(self) -> Counter[str]:
        """Return how many rejections of each reason are logged or counted there."""
        accounted = self.logged()
        for event in self.events():
            if event["event"] != ACCEPTED:
                accounted[event["error.type"]] += event[
                    "websocket.handshake.suppressed"
                ]
        return accounted


def soak(seconds: float, http: str, websocket: str, directory: Path) -> Soak:
    """Run a server, load it for a while, and end it."""
    done = Soak()
    command = f"""uvicorn --factory tests.soak.apps:soaked --port {{port}}
        --http {PROTOCOLS[http]} --ws {websocket} --log-level error --no-access-log
        --limit-concurrency {MOST_CONNECTIONS}"""
    with serving(command.split(), directory / "log") as server:
        _serve_valid(server, done)
        done.samples.append(_sample(server, 0))
        _load(server, done, seconds)
        _serve_valid(server, done)
        wait_until(lambda: _is_alone(server, done), lambda: done.held)
        done.samples.append(_sample(server, done.rejections))
        ending = time.monotonic()
    done.seconds_to_end = time.monotonic() - ending
    done.log = server.logged()
    return done


def _load(server: Server, done: Soak, seconds: float) -> None:
    flood, slow = Flood(server.port, CASES_REJECTED), SlowClients(server.port, _SLOW)
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        flood.run(1)
        slow.send_next_byte()
        _serve_valid(server, done)
        done.samples.append(_sample(server, flood.rejected.total()))
    done.seconds = time.monotonic() - begun
    flood.stop()
    slow.stop()
    done.rejected = flood.rejected + slow.rejected
    done.slow = slow.rejected.total()
    done.complaints = [*flood.complaints, *slow.complaints]


def _serve_valid(server: Server, done: Soak) -> None:
    """Send a valid handshake and a plain request, which must be served all the time."""
    done.valid[ask(server.port, VALID.wire()).status] += 1
    done.valid[ask(server.port, _PAGE % b"/").status] += 1


def _is_alone(server: Server, done: Soak) -> bool:
    """Return whether the server holds nothing but the connection that asks it."""
    done.held = json.loads(ask(server.port, _PAGE % SELF.encode()).body)
    return (done.held["connections"], done.held["tasks"]) == (1, 1)


def _sample(server: Server, rejections: int) -> Sample:
    process = Path("/proc", str(server.process.pid))
    pages = int((process / "statm").read_text().split()[1])
    return Sample(rejections, pages * 4096, len(list((process / "fd").iterdir())))


def complaints(done: Soak, *, most_growth: float | None = None) -> list[str]:
    """Return the promises that were not kept."""
    first, last = done.samples[0], done.samples[-1]
    reported = Counter(done.held["reported"])
    accepted = reported.pop("accepted")
    most_lines = _BURST + 1 + _RATE * (done.seconds + MOST_SECONDS_TO_END)
    kept = {
        "every response is the one that it should be": not done.complaints,
        "memory does not grow": done.growth() <= (most_growth or MOST_GROWTH),
        "every descriptor is given back": last.descriptors == first.descriptors,
        "valid handshakes and pages are served": set(done.valid) == {101, 418},
        "every rejection is reported once": _agree(reported, done),
        "the log accounts for every rejection": _agree(done.accounted(), done),
        "the log is bounded": max(done.logged().values()) <= most_lines,
        "the server ends in time": done.seconds_to_end < MOST_SECONDS_TO_END,
        "nothing but our lines is logged": len(done.events()) == _lines(done),
        "every acceptance is reported": accepted == done.valid[101],
    }
    return [promise for promise, holds in kept.items() if not holds]


def _agree(counted: Counter[str], done: Soak) -> bool:
    """Return whether all that was rejected was counted, and nothing else.

    The slow clients hang up at last within their heads, which is head_malformed.
    """
    surplus = counted - done.rejected
    few = surplus["head_malformed"] <= len(_SLOW)
    return few and surplus.keys() <= {"head_malformed"} and not done.rejected - counted


def _lines(done: Soak) -> int:
    return len(done.log.splitlines())


def report(done: Soak) -> str:
    """Return the figures, for people."""
    first, last = done.samples[0], done.samples[-1]
    rate = done.rejections / done.seconds
    return f"""\
{done.rejections:,} rejections in {done.seconds:,.0f} s ({rate:,.0f} a second), \
{len(done.rejected)} reasons
wrong responses     {len(done.complaints)}
memory              {first.memory / 2**20:.1f} MiB before, \
{last.memory / 2**20:.1f} after; {done.growth():+.0f} bytes for 1,000 rejections
in KiB, on the way  {" ".join(f"{each.memory // 1024:,}" for each in _tenths(done))}
connections         {done.held["connections"]} left (the one that asks), \
{done.held["tasks"]} task
descriptors         {first.descriptors} before, {last.descriptors} after
valid ones          {done.valid[101]} handshakes and {done.valid[418]} pages, \
{"all served" if set(done.valid) == {101, 418} else "others turned away"}
one byte a second   {done.slow} got a response
log                 {_lines(done):,} lines, {len(done.log):,} bytes; \
{max(done.logged().values()):,} of one reason at most
end after SIGTERM   {done.seconds_to_end:.1f} s
"""


def _tenths(done: Soak) -> list[Sample]:
    return done.samples[:: max(1, len(done.samples) // 10)]


def main(arguments: list[str]) -> int:
    """Soak once, print the figures, and return 1 if a promise is broken."""
    asked = _parser().parse_args(arguments)
    with TemporaryDirectory() as directory:
        done = soak(asked.seconds, asked.http, asked.websocket, Path(directory))
    broken = complaints(done)
    lines = [report(done), *(f"Not kept: {promise}.\n" for promise in broken)]
    sys.stdout.writelines([*lines, *(f"{each}\n" for each in done.complaints[:20])])
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("seconds", nargs="?", type=float, default=600.0)
    parser.add_argument("http", nargs="?", choices=PROTOCOLS, default="httptools")
    parser.add_argument("websocket", nargs="?", choices=WEBSOCKETS, default="wsproto")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
