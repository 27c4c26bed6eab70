"""A uvicorn to which faults happen, and what must hold afterwards in any case."""

from __future__ import annotations

import gc
import logging
import socket
import struct
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.bench.servers import PROTOCOLS
from tests.support.asgi import RecordingObserver
from tests.support.handshakes import VALID
from tests.support.inside import port_of, running_server
from tests.support.needed import in_ci
from tests.support.protocols import Echo, Within
from tests.support.waiting import wait_until
from tests.support.wires import Response, ask
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from uvicorn import Server

    from ws_handshake.asgi.scope import ASGIApp
    from ws_handshake.outcome.observer import Observer

    Around = Callable[[ASGIApp], ASGIApp]

KEYLESS = VALID.without(b"sec-websocket-key")
#: What the middleware rejects in a `websocket` scope, with a denial response.
ELSEWHERE = VALID.plus(b"origin", b"https://evil.example")
#: What the HTTP parser rejects, and the protocol class explains.
SPACED = VALID.plus(b"x note", b"1")
#: One handshake for each of the three places where a rejection is made.
BROKEN = {
    "key_missing": KEYLESS,
    "origin_not_allowed": ELSEWHERE,
    "head_malformed": SPACED,
}
#: What uvicorn logs about every request that its parser cannot read.
_UNREAD = "uvicorn.error: Invalid HTTP request received."
PAGE = b"GET /page HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@dataclass(frozen=True)
class Setup:
    """One way to run uvicorn."""

    parser: str
    library: str

    @property
    def options(self) -> dict[str, Any]:
        """Return uvicorn's options; httptools goes with uvloop, where it is there."""
        loop = "asyncio" if self.parser == "h11" else "auto"
        return {"http": PROTOCOLS[self.parser], "ws": self.library, "loop": loop}


SETUPS = [Setup(p, lib) for p in PROTOCOLS for lib in ("wsproto", "websockets-sansio")]

on_every_server = pytest.mark.parametrize(
    "setup", SETUPS, ids=lambda setup: f"{setup.parser}-{setup.library}"
)

#: What is logged once about an observer that raises.
FAILED = (
    "ws_handshake: The observer {} failed; handshakes are judged all the same. "
    "Later failures are counted, not reported."
)

FULL = Path("/dev/full")
needs_a_full_disk = pytest.mark.skipif(
    not FULL.exists() and not in_ci(),
    reason="this system has no /dev/full",
)


class _Warnings(logging.Handler):
    """All that is logged at warning or above, in whatever thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@dataclass(frozen=True)
class ObservedServer:
    """A server, the application in it, and what they report."""

    server: Server
    echo: Echo
    recorder: RecordingObserver
    warnings: list[str]

    @property
    def port(self) -> int:
        """Return where it listens."""
        return port_of(self.server)

    def ask(self, data: bytes) -> Response:
        """Send bytes, and read until the end."""
        return ask(self.port, data, 20)

    def call(self) -> socket.socket:
        """Return a connection to the server."""
        return socket.create_connection(("127.0.0.1", self.port), 20)

    def is_idle(self) -> bool:
        """Return whether nothing is left of any connection."""
        state = self.server.server_state
        return not state.connections and not state.tasks

    def wait_until_idle(self) -> None:
        """Wait until the server has noticed that every client is gone."""
        wait_until(self.is_idle, lambda: vars(self.server.server_state), 20)


@contextmanager
def observed_server(
    setup: Setup,
    *observers: Observer,
    around: Around | None = None,
    expects: tuple[str, ...] = (),
    **options: Any,
) -> Iterator[ObservedServer]:
    """Run a server until the block ends; then everything must be as before.

    No connection and no task is left, a valid client is served, and nothing is logged
    but what the test `expects` and a request that no parser reads: neither a traceback
    nor an exception that was never retrieved. `around` is around the middleware.
    """
    echo, recorder, warnings = Echo(), RecordingObserver(), _Warnings()
    app: ASGIApp = WebSocketHandshakeMiddleware(
        echo,
        observers=[*observers, recorder],
        allowed_origins=["https://app.example"],
    )
    logging.root.addHandler(warnings)
    try:
        around_it = Within(app, around(app)) if around else app
        settings = {**setup.options, "lifespan": "off", **options}
        with running_server(around_it, **settings) as server:
            observed = ObservedServer(server, echo, recorder, warnings.lines)
            yield observed
            observed.wait_until_idle()
            assert observed.ask(VALID.wire()).status == 101
            observed.wait_until_idle()
        gc.collect()  # asyncio logs only then that an exception was never retrieved
    finally:
        logging.root.removeHandler(warnings)
    assert [line for line in warnings.lines if line not in {_UNREAD, *expects}] == []


def reset(connection: socket.socket) -> None:
    """Hang up with RST, as a crash or a firewall does."""
    at_once = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    connection.close()


def send(connection: socket.socket, data: bytes) -> None:
    """Send as much as the server still takes: it may have rejected and closed."""
    with suppress(OSError):
        connection.sendall(data)


def read(connection: socket.socket) -> Response:
    """Read until the end; a reset is one."""
    received = b""
    with suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            received += chunk
    return Response(received, "closed")
