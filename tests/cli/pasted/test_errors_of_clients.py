from __future__ import annotations

import re

import pytest

from ws_handshake.cli.explain.pages import entries_of
from ws_handshake.cli.pasted.errors import read_error
from ws_handshake.cli.pasted.errors_of_clients import CLIENTS

#: What each program writes about a response, and its status.
STATUSES = {
    "curl: (22) Refused WebSockets upgrade: 403": 403,
    "websockets.exceptions.InvalidStatusCode: Status code not 101: 403": 403,
    "Connect Error: Error: Server responded with a non-101 status: 400 Bad "
    "Request": 400,
    "socketio.exceptions.ConnectionError: Unexpected status code 404 in "
    "server response": 404,
    "httpx_ws._exceptions.WebSocketUpgradeError: <Response [403 Forbidden]>": 403,
    "websocat: WebSocketError: Received unexpected status code (403 Forbidden)": 403,
    "InvalidStatus: server rejected WebSocket connection: HTTP 403": 403,
    "WSServerHandshakeError: 404, message='Invalid response status'": 404,
    "WebSocketBadStatusException: Handshake status 502 Bad Gateway": 502,
    "error: Unexpected server response: 401": 401,
}
#: What each program writes about something else, and how the sentence on it begins.
SENTENCES = {
    "websocat: WebSocketError: I/O failure": "The connection failed before",
    "WSServerHandshakeError: 101, message='Invalid challenge response', "
    "url='ws://a/'": "Sec-WebSocket-Accept in the response",
    "aiohttp.client_exceptions.WSServerHandshakeError: 101, message='Invalid "
    "connection header', url='ws://chat.example.com/ws'": (
        "The response lacks Upgrade"
    ),
    "* CONNECT tunnel failed, response 403": "A forward proxy on",
    "curl: (56) CONNECT tunnel failed, response 403": "A forward proxy on",
    "curl: (92) HTTP/2 stream 1 was not closed cleanly: HTTP_1_1_REQUIRED "
    "(err 13)": "The server speaks HTTP/2",
    "  code: 'ECONNRESET'": "The connection ended before",
    "Error: socket hang up": "The connection ended before",
    "Error: Received network error or non-101 status code.": "The WebSocket did not",
    "Error: Server sent no subprotocol": "The client asked for",
    "websocket._exceptions.WebSocketException: Invalid WebSocket Header": (
        "The response is 101,"
    ),
    "websockets.exceptions.InvalidHandshake: missing Sec-WebSocket-Accept "
    "header": "The response is 101,",
    "websocat: WebSocketError: WebSocketError: Missing Upgrade header": (
        "The response is not"
    ),
    "Error: Parse Error: Expected HTTP/": "The other side closed",
    "InvalidMessage: did not receive a valid HTTP request": "The other side closed",
    "Caused by: java.net.ConnectException": "Nothing listens on this",
    "error: connect ECONNREFUSED ::1:8000": "Nothing listens on this",
    "TimeoutError: timed out during opening handshake": "The server, or a",
    "Error: write EPROTO SSL routines:ssl3_get_record:wrong version number": (
        "The client speaks TLS,"
    ),
    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED]": (
        "The client does not"
    ),
    "Error: getaddrinfo ENOTFOUND chat.example.com": "The name of the",
    "SocketException: Failed host lookup: 'chat.example.com' (OS Error: No "
    "address associated with hostname, errno = 7)": "The name of the",
    'curl: (1) Protocol "ws" not supported or disabled': "This curl does not",
    "Error: Failed to start the transport 'WebSockets': Error: There was an "
    "error with the transport.": "The WebSocket of SignalR",
    "[2024-06-19T17:34:47.321Z] Error: Failed to start the connection: "
    "Error: WebSocket failed to connect. The connection could not be found "
    "on the server, either the endpoint may not be a SignalR endpoint, the "
    "connection ID is not present on the server, or there is a proxy "
    "blocking WebSockets.": "The WebSocket of SignalR",
    "TransportError: websocket error": "The WebSocket did not",
    "connect_error Error: xhr poll error": "The WebSocket did not",
    "WebSocket closed with code 1006, reason: ": "There was no close",
    "websocket: close 1006 (abnormal closure): unexpected EOF": "There was no close",
    "websockets.exceptions.ConnectionClosedError: received 1011 (internal "
    "error) keepalive ping timeout; then sent 1011": "The handshake succeeded; the",
}


@pytest.mark.parametrize("line", STATUSES)
def test_of_a_status_only_the_status_is_taken(line: str) -> None:
    message = read_error(line.encode())
    assert message is not None
    assert (message.status, message.what, message.code) == (STATUSES[line], "", "")


@pytest.mark.parametrize("line", SENTENCES)
def test_what_one_writes_is_explained_in_a_sentence(line: str) -> None:
    message = read_error(f"before\n{line}\nafter".encode())
    assert message is not None
    assert message.what.startswith(SENTENCES[line])
    assert message.fix


def test_every_row_has_an_example() -> None:
    for row in CLIENTS:
        lines = (*STATUSES, *SENTENCES)
        assert any(re.search(row.pattern, line) for line in lines), row.pattern


def test_every_row_names_a_page_that_there_is() -> None:
    assert all(entries_of(row.code) for row in CLIENTS if row.code)
