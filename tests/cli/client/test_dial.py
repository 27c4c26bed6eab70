"""The connection to a server: names, addresses, deadlines."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.cli_fakes import saying, serving
from tests.support.tls import certify
from tests.support.wires import free_port
from ws_handshake.cli.client.dial import (
    Address,
    BlockedError,
    Deadline,
    Wire,
    connect,
    reason_of,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCAL = socket.AF_INET


@contextmanager
def _pair(seconds: float = 10) -> Iterator[tuple[Wire, socket.socket]]:
    ours, theirs = socket.socketpair()
    with Wire(ours, Deadline(seconds)) as wire, theirs:
        yield wire, theirs


@contextmanager
def _listening() -> Iterator[Address]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Address(LOCAL, server.getsockname())


def test_an_address_is_looked_up_to_itself() -> None:
    assert resolve("127.0.0.1", 80, Deadline(10)) == (
        Address(LOCAL, ("127.0.0.1", 80)),
    )


def test_a_name_that_is_not_known_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(BlockedError, match="name_unknown") as caught:
        resolve("nowhere.invalid", 80, Deadline(10))

    assert caught.value.failure.seen == "name or service not known"


def test_a_resolver_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def slow(*_: Any, **__: Any) -> Any:
        over.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(BlockedError, match="name_unknown") as caught:
        resolve("slow.example", 80, Deadline(0.05))
    over.set()

    assert caught.value.failure.seen == "the resolver does not respond"


def test_the_same_address_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    row = (LOCAL, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [row, row])

    assert len(resolve("twice.example", 80, Deadline(10))) == 1


def test_the_first_address_that_responds_is_taken_and_the_others_are_reported() -> None:
    nobody = Address(LOCAL, ("127.0.0.1", free_port()))
    with _listening() as somebody:
        connected = connect((nobody, somebody), Deadline(10))
        with connected.wire:
            assert connected.address == somebody

    assert connected.failed == ("127.0.0.1: connection refused",)


def test_if_nothing_listens_all_addresses_are_reported() -> None:
    one, two = (Address(LOCAL, ("127.0.0.1", free_port())) for _ in range(2))
    with pytest.raises(BlockedError, match="connection_refused") as caught:
        connect((one, two), Deadline(10))

    assert caught.value.failure.seen == (
        "127.0.0.1: connection refused; 127.0.0.1: connection refused"
    )


def test_if_no_address_responds_none_is_reached() -> None:
    with pytest.raises(BlockedError, match="unreachable") as caught:
        connect((Address(LOCAL, ("127.0.0.1", 1)),), Deadline(0))

    assert caught.value.failure.seen == "127.0.0.1: no response"


def test_bytes_go_both_ways() -> None:
    with _pair() as (wire, other):
        wire.send(b"there")
        assert other.recv(10) == b"there"
        other.sendall(b"back")
        assert wire.receive() == b"back"
        assert wire.ending is None


def test_the_end_of_a_connection_is_reported() -> None:
    with _pair() as (wire, other):
        other.close()
        assert (wire.receive(), wire.ending) == (b"", "closed")


def test_a_connection_that_is_reset_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = Address(LOCAL, server.getsockname())
        with connect((address,), Deadline(10)).wire as wire:
            _reset(server.accept()[0])
            assert (wire.receive(), wire.ending) == (b"", "connection reset by peer")
            wire.send(b"nobody reads this")


def _reset(connection: socket.socket) -> None:
    with connection:
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def test_tls_is_started_over_the_same_connection(tmp_path: Path) -> None:
    made = certify(tmp_path)
    with serving(saying(b"over TLS"), made) as port:
        address = Address(LOCAL, ("127.0.0.1", port))
        with connect((address,), Deadline(10)).wire as wire:
            assert wire.secure(made.trusted(), "127.0.0.1").version() == "TLSv1.3"
            wire.send(b"\r\n\r\n")
            assert wire.receive() == b"over TLS"


def test_every_wait_ends_by_the_deadline() -> None:
    with _pair(0.05) as (wire, _):
        with pytest.raises(TimeoutError):
            wire.receive()
        with pytest.raises(TimeoutError):
            wire.send(b"late")


def test_a_reader_that_does_not_read_is_not_waited_for() -> None:
    with _pair(0.2) as (wire, _), pytest.raises(TimeoutError):
        wire.send(bytes(50_000_000))


REASONS = [
    (TimeoutError(), "no response"),
    (TimeoutError(110, "Connection timed out"), "no response"),
    (OSError(113, "No route to host"), "no route to host"),
    (OSError(), "failed"),
    (
        ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1)"),
        "wrong version number",
    ),
    (
        ssl.SSLEOFError(8, "EOF occurred in violation of protocol (_ssl.c:1006)"),
        "eof occurred in violation of protocol",
    ),
]


@pytest.mark.parametrize(("error", "reason"), REASONS)
def test_why_the_network_failed_is_reported_in_words(
    error: OSError, reason: str
) -> None:
    assert reason_of(error) == reason


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_deadline_counts_down_and_then_says_that_it_is_over() -> None:
    clock = Clock()
    deadline = Deadline(10, clock)
    assert deadline.left() == 10

    clock.now += 9.5
    assert deadline.left() == 0.5

    clock.now += 0.5
    with pytest.raises(TimeoutError):
        deadline.left()


def test_a_part_takes_a_share_of_what_is_left() -> None:
    clock = Clock()
    deadline = Deadline(10, clock)
    clock.now += 2

    assert deadline.part(0.5).left() == 4
    assert deadline.part(0.5, most=1).left() == 1
    assert deadline.left() == 8


def test_a_part_of_no_time_is_over() -> None:
    clock = Clock()
    deadline = Deadline(1, clock)
    clock.now += 2

    with pytest.raises(TimeoutError):
        deadline.part(1).left()
