"""A request over TLS and HTTP/2, as a client sends it that negotiates by ALPN."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

from h2.connection import H2Connection
from h2.events import ResponseReceived

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.support.handshakes import Header


def trusting(certificate: Path, *protocols: str) -> ssl.SSLContext:
    """Return a context that trusts this certificate and offers these protocols."""
    context = ssl.create_default_context(cafile=certificate)
    if protocols:
        context.set_alpn_protocols(protocols)
    return context


def get_over_http2(
    port: int, certificate: Path, fields: Iterable[Header], target: bytes = b"/ws"
) -> int:
    """Send a GET over HTTP/2 with these fields, and return the status."""
    context = trusting(certificate, "h2", "http/1.1")
    with (
        socket.create_connection(("127.0.0.1", port), 5) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        assert connection.selected_alpn_protocol() == "h2"
        return _get(connection, target, fields)


def _get(connection: ssl.SSLSocket, target: bytes, fields: Iterable[Header]) -> int:
    http2 = H2Connection()
    http2.initiate_connection()
    first = {b":method": b"GET", b":scheme": b"https", b":path": target}
    first[b":authority"] = b"127.0.0.1"
    http2.send_headers(1, [*first.items(), *fields], end_stream=True)
    responses: list[ResponseReceived] = []
    while not responses:
        connection.sendall(http2.data_to_send())
        received = connection.recv(65536)
        assert received, "The connection ended without a response."
        events = http2.receive_data(received)
        responses += [event for event in events if isinstance(event, ResponseReceived)]
    return int(dict(responses[0].headers)[b":status"])
