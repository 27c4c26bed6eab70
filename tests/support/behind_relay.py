"""A relay between a proxy and the server, which keeps every request head."""

from __future__ import annotations

import socket
import socketserver
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.capture import Arrived

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Relay:
    """Where it listens, and the heads that came through, by the path asked for."""

    port: int
    heads: dict[str, Arrived] = field(default_factory=dict)


@contextmanager
def relaying(upstream: int) -> Iterator[Relay]:
    """Pass every connection on to the upstream, byte for byte."""

    class Passage(socketserver.StreamRequestHandler):
        timeout = 30.0

        def handle(self) -> None:
            # a connection that ends without a head has no path either
            with suppress(OSError, IndexError):
                raw = b"".join(iter(self._header_line, b"")) + b"\r\n"
                arrived = Arrived(raw)
                relay.heads[arrived.first_line.split(" ")[1]] = arrived
                self._pass_on(raw)

        def _header_line(self) -> bytes:
            line = self.rfile.readline(65536)
            return b"" if line == b"\r\n" else line

        def _pass_on(self, raw: bytes) -> None:
            with socket.create_connection(("127.0.0.1", upstream), 10) as server:
                server.sendall(raw)
                both = (server, self.connection, socket.SHUT_RDWR)
                back = threading.Thread(target=_pump, args=both)
                back.start()
                _pump(self.connection, server, socket.SHUT_WR)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Passage) as listener:
        listener.daemon_threads = True
        relay = Relay(listener.server_address[1])
        threading.Thread(target=listener.serve_forever, args=(0.05,)).start()
        try:
            yield relay
        finally:
            listener.shutdown()


def _pump(source: socket.socket, sink: socket.socket, at_the_end: int) -> None:
    """Pass bytes on until there are no more: a server closes both ways at once."""
    with suppress(OSError):
        while chunk := source.recv(65536):
            sink.sendall(chunk)
    with suppress(OSError):
        sink.shutdown(at_the_end)
