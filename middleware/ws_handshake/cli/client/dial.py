"""The connection to a server: DNS, TCP and TLS, with a deadline for all of it."""

from __future__ import annotations

import math
import queue
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ws_handshake.cli.client.failures import (
    CONNECTION_REFUSED,
    NAME_UNKNOWN,
    UNREACHABLE,
    Failure,
)
from ws_handshake.cli.screen import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

_CHUNK = 65_536
# `[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1000)`; `reason` has less
_ssl_message = re.compile(r"^\[[^\]]*\] | \(_ssl\.c:\d+\)$")


class BlockedError(Exception):
    """The server cannot be reached any further; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        """Keep the failure."""
        super().__init__(failure.kind.code)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a host, as a socket takes it."""

    family: socket.AddressFamily
    where: tuple[str | int | bytes, ...]

    def __str__(self) -> str:
        """Return the bare address."""
        return str(self.where[0])


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection, its address, and the addresses that failed before it."""

    wire: Wire
    address: Address
    failed: tuple[str, ...]


class Wire:
    """A socket; every operation that passes the deadline raises TimeoutError."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        """Take over a connected socket."""
        self.socket = connection
        self.deadline = deadline
        #: How the other side closed the connection; None while it is open.
        self.ending: str | None = None

    def __enter__(self) -> Self:
        """Return the wire; the socket is closed when the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the socket, even with data still to be sent."""
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send all of it; a broken connection shows at the next receive."""
        rest = memoryview(data)
        with suppress(ConnectionError, ssl.SSLError):
            while rest:
                self.socket.settimeout(self.deadline.left())
                rest = rest[self.socket.send(rest) :]

    def receive(self) -> bytes:
        """Return the bytes that came; none if the other side has closed."""
        self.socket.settimeout(self.deadline.left())
        try:
            data = self.socket.recv(_CHUNK)
        except TimeoutError:
            raise
        except OSError as error:
            self.ending = reason_of(error)
            return b""
        if not data:
            self.ending = "closed"
        return data

    def secure(self, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
        """Start TLS; ssl.SSLError, OSError or TimeoutError if that fails."""
        secured = context.wrap_socket(
            self.socket, server_hostname=host, do_handshake_on_connect=False
        )
        self.socket = secured
        secured.settimeout(self.deadline.left())
        secured.do_handshake()
        return secured


def resolve(host: str, port: int, deadline: Deadline) -> tuple[Address, ...]:
    """Look a name up; BlockedError if the resolver fails or is too slow."""
    # nothing can interrupt a resolver, so a slow one is left behind in its thread
    results: queue.SimpleQueue[tuple[Address, ...] | OSError] = queue.SimpleQueue()
    threading.Thread(
        target=lambda: results.put(_look_up(host, port)), daemon=True
    ).start()
    try:
        found = results.get(timeout=deadline.left())
    except (queue.Empty, TimeoutError):
        seen = "the resolver does not respond"
        raise BlockedError(Failure(NAME_UNKNOWN, seen)) from None
    if isinstance(found, OSError):
        raise BlockedError(Failure(NAME_UNKNOWN, reason_of(found))) from found
    return found


def _look_up(host: str, port: int) -> tuple[Address, ...] | OSError:
    try:
        # bytes, because the name is encoded already
        rows = socket.getaddrinfo(host.encode(), port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    return tuple(dict.fromkeys(Address(row[0], row[4]) for row in rows))


def connect(addresses: tuple[Address, ...], deadline: Deadline) -> Connected:
    """Connect to the first address that can be reached, with a share of time for each.

    BlockedError with what happened at every address, if none can be reached.
    """
    failed: list[str] = []
    errors: list[OSError] = []
    for number, address in enumerate(addresses):
        share = deadline.part(1 / (len(addresses) - number))
        try:
            return Connected(_connect(address, share, deadline), address, tuple(failed))
        except OSError as error:
            errors.append(error)
            failed.append(f"{address}: {reason_of(error)}")
    refused = any(isinstance(error, ConnectionRefusedError) for error in errors)
    kind = CONNECTION_REFUSED if refused else UNREACHABLE
    raise BlockedError(Failure(kind, "; ".join(failed)))


def _connect(address: Address, share: Deadline, whole: Deadline) -> Wire:
    connection = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        connection.settimeout(share.left())
        connection.connect(address.where)
    except BaseException:
        connection.close()
        raise
    return Wire(connection, whole)


def reason_of(error: OSError) -> str:
    """Return in words why the operation failed."""
    if isinstance(error, ssl.SSLError):
        message = _ssl_message.sub("", str(error.args[-1]))
        return shown(message.lower())
    if isinstance(error, TimeoutError):
        return "no response"
    return (error.strerror or "failed").lower()


class Deadline:
    """A point in time, so many seconds from now; the clock is handed in."""

    def __init__(
        self, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start the clock."""
        self.clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Return how many seconds are left; TimeoutError if none are."""
        left = self._end - self.clock()
        if left <= 0:
            raise TimeoutError
        return left

    def part(self, share: float, most: float = math.inf) -> Deadline:
        """Return a deadline for a share of the time left, at most `most` seconds."""
        left = (self._end - self.clock()) * share
        return Deadline(min(left, most), self.clock)
