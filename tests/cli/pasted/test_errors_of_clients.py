from __future__ import annotations

import re

import pytest

from ws_handshake.cli.explain.pages import entries_of
from ws_handshake.cli.pasted.errors import read_error
from ws_handshake.cli.pasted.errors_of_clients import CLIENTS

#: What each program writes about a response, and its status.
STATUSES = {
    "websocat: WebSocketError: Received unexpected status code (403 Forbidden)": 403,
    "WebSocket connection to 'wss://a.example/ws' failed: Error during WebSocket "
    "handshake: Unexpected response code: 404": 404,
    "InvalidStatus: server rejected WebSocket connection: HTTP 403": 403,
    "WSServerHandshakeError: 404, message='Invalid response status'": 404,
    "WebSocketBadStatusException: Handshake status 502 Bad Gateway": 502,
    "error: Unexpected server response: 401": 401,
    "WebSocket dial: expected handshake response status code 101 but got 200": 200,
    "ProtocolException: Expected HTTP 101 response but was '403 Forbidden'": 403,
    "Handshake error. Response code was not 101: 404.": 404,
    "Invalid status code received: 503 Status line: HTTP/1.1 503": 503,
    "UpgradeException: Unexpected HTTP Response Status Code: 302": 302,
    "CheckFailedException: Unexpected HTTP response status code 403": 403,
    "The server returned status code '404' when status code '101' was expected.": 404,
    "Error: Http(Response { status: 400, version: HTTP/1.1, headers: {} })": 400,
    "HTTP error: 426 Upgrade Required": 426,
}
#: What each program writes about something else, and how the sentence on it begins.
SENTENCES = {
    "Error during WebSocket handshake: Sent non-empty 'Sec-WebSocket-Protocol' header "
    "but no response was received": "The page asked for a subprotocol",
    "Error during WebSocket handshake: Incorrect 'Sec-WebSocket-Accept' header value": (
        "Sec-WebSocket-Accept in the response is that of another key"
    ),
    "Error during WebSocket handshake: 'Upgrade' header is missing": (
        "The response lacks Upgrade or Connection"
    ),
    "websocat: WebSocketError: WebSocketError: Missing Upgrade header": (
        "The response is not that of a WebSocket"
    ),
    "One or more reserved bits are on: reserved1 = 1": "The handshake succeeded",
    "Connection closed before receiving a handshake response": "The connection ended",
    "The connection to wss://a/ was interrupted while the page was loading.": (
        "The connection ended"
    ),
    "WebSocket is closed before the connection is established.": "The page itself",
    "WebSocket connection to 'ws://a/' failed: net::ERR_CONNECTION_REFUSED": (
        "Nothing listens"
    ),
    "failed: net::ERR_CERT_AUTHORITY_INVALID": "There is no TLS connection",
    "failed: net::ERR_UNSAFE_PORT": "Browsers open no connection to this port",
    "failed: net::ERR_NAME_NOT_RESOLVED": "The name of the host has no address",
    "Firefox can\u2019t establish a connection to the server at wss://a.example/.": (
        "The browser did not get a valid response"
    ),
    "NS_ERROR_WEBSOCKET_CONNECTION_REFUSED": "The browser did not get a valid",
    "InvalidMessage: did not receive a valid HTTP request": "The other side closed",
    "InvalidMessage: did not receive a valid HTTP response": "The other side closed",
    "[vite] failed to connect to websocket.": "The socket with which Vite reloads",
    "dial:websocket: bad handshake": "The response was not 101",
    "dial: malformed ws or wss URL": "The address does not begin with ws://",
    'curl: (1) Protocol "ws" not supported or disabled': "This curl does not speak",
    "Caused by: java.net.ConnectException": "Nothing listens on this address",
    "Connection to 'http://a/' was not upgraded to websocket": "The response was not",
    "Error: connect ECONNREFUSED 127.0.0.1:8000": "Nothing listens on this address",
    "TimeoutError: timed out during opening handshake": "The server, or a proxy",
    "Error: write EPROTO SSL routines:ssl3_get_record:wrong version number": (
        "The client speaks TLS, and the port does not"
    ),
    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED]": (
        "The client does not trust the certificate"
    ),
    "Error: getaddrinfo ENOTFOUND chat.example.com": "The name of the host",
}


@pytest.mark.parametrize("line", STATUSES)
def test_of_a_status_only_the_status_is_taken(line: str) -> None:
    message = read_error(line.encode())
    assert message is not None
    assert (message.status, message.what, message.code) == (STATUSES[line], "", "")


@pytest.mark.parametrize("line", SENTENCES)
def test_what_a_client_writes_is_explained_in_a_sentence(line: str) -> None:
    message = read_error(line.encode())
    assert message is not None
    assert message.what.startswith(SENTENCES[line])
    assert message.fix
    assert message.status is None


def test_every_row_has_an_example() -> None:
    for row in CLIENTS:
        lines = (*STATUSES, *SENTENCES)
        assert any(re.search(row.pattern, line) for line in lines), row.pattern


def test_every_row_names_a_page_that_there_is() -> None:
    assert all(entries_of(row.code) for row in CLIENTS if row.code)
