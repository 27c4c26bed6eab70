"""Exchange, one request and its response, and its implementation for HTTP/1.1."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

import h11

from ws_handshake.cli.client.failures import (
    CLOSED_WITHOUT_RESPONSE,
    HTTP2_CHOSEN,
    PLAIN_ON_TLS_PORT,
    RESPONSE_INCOMPLETE,
    RESPONSE_MALFORMED,
    RESPONSE_TOO_LARGE,
    Failure,
)
from ws_handshake.cli.client.request import to_http1
from ws_handshake.cli.client.response import Response
from ws_handshake.core.redaction import counted, shown

if TYPE_CHECKING:
    from ws_handshake.core.request import RequestHead

#: The most bytes that are read of a head, and that are looked at of a body.
HEAD_LIMIT = 65_536
BODY_LIMIT = 16_384

#: How an alert, or a handshake, of TLS begins (RFC 8446 section 5.1).
TLS_RECORDS = (b"\x15\x03", b"\x16\x03")

_START = b"HTTP/"
# RFC 9113 section 4.1: the type of a SETTINGS or GOAWAY frame, which has no stream
_FRAME_TYPES, _NO_STREAM = (4, 7), bytes(4)

#: How servers of other protocols begin, which speak first or complain.
PROTOCOLS = {
    "SSH": re.compile(rb"SSH-"),
    "a mail or FTP server": re.compile(rb"[2-5]\d\d[ -]|\+OK |\* OK "),
    "Redis": re.compile(rb"-(?:ERR|DENIED|NOAUTH|WRONGPASS)\b"),
    "MySQL": re.compile(rb"(?s)...\x00(?:\x0a[0-9]|\xff)"),
    "PostgreSQL": re.compile(rb"(?s)E....S(?:FATAL|ERROR)"),
    "AMQP": re.compile(rb"AMQP"),
    "VNC": re.compile(rb"RFB \d"),
    "RTSP": re.compile(rb"RTSP/"),
    "SIP": re.compile(rb"SIP/"),
    "a web server with a page and no head": re.compile(rb"\s*<(?:!|html|head|\?xml)"),
}

# h11 quotes what it could not read as Python has it
_as_python = re.compile(r"bytearray\(b(['\"])(.*)\1\)")
_VALID_HEAD = "Let the server, or the proxy that responds, write a valid head."

# h11 reads a response only to a request that it has sent. It would not send one that
# the user has broken, so it gets this one.
_STAND_IN = h11.Request(
    method="GET",
    target="/",
    headers=[("Host", "-"), ("Upgrade", "websocket"), ("Connection", "Upgrade")],
)


class Exchange(Protocol):
    """It takes bytes and returns bytes; it knows no socket and no clock.

    `response` is set once its head is complete. `done` says that no more of it will be
    read, `trouble` why there will be none.
    """

    response: Response | None
    trouble: Failure | None
    done: bool
    #: How many bytes have come.
    received: int

    def to_send(self) -> bytes:
        """Return the bytes to send now."""
        ...

    def receive(self, data: bytes) -> None:
        """Take received bytes; none mean that the other side has closed."""
        ...

    def send_frames(self, data: bytes) -> None:
        """Queue frames, to be sent over the WebSocket."""
        ...

    def take_frames(self) -> bytes:
        """Return the frames received since the last call."""
        ...

    @property
    def ended(self) -> bool:
        """True when nothing more can be received over the WebSocket."""
        ...


class Http1Exchange:
    """One handshake on one connection; h11 reads the response."""

    def __init__(self, request: RequestHead) -> None:
        """Queue the request."""
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_LIMIT)
        self._h11.send(_STAND_IN)
        self._h11.send(h11.EndOfMessage())
        self._outgoing = to_http1(request)
        self._incoming = b""
        self._start = b""
        self.response: Response | None = None
        self.trouble: Failure | None = None
        self.done = False
        self.ended = False
        self.received = 0

    def to_send(self) -> bytes:
        """Return the bytes to send now."""
        outgoing, self._outgoing = self._outgoing, b""
        return outgoing

    def receive(self, data: bytes) -> None:
        """Take received bytes; none mean that the other side has closed."""
        self.received += len(data)
        self.ended = not data
        if self.done:
            self._incoming += data
        elif self.response is None and not self._begins_well(data):
            self.done = True
        else:
            self._read(data)

    def send_frames(self, data: bytes) -> None:
        """Queue frames, to be sent over the WebSocket."""
        self._outgoing += data

    def take_frames(self) -> bytes:
        """Return the frames received since the last call."""
        incoming, self._incoming = self._incoming, b""
        return incoming

    def _begins_well(self, data: bytes) -> bool:
        """Check the first bytes: if they are not HTTP, h11 would wait for more."""
        self._start = (self._start + data)[:64]
        if not data:
            self.trouble = self._ended_early()
        elif not _START.startswith(self._start[: len(_START)]):
            self.trouble = _other_protocol(self._start)
        return self.trouble is None

    def _ended_early(self) -> Failure:
        if not self.received:
            return Failure(CLOSED_WITHOUT_RESPONSE)
        seen = f"ended after {counted(self.received, 'byte')}"
        return Failure(RESPONSE_INCOMPLETE, seen)

    def _read(self, data: bytes) -> None:
        try:
            self._h11.receive_data(data)
            while not self.done and self._next():
                pass
        except h11.RemoteProtocolError as error:
            self.done = True
            if self.response is None:
                self.trouble = _malformed(error)

    def _next(self) -> bool:
        """Take one event from h11; return whether there may be another."""
        event = self._h11.next_event()
        if isinstance(event, h11.InformationalResponse | h11.Response):
            self._take_head(event)
        elif isinstance(event, h11.Data) and self.response is not None:
            body = self.response.body + bytes(event.data)
            self.response = self.response.with_body(body[:BODY_LIMIT])
            self.done = len(body) >= BODY_LIMIT
        elif event is h11.NEED_DATA:
            return False
        else:
            self.done = True
        return True

    def _take_head(self, event: h11.InformationalResponse | h11.Response) -> None:
        switches = event.status_code == HTTPStatus.SWITCHING_PROTOCOLS
        if isinstance(event, h11.InformationalResponse) and not switches:
            return  # RFC 9110 section 15.2: 1xx may come before the response
        self.response = Response(
            event.http_version.decode("ascii"),
            event.status_code,
            bytes(event.reason),
            tuple((bytes(n), bytes(v)) for n, v in event.headers.raw_items()),
        )
        if switches:
            self.done = True
            self._incoming = self._h11.trailing_data[0]


def _malformed(error: h11.RemoteProtocolError) -> Failure:
    if error.error_status_hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
        return Failure(RESPONSE_TOO_LARGE)
    seen = _as_python.sub(r"\2", str(error))
    return Failure(RESPONSE_MALFORMED, shown(seen.encode()), _VALID_HEAD)


def _other_protocol(start: bytes) -> Failure:
    """Name the protocol that was spoken, if its first bytes show it."""
    if start.startswith(TLS_RECORDS):
        return Failure(PLAIN_ON_TLS_PORT, "a TLS record")
    if start[3:4] and start[3] in _FRAME_TYPES and start[5:9] == _NO_STREAM:
        return Failure(HTTP2_CHOSEN, "an HTTP/2 frame")
    seen = f"it begins with: {shown(start)}"
    for name, found in PROTOCOLS.items():
        if found.match(start):
            fix = f"Check host and port: {name} responds there."
            return Failure(RESPONSE_MALFORMED, seen, fix)
    return Failure(RESPONSE_MALFORMED, seen)
