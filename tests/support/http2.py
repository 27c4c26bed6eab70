"""A small HTTP/2 client: over TLS with ALPN (RFC 9113 section 3.2), or without.

Without TLS it has prior knowledge (section 3.3).
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    DataReceived,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)
from h2.settings import SettingCodes
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from tests.support.handshakes import Handshake
from tests.support.tls import HTTP1, HTTP2, trusting

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from h2.events import Event

    from tests.support.handshakes import Header

# A test sends what it wants, however wrong it is.
_CONFIG = H2Configuration(
    header_encoding=None,
    validate_outbound_headers=False,
    normalize_outbound_headers=False,
)


@dataclass
class Http2Response:
    """What came back on the stream; without a status the server broke it off."""

    status: int | None = None
    headers: list[Header] = field(default_factory=list)
    body: bytes = b""
    ended: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in WebSocket-Handshake-Error."""
        found = dict(self.headers).get(b"websocket-handshake-error", b"")
        return tuple(found.decode("ascii").split(", ")) if found else ()


class Http2Client:
    """One connection to 127.0.0.1, and one request on it."""

    def __init__(
        self, port: int, seconds: float = 10.0, *, tls: ssl.SSLContext | None = None
    ) -> None:
        """Connect; every wait ends after `seconds`, with a TimeoutError."""
        self._h2 = H2Connection(_CONFIG)
        self._socket = socket.create_connection(("127.0.0.1", port), seconds)
        self._scheme = b"http"
        if tls is not None:
            secured = tls.wrap_socket(self._socket, server_hostname="127.0.0.1")
            assert secured.selected_alpn_protocol() == "h2"
            self._socket, self._scheme = secured, b"https"
        self._frames = Connection(ConnectionType.CLIENT)
        self._stream = self._h2.get_next_available_stream_id()
        self.response = Http2Response()
        #: SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441 section 3); None before SETTINGS
        self.takes_websockets: bool | None = None

    def __enter__(self) -> Self:
        """Send the preface, and wait for the server's SETTINGS."""
        self._h2.initiate_connection()
        self._flush()
        self._read_until(lambda: self.takes_websockets is not None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection, whatever is open on it."""
        self._socket.close()

    def ask(self, handshake: Handshake) -> Http2Response:
        """Send a request, and read its response: all of it, or up to an acceptance."""
        self._h2.send_headers(
            self._stream,
            _fields(handshake, self._scheme),
            end_stream=handshake.method != "CONNECT",
        )
        self._flush()
        self._read_until(lambda: self.response.ended or self.response.status == 200)
        return self.response

    def echo(self, text: str) -> str:
        """Send a text message over the accepted WebSocket, and return what comes."""
        self._h2.send_data(self._stream, self._frames.send(TextMessage(data=text)))
        self._flush()
        messages: list[str] = []

        def came() -> bool:
            data, self.response.body = self.response.body, b""
            self._frames.receive_data(data)
            messages.extend(
                str(event.data)
                for event in self._frames.events()
                if isinstance(event, TextMessage)
            )
            return bool(messages)

        self._read_until(came)
        return "".join(messages)

    def _read_until(self, done: Callable[[], bool]) -> None:
        while not done():
            data = self._socket.recv(65536)
            if not data:
                self.response.ended = True
                return
            for event in self._h2.receive_data(data):
                self._note(event)
            self._flush()

    def _note(self, event: Event) -> None:
        if isinstance(event, RemoteSettingsChanged):
            change = event.changed_settings.get(SettingCodes.ENABLE_CONNECT_PROTOCOL)
            self.takes_websockets = change is not None and change.new_value == 1
        elif isinstance(event, ResponseReceived):
            headers = [(bytes(name), bytes(value)) for name, value in event.headers]
            self.response.status = int(dict(headers)[b":status"])
            self.response.headers = headers
        elif isinstance(event, DataReceived):
            self.response.body += event.data
        elif isinstance(event, StreamEnded | StreamReset):
            self.response.ended = True

    def _flush(self) -> None:
        self._socket.sendall(self._h2.data_to_send())


def get_over_http2(
    port: int, certificate: Path, fields: Iterable[Header], target: bytes = b"/ws"
) -> int | None:
    """Send a GET over TLS and HTTP/2 with these fields, and return the status."""
    request = Handshake(headers=((b"host", b"127.0.0.1"), *fields), target=target)
    with Http2Client(port, tls=trusting(certificate, HTTP2, HTTP1)) as client:
        return client.ask(request).status


def _fields(handshake: Handshake, scheme: bytes) -> list[Header]:
    """RFC 9113 section 8.3.1, RFC 8441 section 4: Host becomes :authority."""
    host = dict(handshake.headers)[b"host"]
    pseudo = [
        (b":method", handshake.method.encode("ascii")),
        (b":scheme", scheme),
        (b":path", handshake.target),
        (b":authority", host),
    ]
    if handshake.method == "CONNECT":
        pseudo.append((b":protocol", b"websocket"))
    rest = [(name, value) for name, value in handshake.headers if name != b"host"]
    return [*pseudo, *rest]
