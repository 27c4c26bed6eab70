"""What a head of a given length costs each server, and judge() by itself."""

from __future__ import annotations

import socket
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.core import timed
from tests.bench.heads import SIZES
from tests.bench.load import HANDSHAKES, REJECTIONS, load, processes
from tests.bench.servers import PROTOCOLS, serving_uvicorn
from tests.support.conformance_servers import NODE_WS, STACKS
from ws_handshake import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.bench.heads import Form
    from tests.bench.load import Kind
    from tests.support.conformance_servers import Stack
    from tests.support.handshakes import Handshake
    from tests.support.wires import Server

WITH_US, WITHOUT_US = "with ws-handshake", "uvicorn alone"
ALONE = "judge() alone"
UVICORN = "uvicorn, httptools, wsproto"
OTHERS = ("granian", "aiohttp", "websockets", NODE_WS)
PEERS: tuple[Stack, ...] = tuple(stack for stack in STACKS if stack.title in OTHERS)
OPENED = "101"


@dataclass(frozen=True)
class Trial:
    """A head for a server: the response to it, and what each round cost.

    `measure` returns seconds of processor time; rejections by others are not measured.
    """

    title: str
    size: int
    response: str
    measure: Callable[[], float] | None
    costs: list[float] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """The median over the rounds."""
        return median(self.costs)


@contextmanager
def running(directory: Path, peers: Iterable[Stack]) -> Iterator[dict[str, Server]]:
    """Run uvicorn with ws-handshake, alone, and these others, until the block ends."""
    pair = {
        WITH_US: ("wrapped", PROTOCOLS["httptools"]),
        WITHOUT_US: ("bare", "httptools"),
    }
    with ExitStack() as stack:
        servers = {
            title: stack.enter_context(serving_uvicorn(directory, *how, "wsproto"))
            for title, how in pair.items()
        }
        for peer in peers:
            server = stack.enter_context(peer.running(directory / f"{peer.title}.out"))
            servers[peer.title] = server
        yield servers


def trials(form: Form, servers: Mapping[str, Server], seconds: float) -> list[Trial]:
    """Return all trials with heads of this form, each of which has been asked once."""
    found = []
    for size in SIZES:
        handshake = form.handshake(size)
        for title, server in servers.items():
            response = status_of(server.port, handshake.wire())
            kind = _kind(handshake, response, ours=title == WITH_US)
            loaded = None if kind is None else _loaded(kind, server, seconds)
            found.append(Trial(title, size, response, loaded))
        response = str(judge(handshake.head()).status)
        found.append(Trial(ALONE, size, response, partial(_judged, handshake, seconds)))
    return found


def measure(found: Sequence[Trial], rounds: int) -> None:
    """Measure all in turn, round after round; every other round is in reverse order."""
    for number in range(-1, rounds):  # the first one only warms up
        for trial in found if number % 2 else found[::-1]:
            if trial.measure is not None:
                trial.costs.append(trial.measure())
        if number < 0:
            for trial in found:
                trial.costs.clear()


def status_of(port: int, data: bytes, seconds: float = 5.0) -> str:
    """Return the status that these bytes get, or a word for why there is none."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), seconds) as connection:
        with suppress(ConnectionError):  # it may respond before it has read all
            connection.sendall(data)
        try:
            while b"\r\n" not in received:
                chunk = connection.recv(65536)
                if not chunk:
                    return "closed"
                received += chunk
        except ConnectionError:
            return "reset"
        except TimeoutError:
            return "silent"
    return received.split(b" ", 2)[1].decode("ascii")


def _kind(handshake: Handshake, response: str, *, ours: bool) -> Kind | None:
    if response == OPENED:
        return replace(HANDSHAKES, request=handshake.wire())
    if ours:
        line = b"HTTP/1.1 %s " % response.encode("ascii")
        return replace(REJECTIONS, request=handshake.wire(), response=line)
    return None


def _loaded(kind: Kind, server: Server, seconds: float) -> Callable[[], float]:
    pids = processes(server.process.pid)
    return lambda: load(kind, server.port, pids, seconds).cpu


def _judged(handshake: Handshake, seconds: float) -> float:
    request = handshake.head()
    # as often as a slow machine can judge in this time
    return timed(lambda: judge(request).accept_token, int(seconds / 100e-6) + 1)
