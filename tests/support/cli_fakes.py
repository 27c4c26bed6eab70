"""Small servers that do one thing wrong, on 127.0.0.1, for one test each."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived
from h2.settings import SettingCodes, Settings
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Ping

from ws_handshake import accept_token

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from wsproto.events import Event

    from tests.support.tls import Certificate

    Script = Callable[[socket.socket, bytes], None]

#: An acceptance; `{accept}` is filled in.
SWITCHING = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n"
)
OK = SWITCHING + b"\r\n"

_SECONDS = 20.0


@contextmanager
def serving(
    script: Script,
    certificate: Certificate | None = None,
    *,
    alpn: tuple[str, ...] = (),
    reads_head: bool = True,
    wants_certificate: bool = False,
) -> Iterator[int]:
    """Run a script for each connection until the block ends, and yield the port.

    It gets the connection and the request head. With a certificate TLS comes first,
    with ALPN if `alpn` is given, and the client's certificate if one is wanted. Without
    `reads_head` it gets what comes first.
    """
    secured = _securing(certificate, alpn, wants_certificate=wants_certificate)
    read = _head if reads_head else _something

    class Player(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connection: socket.socket = self.request
            connection.settimeout(_SECONDS)
            with suppress(OSError), secured(connection) as wire:
                script(wire, read(wire))

    with _Server(("127.0.0.1", 0), Player) as server:
        port: int = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield port
        finally:
            server.shutdown()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


def _securing(
    given: Certificate | None, alpn: tuple[str, ...], *, wants_certificate: bool
) -> Callable[[socket.socket], socket.socket]:
    if given is None:
        return lambda connection: connection
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(given.path, given.key)
    context.set_alpn_protocols(alpn)
    if wants_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
    return lambda connection: context.wrap_socket(connection, server_side=True)


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (data := connection.recv(65536)):
        head += data
    return head


def _something(connection: socket.socket) -> bytes:
    return connection.recv(65536)


def saying(response: bytes) -> Script:
    """Send a response, with `{accept}` filled in, and wait for the client to leave."""

    def script(connection: socket.socket, head: bytes) -> None:
        connection.sendall(filled(response, head))
        wait(connection)

    return script


def closing(response: bytes = b"") -> Script:
    """Send a response, and end the connection."""

    def script(connection: socket.socket, head: bytes) -> None:
        connection.sendall(filled(response, head))

    return script


def talking(
    response: bytes = OK, *, pongs: bool = True, closes: bool = True, first: bytes = b""
) -> Script:
    """Accept, send the bytes of `first`, and do what frames ask for, or not."""

    def script(connection: socket.socket, head: bytes) -> None:
        connection.sendall(filled(response, head) + first)
        frames = Connection(ConnectionType.SERVER)
        while data := connection.recv(65536):
            frames.receive_data(data)
            for event in frames.events():
                if isinstance(event, Ping) and pongs:
                    connection.sendall(frames.send(event.response()))
                if isinstance(event, CloseConnection):
                    if closes:
                        connection.sendall(frames.send(event.response()))
                    return

    return script


def over_http2(status: bytes = b"200", *, websockets: bool = True) -> Script:
    """Respond to an Extended CONNECT, if it may be sent at all, and do a frame's bid.

    The server must not read a head.
    """

    def script(connection: socket.socket, received: bytes) -> None:
        http = H2Connection(H2Configuration(client_side=False))
        extended = {SettingCodes.ENABLE_CONNECT_PROTOCOL: int(websockets)}
        http.local_settings = Settings(client=False, initial_values=extended)
        http.initiate_connection()
        frames = Connection(ConnectionType.SERVER)
        while received:
            for event in http.receive_data(received):
                if isinstance(event, RequestReceived):
                    http.send_headers(1, [(b":status", status)], status != b"200")
                if isinstance(event, DataReceived):
                    frames.receive_data(event.data)
            for bid in frames.events():
                http.send_data(1, frames.send(_done(bid)))
            connection.sendall(http.data_to_send())
            received = connection.recv(65536)

    return script


def _done(bid: Event) -> Event:
    assert isinstance(bid, Ping | CloseConnection)
    return bid.response()


def filled(response: bytes, head: bytes) -> bytes:
    """Return the response with the accept token of the request's key."""
    key = re.search(rb"(?i)^sec-websocket-key: (\S+)\r$", head, re.MULTILINE)
    token = accept_token(key[1]).encode() if key else b""
    return response.replace(b"{accept}", token)


def wait(connection: socket.socket) -> None:
    """Wait until the client has ended the connection, or too long."""
    while connection.recv(65536):
        pass
