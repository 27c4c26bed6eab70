"""A handshake over HTTP/2: Extended CONNECT (RFC 8441), with h2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes

from ws_handshake.cli.client.exchange import BODY_LIMIT, TLS_RECORDS
from ws_handshake.cli.client.failures import (
    CLOSED_WITHOUT_RESPONSE,
    EXTENDED_CONNECT_NOT_OFFERED,
    HTTP2_NOT_CHOSEN,
    PLAIN_ON_TLS_PORT,
    RESPONSE_MALFORMED,
    Failure,
)
from ws_handshake.cli.client.response import Response
from ws_handshake.core.redaction import shown
from ws_handshake.core.request import HOST

if TYPE_CHECKING:
    from h2.events import Event

    from ws_handshake.core.request import RequestHead

# The user may break a request on purpose.
_CONFIG = H2Configuration(
    header_encoding=None,
    validate_outbound_headers=False,
    normalize_outbound_headers=False,
)
_FRAME_HEADER, _SETTINGS = 9, 4
_SCHEMES = {"ws": b"http", "wss": b"https"}


class Http2Exchange:
    """One handshake on one connection; without a request it reads only the SETTINGS."""

    def __init__(self, request: RequestHead | None) -> None:
        """Queue the preface of the connection."""
        self._h2 = H2Connection(_CONFIG)
        self._h2.initiate_connection()
        self._request = request
        self._stream = self._h2.get_next_available_stream_id()
        self._start = b""
        self._incoming = b""
        self._outgoing = b""
        #: SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441 section 3); None before SETTINGS
        self.takes_websockets: bool | None = None
        self.response: Response | None = None
        self.trouble: Failure | None = None
        self.done = False
        self.ended = False
        self.received = 0

    @property
    def settled(self) -> bool:
        """True when the server's SETTINGS have arrived, or will not arrive."""
        return self.takes_websockets is not None or self.done

    def to_send(self) -> bytes:
        """Return the bytes to send now."""
        self._write_frames()
        return self._h2.data_to_send()

    def receive(self, data: bytes) -> None:
        """Take received bytes; none mean that the other side has closed."""
        self.received += len(data)
        if not data:
            self._end(Failure(CLOSED_WITHOUT_RESPONSE))
        elif self._begins_well(data):
            self._read(data)

    def send_frames(self, data: bytes) -> None:
        """Queue frames, to be sent over the WebSocket."""
        self._outgoing += data

    def take_frames(self) -> bytes:
        """Return the frames received since the last call."""
        incoming, self._incoming = self._incoming, b""
        return incoming

    def _begins_well(self, data: bytes) -> bool:
        """Check the first frame: if it is none, h2 would wait for more."""
        self._start = (self._start + data)[:64]
        if self._start.startswith(b"HTTP/"):
            self._end(Failure(HTTP2_NOT_CHOSEN, "a response over HTTP/1"))
        elif self._start.startswith(TLS_RECORDS):
            self._end(Failure(PLAIN_ON_TLS_PORT, "a TLS record"))
        elif len(self._start) >= _FRAME_HEADER and not _is_settings(self._start):
            seen = f"it begins with: {shown(self._start)}"
            self._end(Failure(RESPONSE_MALFORMED, seen))
        return self.trouble is None

    def _read(self, data: bytes) -> None:
        try:
            for event in self._h2.receive_data(data):
                self._note(event)
        except ProtocolError as error:
            self._end(Failure(RESPONSE_MALFORMED, shown(str(error).encode())))

    def _write_frames(self) -> None:
        """Send what the window has room for; the rest waits for a WINDOW_UPDATE."""
        if not self._outgoing or self.ended:
            return
        room = self._h2.local_flow_control_window(self._stream)
        part, self._outgoing = self._outgoing[:room], self._outgoing[room:]
        self._h2.send_data(self._stream, part)

    def _note(self, event: Event) -> None:
        if isinstance(event, RemoteSettingsChanged):
            self._take_settings(event)
        elif isinstance(event, ResponseReceived):
            self._take_head(event)
        elif isinstance(event, DataReceived):
            self._take_data(event)
        elif isinstance(event, StreamEnded):
            self._end(None)
        elif isinstance(event, StreamReset | ConnectionTerminated):
            code = getattr(event.error_code, "name", event.error_code)
            self._end(Failure(CLOSED_WITHOUT_RESPONSE, f"HTTP/2 error {code}"))

    def _take_settings(self, event: RemoteSettingsChanged) -> None:
        if self.takes_websockets is not None:
            return
        change = event.changed_settings.get(SettingCodes.ENABLE_CONNECT_PROTOCOL)
        self.takes_websockets = change is not None and change.new_value == 1
        if self._request is None:
            self.done = True
        elif self.takes_websockets:
            self._h2.send_headers(self._stream, _fields(self._request))
        else:
            self.trouble, self.done = Failure(EXTENDED_CONNECT_NOT_OFFERED), True

    def _take_head(self, event: ResponseReceived) -> None:
        pairs = tuple((bytes(name), bytes(value)) for name, value in event.headers)
        headers = tuple(pair for pair in pairs if pair[0] != b":status")
        self.response = Response("2", int(dict(pairs)[b":status"]), b"", headers)
        self.done = self.response.accepts

    def _take_data(self, event: DataReceived) -> None:
        self._h2.acknowledge_received_data(
            event.flow_controlled_length, event.stream_id
        )
        if self.response is None or self.response.accepts:
            self._incoming += event.data
            return
        body = self.response.body + event.data
        self.response = self.response.with_body(body[:BODY_LIMIT])
        self.done = len(body) >= BODY_LIMIT

    def _end(self, trouble: Failure | None) -> None:
        self.ended = self.done = True
        if self.response is None:
            self.trouble = self.trouble or trouble or Failure(CLOSED_WITHOUT_RESPONSE)


def _is_settings(start: bytes) -> bool:
    """RFC 9113 section 3.4: a SETTINGS frame comes first; 16,384 bytes are the most."""
    length, kind, stream = start[:3], start[3], start[5:9]
    return length <= b"\x00\x40\x00" and kind == _SETTINGS and stream == bytes(4)


def _fields(request: RequestHead) -> list[tuple[bytes, bytes]]:
    """RFC 9113 section 8.3.1, RFC 8441 section 4: Host becomes :authority."""
    hosts = request.values(HOST)
    pseudo = [
        (b":method", b"CONNECT"),
        (b":protocol", b"websocket"),
        (b":scheme", _SCHEMES[request.scheme]),
        (b":path", request.target),
        (b":authority", b"".join(hosts[:1])),
    ]
    return [*pseudo, *(pair for pair in request.headers if pair[0] != HOST)]
