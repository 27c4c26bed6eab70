"""Over TLS, Unix sockets and IPv6 a valid handshake is served as by uvicorn alone."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handshakes import VALID
from tests.support.side_by_side import STACKS, pairs
from tests.support.tls import HTTP1, certify

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from tests.support.side_by_side import Pair

    Connect = Callable[[Any], socket.socket]

NAMES = [", ".join(stack) for stack in STACKS]
TRANSPORTS = ("tcp", "ipv6", "unix", "tls")
DEFLATE = b"permessage-deflate; client_max_window_bits"
HANDSHAKES = {
    "plain": VALID,
    "with subprotocols": VALID.plus(b"sec-websocket-protocol", b"v2.chat, v1.chat"),
    "with compression": VALID.plus(b"sec-websocket-extensions", DEFLATE),
    "with a query": VALID.asked(target=b"/a%20room/%C3%A9?token=a%20b"),
    "in lists": VALID.but(b"connection", b"keep-alive, Upgrade"),
}


def frame(opcode: int, payload: bytes) -> bytes:
    """Return a client's frame, masked with zeros (RFC 6455 section 5.2)."""
    return bytes([0x80 | opcode, 0x80 | len(payload)]) + bytes(4) + payload


HELLO, PING, CLOSE = frame(1, b"hello"), frame(9, b"ping"), frame(1, b"close:4001")
PONG = b"\x8a\x04ping"
# RFC 6455 section 5.5.1: the code, 4001, and the reason
CLOSED = b"\x88\x07\x0f\xa1asked"


@contextmanager
def _serving(
    transport: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, Pair], Connect]]:
    folder = tmp_path_factory.mktemp("s")
    if transport == "tls":
        certificate = certify(folder)
        trusted = certificate.trusted(HTTP1)

        def secured(port: int) -> ssl.SSLSocket:
            plain = socket.create_connection(("127.0.0.1", port), 10)
            return trusted.wrap_socket(plain, server_hostname="127.0.0.1")

        with pairs(certificate=certificate) as served:
            yield served, secured
    elif transport == "unix":

        def local(path: str) -> socket.socket:
            opened = socket.socket(socket.AF_UNIX)
            opened.settimeout(10)
            opened.connect(path)
            return opened

        with pairs(folder) as served:
            yield served, local
    else:
        host = "::1" if transport == "ipv6" else "127.0.0.1"
        with pairs(host=host) as served:
            yield served, lambda port: socket.create_connection((host, port), 10)


@pytest.fixture(scope="module", name="served", params=TRANSPORTS)
def _served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, Pair], Connect]]:
    with _serving(request.param, tmp_path_factory) as serving:
        yield serving


def told(connection: socket.socket, pieces: list[bytes], then: bytes) -> list[bytes]:
    """Send the pieces, and the rest once there is a response; return all that comes.

    The head comes line by line, without its date; then the rest.
    """
    received = b""
    with connection:
        for piece in pieces:
            connection.sendall(piece)
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        connection.sendall(then)
        while not received.endswith(CLOSED):
            received += connection.recv(65536)
    head, _, frames = received.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"date:")]
    assert lines[0] == b"HTTP/1.1 101 Switching Protocols"
    return [*lines, frames]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("handshake", HANDSHAKES)
def test_what_comes_back_and_what_the_application_sees_are_the_same_as_bare(
    served: tuple[dict[str, Pair], Connect], name: str, handshake: str
) -> None:
    stacks, connect = served
    pair, wire = stacks[name], HANDSHAKES[handshake].wire()
    bare, ours = (
        told(connect(place), [wire], HELLO + PING + CLOSE)
        for place in (pair.bare, pair.ours)
    )
    assert ours == bare
    assert PONG in bare[-1]
    assert (b"\x81\x05hello" in bare[-1]) is (handshake != "with compression")
    assert bare[-1].endswith(CLOSED)


@pytest.mark.parametrize("name", NAMES)
def test_frames_in_the_segment_of_the_handshake_come_to_the_same_as_bare(
    served: tuple[dict[str, Pair], Connect], name: str
) -> None:
    """A client must not send them before it has the 101: uvicorn drops them."""
    stacks, connect = served
    pair, wire = stacks[name], VALID.wire() + HELLO
    bare, ours = (
        told(connect(place), [wire], CLOSE) for place in (pair.bare, pair.ours)
    )
    assert ours == bare
    assert b"hello" not in bare[-1]


@pytest.mark.parametrize("name", NAMES)
def test_one_byte_at_a_time_it_is_the_same_as_bare(
    served: tuple[dict[str, Pair], Connect], name: str
) -> None:
    stacks, connect = served
    pair, data = stacks[name], VALID.wire()
    pieces = [data[at : at + 1] for at in range(len(data))]
    bare, ours = (
        told(connect(place), pieces, HELLO + PING + CLOSE)
        for place in (pair.bare, pair.ours)
    )
    assert ours == bare
    assert b"\x81\x05hello" in bare[-1]
