"""On real sockets: head and body arrive in one piece, and a head alone in time."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.handshakes import SOUND
from tests.inside import running
from tests.tls import HTTP1, Certificate, certify
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ws_handshake.scopes import Receive, Scope, Send

    Connect = Callable[[], AbstractContextManager[socket.socket]]

_FIELDS = b"Host: 127.0.0.1\r\n\r\n"
_GET = b"GET / HTTP/1.1\r\n" + _FIELDS
_HEAD = b"HEAD / HTTP/1.1\r\n" + _FIELDS
_FORM = b"POST / HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n" + _FIELDS

_SETUPS = [
    (loop, door, scheme)
    for loop in ("asyncio", "uvloop")
    for door in (H11Protocol, HttpToolsProtocol)
    for scheme in ("http", "https")
]


def _named(setup: tuple[str, type, str]) -> str:
    loop, door, scheme = setup
    return f"{loop}-{door.__name__}-{scheme}"


async def _late(scope: Scope, receive: Receive, send: Send) -> None:
    """Send the head of an answer, and to GET never its body; read a form before."""
    if scope["method"] == "POST":
        await receive()
    headers = [(b"content-length", b"4")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body"})
        return
    while (await receive())["type"] != "http.disconnect":
        pass


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certify(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module", params=_SETUPS, ids=_named)
def connect(request: pytest.FixtureRequest, made: Certificate) -> Iterator[Connect]:
    loop, door, scheme = request.param
    files = {"ssl_certfile": made.path, "ssl_keyfile": made.key}
    options = files if scheme == "https" else {}
    app = WebSocketHandshakeMiddleware(_late)
    with running(app, http=door, loop=loop, lifespan="off", **options) as port:

        @contextmanager
        def connecting() -> Iterator[socket.socket]:
            address = ("127.0.0.1", port)
            with socket.create_connection(address, timeout=5) as plain:
                if scheme == "http":
                    yield plain
                    return
                context = made.trusted(HTTP1)
                with context.wrap_socket(plain, server_hostname="127.0.0.1") as secret:
                    yield secret

        yield connecting


def _head(connection: socket.socket) -> bytes:
    """Read a head that ends where the data ends; what is kept back times out."""
    received = b""
    while not received.endswith(b"\r\n\r\n"):
        more = connection.recv(65_536)
        assert more, received
        received += more
    return received


def test_a_head_arrives_whose_body_never_comes(connect: Connect) -> None:
    with connect() as connection:
        connection.sendall(_GET)
        assert _head(connection).startswith(b"HTTP/1.1 200 OK\r\n")


def test_the_answers_to_head_arrive_one_by_one(connect: Connect) -> None:
    with connect() as connection:
        for _ in range(3):
            connection.sendall(_HEAD)
            assert _head(connection).count(b"HTTP/1.1 200 OK\r\n") == 1
        connection.sendall(_HEAD * 2 + _GET)
        received = b""
        while received.count(b"HTTP/1.1 200 OK\r\n") < 3:
            received += _head(connection)


def test_who_waits_for_a_100_gets_it(connect: Connect) -> None:
    with connect() as connection:
        connection.sendall(_FORM)
        assert _head(connection).startswith(b"HTTP/1.1 100 ")


def test_a_client_that_reads_once_has_all_of_a_refusal(connect: Connect) -> None:
    with connect() as connection:
        connection.sendall(SOUND.without(b"sec-websocket-key").wire())
        whole = connection.recv(65_536)
        assert whole.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert whole.endswith(b"}")
