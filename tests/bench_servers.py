"""uvicorn with us against uvicorn without us, on real sockets."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

from tests.bench_load import HANDSHAKES, LAST_PAGES, PAGES, REFUSALS, load
from tests.wires import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.bench_load import Kind, Load
    from tests.wires import Server

DOORS = {
    "httptools": "ws_handshake.uvicorn:HttpToolsProtocol",
    "h11": "ws_handshake.uvicorn:H11Protocol",
}
WEBSOCKETS = {
    "wsproto": (REFUSALS, HANDSHAKES, PAGES, LAST_PAGES),
    "websockets-sansio": (REFUSALS, HANDSHAKES),  # pages never come to it
}


@dataclass(frozen=True)
class Pair:
    """One kind of load on both servers: requests a second, and the ratio of the two.

    `spread` is the middle half of the paired ratios; `cpu` is the ratio of what a
    request costs the server's processor, which other programs disturb less.
    """

    http: str
    websocket: str
    kind: Kind
    without: float
    within: float
    ratio: float
    spread: tuple[float, float]
    cpu: float


def pairs(directory: Path, *, rounds: int, seconds: float) -> Iterator[Pair]:
    """Yield every comparison; the rounds on the two servers take turns."""
    for http, door in DOORS.items():
        for websocket, kinds in WEBSOCKETS.items():
            with ExitStack() as stack:
                servers = [
                    stack.enter_context(
                        serving_uvicorn(directory, app, protocol, websocket)
                    )
                    for app, protocol in (("bare", http), ("wrapped", door))
                ]
                for kind in kinds:
                    rows = _measured(kind, servers, rounds, seconds)
                    yield _pair(http, websocket, kind, rows)


def serving_uvicorn(
    directory: Path, app: str, http: str, websocket: str
) -> AbstractContextManager[Server]:
    """Run uvicorn with the application that is measured, bare or wrapped."""
    command = f"uvicorn --factory tests.bench_apps:{app} --port {{port}} --http {http}"
    quiet = "--log-level warning --no-access-log"
    return serving(
        [*command.split(), "--ws", websocket, *quiet.split()],
        directory / f"{app}.out",
        BENCH_LOG=str(directory / "journal.jsonl"),
    )


def _measured(
    kind: Kind, servers: list[Server], rounds: int, seconds: float
) -> list[tuple[Load, Load]]:
    """Return (without us, with us) of every round; every other one goes backwards."""
    rows: list[tuple[Load, Load]] = []
    for number in range(-1, rounds):  # the first one only warms up
        turn = servers if number % 2 else servers[::-1]
        done = {s.port: load(kind, s.port, [s.process.pid], seconds) for s in turn}
        without, within = (done[server.port] for server in servers)
        rows.append((without, within))
    return rows[1:]


def _pair(http: str, websocket: str, kind: Kind, rows: list[tuple[Load, Load]]) -> Pair:
    ratios = [within.rate / without.rate for without, within in rows]
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    return Pair(
        http,
        websocket,
        kind,
        without=median(without.rate for without, _ in rows),
        within=median(within.rate for _, within in rows),
        ratio=middle,
        spread=(low, high),
        cpu=median(without.cpu / within.cpu for without, within in rows),
    )
