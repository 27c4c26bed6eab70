"""uvicorn with ws-handshake against uvicorn alone, on real sockets."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

from tests.bench.load import HANDSHAKES, LAST_PAGES, PAGES, REJECTIONS, load
from tests.support.wires import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.bench.load import Kind, Load
    from tests.support.wires import Server

PROTOCOLS = {
    "httptools": "ws_handshake.uvicorn:HttpToolsProtocol",
    "h11": "ws_handshake.uvicorn:H11Protocol",
}
# Two processes that run the same code may differ by some hundredths for as long as
# they run, by their layout in memory. So both are restarted after so many rounds.
_ROUNDS_PER_START = 10
# Pages never come to a WebSocket implementation, and rejections to no application.
WEBSOCKETS = {
    "wsproto": {
        "smallest": (REJECTIONS, HANDSHAKES, PAGES, LAST_PAGES),
        "Starlette": (HANDSHAKES, PAGES, LAST_PAGES),
    },
    "websockets-sansio": {
        "smallest": (REJECTIONS, HANDSHAKES),
        "Starlette": (HANDSHAKES,),
    },
}


@dataclass(frozen=True)
class Pair:
    """One kind of load on both servers: requests a second, and the ratio of the two.

    `spread` is the middle half of the paired ratios; `cpu` is the ratio of what a
    request costs the server's processor, which other programs disturb less.
    """

    http: str
    websocket: str
    app: str
    kind: Kind
    without: float
    within: float
    ratio: float
    spread: tuple[float, float]
    cpu: float


def pairs(directory: Path, *, rounds: int, seconds: float) -> Iterator[Pair]:
    """Yield every comparison; the rounds on the two servers take turns."""
    settings = [
        (http, websocket, app)
        for http in PROTOCOLS
        for websocket, apps in WEBSOCKETS.items()
        for app in apps
    ]
    for http, websocket, app in settings:
        rows: dict[Kind, list[tuple[Load, Load]]] = {}
        for life, done in enumerate(range(0, rounds, _ROUNDS_PER_START)):
            here = min(rounds - done, _ROUNDS_PER_START)
            with _both(directory, http, websocket, app, backwards=life % 2) as servers:
                for kind in WEBSOCKETS[websocket][app]:
                    found = _measured(kind, servers, here, seconds)
                    rows.setdefault(kind, []).extend(found)
        for kind, found in rows.items():
            yield _pair((http, websocket, app), kind, found)


@contextmanager
def _both(
    directory: Path, http: str, websocket: str, app: str, *, backwards: int
) -> Iterator[list[Server]]:
    """Run uvicorn alone and with ws-handshake; backwards, ours is started first."""
    ways = {"bare": http, "wrapped": PROTOCOLS[http]}
    with ExitStack() as stack:
        servers = {
            factory: stack.enter_context(
                serving_uvicorn(directory, factory, ways[factory], websocket, app)
            )
            for factory in sorted(ways, reverse=bool(backwards))
        }
        yield [servers[factory] for factory in ways]


def serving_uvicorn(
    directory: Path, factory: str, http: str, websocket: str, app: str = "smallest"
) -> AbstractContextManager[Server]:
    """Run uvicorn with an application that is measured, bare or wrapped."""
    command = (
        f"uvicorn --factory tests.bench.apps:{factory} --port {{port}} --http {http}"
    )
    quiet = "--log-level warning --no-access-log"
    return serving(
        [*command.split(), "--ws", websocket, *quiet.split()],
        directory / f"{factory}.out",
        BENCH_LOG=str(directory / "log.jsonl"),
        BENCH_APP=app,
    )


def _measured(
    kind: Kind, servers: list[Server], rounds: int, seconds: float
) -> list[tuple[Load, Load]]:
    """Return (alone, with ws-handshake) of every round; every other one is reversed."""
    rows: list[tuple[Load, Load]] = []
    for number in range(-1, rounds):  # the first one only warms up
        turn = servers if number % 2 else servers[::-1]
        done = {s.port: load(kind, s.port, [s.process.pid], seconds) for s in turn}
        without, within = (done[server.port] for server in servers)
        rows.append((without, within))
    return rows[1:]


def _pair(
    setting: tuple[str, str, str], kind: Kind, rows: list[tuple[Load, Load]]
) -> Pair:
    ratios = [within.rate / without.rate for without, within in rows]
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    return Pair(
        *setting,
        kind,
        without=median(without.rate for without, _ in rows),
        within=median(within.rate for _, within in rows),
        ratio=middle,
        spread=(low, high),
        cpu=median(without.cpu / within.cpu for without, within in rows),
    )
