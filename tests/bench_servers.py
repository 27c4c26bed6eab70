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
# Pages never come to a WebSocket implementation, and refusals to no application.
WEBSOCKETS = {
    "wsproto": {
        "smallest": (REFUSALS, HANDSHAKES, PAGES, LAST_PAGES),
        "Starlette": (HANDSHAKES, PAGES, LAST_PAGES),
    },
    "websockets-sansio": {
        "smallest": (REFUSALS, HANDSHAKES),
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
        for http in DOORS
        for websocket, apps in WEBSOCKETS.items()
        for app in apps
    ]
    for http, websocket, app in settings:
        with ExitStack() as stack:
            servers = [
                stack.enter_context(
                    serving_uvicorn(directory, factory, protocol, websocket, app)
                )
                for factory, protocol in (("bare", http), ("wrapped", DOORS[http]))
            ]
            for kind in WEBSOCKETS[websocket][app]:
                rows = _measured(kind, servers, rounds, seconds)
                yield _pair((http, websocket, app), kind, rows)


def serving_uvicorn(
    directory: Path, factory: str, http: str, websocket: str, app: str = "smallest"
) -> AbstractContextManager[Server]:
    """Run uvicorn with an application that is measured, bare or wrapped."""
    command = (
        f"uvicorn --factory tests.bench_apps:{factory} --port {{port}} --http {http}"
    )
    quiet = "--log-level warning --no-access-log"
    return serving(
        [*command.split(), "--ws", websocket, *quiet.split()],
        directory / f"{factory}.out",
        BENCH_LOG=str(directory / "journal.jsonl"),
        BENCH_APP=app,
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
