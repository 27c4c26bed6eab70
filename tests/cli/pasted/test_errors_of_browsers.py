from __future__ import annotations

import re

import pytest

from ws_handshake.cli.explain.pages import entries_of
from ws_handshake.cli.pasted.errors import read_error
from ws_handshake.cli.pasted.errors_of_browsers import BROWSERS

#: What each program writes about a response, and its status.
STATUSES = {
    "Error during WebSocket handshake: Unexpected response code: 502": 502,
    "SCRIPT12008: WebSocket Error: Incorrect HTTP response. Status code 404, "
    "Not Found": 404,
}
#: What each program writes about something else, and how the sentence on it begins.
SENTENCES = {
    "Uncaught DOMException: The operation is insecure.": "A page that came over",
    "Uncaught SecurityError: Failed to construct 'WebSocket': An insecure "
    "WebSocket connection may not be initiated from a page loaded over HTTPS.": (
        "A page that came"
    ),
    "Mixed Content: The page at 'https://chat.example.com/' was loaded over "
    "HTTPS, but attempted to connect to the insecure WebSocket endpoint "
    "'ws://chat.e": "A page that came",
    "Refused to connect to 'wss://chat.example.com/ws' because it violates "
    "the following Content Security Policy directive: \"connect-src 'self'\".": (
        "The page's own Content-Security-Policy"
    ),
    "SyntaxError: Invalid URL: chat.example.com/ws": "The address is not",
    'SyntaxError: The URL\'s protocol must be one of "ws:", "wss:", "http:", '
    '"https", or "ws+unix:"': "The address is not",
    "Error: Server sent a subprotocol but none was requested": "The server chose a",
    "websockets.exceptions.NegotiationError: unsupported subprotocol: chat": (
        "The server chose a"
    ),
    "WebSocket connection to 'ws://a/ws' failed: Error during WebSocket "
    "handshake: Found an unsupported extension 'x-webkit-deflate-frame' in "
    "'Sec-WebSocke": "The server accepted an",
    "WebSocket connection to 'wss://chat.example.com/ws' failed: HTTP "
    "Authentication failed; no valid credentials available": (
        "The server responded with"
    ),
    "WebSocket connection to 'ws://chat.example.com/ws' failed: Error in "
    "connection establishment: net::ERR_EMPTY_RESPONSE": (
        "The connection ended before"
    ),
    "WebSocket connection to 'wss://chat.example.com/ws' failed: Error in "
    "connection establishment: net::ERR_CONNECTION_RESET": (
        "The connection ended before"
    ),
    "net::ERR_CONNECTION_TIMED_OUT": "Nothing came back from",
    "WebSocket connection to 'wss://chat.example.com/ws' failed: Error in "
    "connection establishment: net::ERR_CONNECTION_TIMED_OUT": (
        "Nothing came back from"
    ),
    "WebSocket connection to 'ws://localhost:8080/' failed: Error during "
    "WebSocket handshake: net::ERR_INVALID_HTTP_RESPONSE": "The response was no",
    "WebSocket connection to 'wss://chat.example.com/ws' failed: Error "
    "during WebSocket handshake: net::ERR_HTTP2_PROTOCOL_ERROR": (
        "The response was no"
    ),
    "WebSocket connection to 'ws://localhost:8000/ws' failed: Could not "
    "connect to the server.": "Nothing listens on this",
    "SCRIPT12029: WebSocket Error: Network Error 12029, A connection with "
    "the server could not be established": "Nothing listens on this",
    "WebSocket network error: The operation couldn\u2019t be completed. (OSStatus "
    "error -9807.)": "There is no TLS",
    "Error during WebSocket handshake: Sent non-empty "
    "'Sec-WebSocket-Protocol' header but no response was received": (
        "The page asked for"
    ),
    "Error: Invalid Sec-WebSocket-Accept header": (
        "Sec-WebSocket-Accept in the response"
    ),
    "Error during WebSocket handshake: Incorrect 'Sec-WebSocket-Accept' "
    "header value": "Sec-WebSocket-Accept in the response",
    "Error during WebSocket handshake: 'Upgrade' header is missing": (
        "The response lacks Upgrade"
    ),
    "One or more reserved bits are on: reserved1 = 1": (
        "The handshake succeeded; then"
    ),
    "Connection closed before receiving a handshake response": (
        "The connection ended before"
    ),
    "The connection to wss://a/ was interrupted while the page was loading.": (
        "The connection ended before"
    ),
    "WebSocket is closed before the connection is established.": (
        "The page itself closed"
    ),
    "WebSocket connection to 'ws://a/' failed: net::ERR_CONNECTION_REFUSED": (
        "Nothing listens on this"
    ),
    "failed: net::ERR_CERT_AUTHORITY_INVALID": "There is no TLS",
    "failed: net::ERR_UNSAFE_PORT": "Browsers open no connection",
    "failed: net::ERR_NAME_NOT_RESOLVED": "The name of the",
    "NS_ERROR_WEBSOCKET_CONNECTION_REFUSED": "The browser did not",
    "Firefox \u65e0\u6cd5\u5efa\u7acb\u5230 wss://chat.example.com/ws": (
        "The browser did not"
    ),
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
    for row in BROWSERS:
        lines = (*STATUSES, *SENTENCES)
        assert any(re.search(row.pattern, line) for line in lines), row.pattern


def test_every_row_names_a_page_that_there_is() -> None:
    assert all(entries_of(row.code) for row in BROWSERS if row.code)
