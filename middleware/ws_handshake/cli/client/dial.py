"""The way to a server: its addresses, a TCP connection, TLS; all by a deadline."""

from __future__ import annotations

import queue
import re
import socket
import ssl
import threading
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
    from types import TracebackType
    from typing import Self

    from ws_handshake.cli.client.deadline import Deadline

_CHUNK = 65_536
# `[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1000)`; `reason` has less
_ssl_message = re.compile(r"^\[[^\]]*\] | \(_ssl\.c:\d+\)$")


class BlockedError(Exception):
    """The way ends here; says what was met."""

    def __init__(self, failure: Failure) -> None:
        """Keep the failure."""
        super().__init__(failure.kind.code)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a host, as sockets want it."""

    family: socket.AddressFamily
    where: tuple[str | int | bytes, ...]

    def __str__(self) -> str:
        """Return the bare address."""
        return str(self.where[0])


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection, to whom, and which addresses did not respond before."""

    wire: Wire
    address: Address
    failed: tuple[str, ...]


class Wire:
    """A socket whose every operation ends by the deadline, with a TimeoutError."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        """Take over a connected socket."""
        self.socket = connection
        self.deadline = deadline
        #: How the other side ended the connection, as far as it did.
        self.ending: str | None = None

    def __enter__(self) -> Self:
        """Close the socket when the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it, whatever is still under way."""
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send all of it; that nobody reads any more shows at the next receive."""
        rest = memoryview(data)
        with suppress(ConnectionError, ssl.SSLError):
            while rest:
                self.socket.settimeout(self.deadline.left())
                rest = rest[self.socket.send(rest) :]

    def receive(self) -> bytes:
        """Return what came, or nothing where the other side has ended."""
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
        """Shake hands by TLS; ssl.SSLError, OSError or TimeoutError if that fails."""
        secured = context.wrap_socket(
            self.socket, server_hostname=host, do_handshake_on_connect=False
        )
        self.socket = secured
        secured.settimeout(self.deadline.left())
        secured.do_handshake()
        return secured


def resolve(host: str, port: int, deadline: Deadline) -> tuple[Address, ...]:
    """Look a name up; a resolver that is slow is left behind when the time is over."""
    responses: queue.SimpleQueue[tuple[Address, ...] | OSError] = queue.SimpleQueue()
    threading.Thread(
        target=lambda: responses.put(_look_up(host, port)), daemon=True
    ).start()
    try:
        found = responses.get(timeout=deadline.left())
    except (queue.Empty, TimeoutError):
        seen = "the resolver does not respond"
        raise BlockedError(Failure(NAME_UNKNOWN, seen)) from None
    if isinstance(found, OSError):
        raise BlockedError(Failure(NAME_UNKNOWN, reason_of(found))) from found
    return found


def _look_up(host: str, port: int) -> tuple[Address, ...] | OSError:
    try:
        # bytes: the name is encoded already, and would be once more
        rows = socket.getaddrinfo(host.encode(), port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    return tuple(dict.fromkeys(Address(row[0], row[4]) for row in rows))


def connect(addresses: tuple[Address, ...], deadline: Deadline) -> Connected:
    """Connect to the first address that responds, each in its share of the time."""
    failed: list[str] = []
    errors: list[OSError] = []
    for number, address in enumerate(addresses):
        share = deadline.part(1 / (len(addresses) - number))
        try:
            return Connected(_connect(address, share, deadline), address, tuple(failed))
        except OSError as error:
            errors.append(error)
            failed.append(f"{address}: {reason_of(error)}")
    rejected = any(isinstance(error, ConnectionRefusedError) for error in errors)
    kind = CONNECTION_REFUSED if rejected else UNREACHABLE
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
    """Return in words why the network failed."""
    if isinstance(error, ssl.SSLError):
        reported = _ssl_message.sub("", str(error.args[-1]))
        return shown(reported.lower())
    if isinstance(error, TimeoutError):
        return "no response"
    return (error.strerror or "failed").lower()
