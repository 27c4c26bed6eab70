from __future__ import annotations

import re

import pytest

from ws_handshake.cli.explain.pages import entries_of
from ws_handshake.cli.pasted.errors import read_error
from ws_handshake.cli.pasted.errors_of_platforms import PLATFORMS

#: What each program writes about a response, and its status.
STATUSES = {
    "WebSocket dial: expected handshake response status code 101 but got 200": 200,
    "websocket: bad handshake (504 Gateway Timeout)": 504,
    "Can't connect to websocket (504): websocket: bad handshake": 504,
    'E1130 10:47:49.000001    4242 roundtripper.go:91] "WebSocket dial '
    'failed" err="websocket: bad handshake" status=400 '
    "header=map[Audit-Id:[a1b2c3d4] Content-Type:[application/json]]": 400,
    "ProtocolException: Expected HTTP 101 response but was '403 Forbidden'": 403,
    "Handshake error. Response code was not 101: 404.": 404,
    "The server returned status code '404' when status code '101' was expected.": 404,
    "Error: HTTP error: 200 OK": 200,
    "WebSocketException: Connection to 'https://chat.example.com/ws#' was "
    "not upgraded to websocket, HTTP status code: 403": 403,
    "error: Internal error occurred: unable to upgrade connection: 404 page "
    "not found": 404,
    "System.Net.WebSockets.WebSocketException: Unable to connect to the "
    "remote server ---> System.Net.WebException: The remote server returned "
    "an error: (403) Forbidden.": 403,
    "error: Optional(Starscream.HTTPUpgradeError.notAnUpgrade(400, "
    '["Server": "nginx"]))': 400,
    "websocketDidDisconnect Starscream.WSError(type: "
    'Starscream.ErrorType.upgradeError, message: "Invalid HTTP upgrade", '
    "code: 429)": 429,
    'Error Domain=WebSocket Code=404 "Invalid HTTP upgrade" '
    "UserInfo={NSLocalizedDescription=Invalid HTTP upgrade}": 404,
    '{"isTrusted": false, "message": "Received bad response code from '
    'server: 403."}': 403,
    "[2026/11/30 10:10:42:0001] W: lws_client_handshake: got bad HTTP "
    "response '400'": 400,
    "QWebSocketPrivate::processHandshake: Unhandled http status code: 403 "
    "(Forbidden).": 403,
    "Connection error: Expecting status 101 (Switching Protocol), got 403 "
    "status connecting to ws://chat.example.com/ws, HTTP Status line: "
    "HTTP/1.1 403 Forbidden": 403,
    "E (6381) websocket_client: esp_transport_connect() failed with -1, "
    "transport_error=ESP_OK, tls_error_code=0, tls_flags=0, "
    "esp_ws_handshake_status_code=403, errno=119": 403,
    "Error: websocket upgrade failed: unexpected status code: 404 Not Found": 404,
    "WebSocket handshake error: Invalid response status: 404 Not Found": 404,
    '{:error, %WebSockex.RequestError{code: 404, message: "Not Found"}}': 404,
    "{:error, %Mint.WebSocket.UpgradeFailureError{status_code: 403, headers: "
    '[{"server", "Cowboy"}]}}': 403,
    '{gun_response,<0.123.0>,#Ref<0.1.2.3>,nofin,403,[{<<"server">>,<<"a">>}]}': 403,
    "Response message: WebSocket I/O error: got unexpected status line: "
    "HTTP/1.1 403 Forbidden": 403,
}
#: What each program writes about something else, and how the sentence on it begins.
SENTENCES = {
    "dial:websocket: bad handshake": "The response was not",
    "2026/11/30 10:54:46 dial: websocket: bad handshake": "The response was not",
    "dial: malformed ws or wss URL": "The address does not",
    "golang: malformed ws or wss URL": "The address does not",
    "Connection to 'http://a/' was not upgraded to websocket": ("The response was not"),
    "WebSocketException: Connection to "
    "'https://chat.example.com:0/ws?token=a#' was not upgraded to websocket": (
        "The response was not"
    ),
    "websocket.Dial ws://chat.example.com/ws: bad status": "The response was not",
    "WebSocketException: Unable to connect to the remote server": (
        "There was no response"
    ),
    "System.Net.WebSockets.WebSocketException (0x80004005): Unable to "
    "connect to the remote server": "There was no response",
    "2018/8/28 "
    "9:00:09|Fatal|WebSocket.connect:0|WebSocketSharp.WebSocketException: "
    "Not a WebSocket handshake response.": "The response was not",
    "java.net.ProtocolException: Expected 'Connection' header value "
    "'Upgrade' but was 'close'": "The response lacks Upgrade",
    "java.net.UnknownServiceException: CLEARTEXT communication to "
    "chat.example.com not permitted by network security policy": (
        "Android lets this application"
    ),
    "Starscream: Invalid HTTP upgrade": "The response was not",
    "Task <4A2B>.<1> finished with error [-1011] Error "
    'Domain=NSURLErrorDomain Code=-1011 "There was a bad response from the '
    'server." UserInfo={NSErrorFail': "The response was not",
    "[2026/11/30 10:10:42:0001] E: CLIENT_CONNECTION_ERROR: HS: ws upgrade "
    "response not 101": "The response was not",
    "Error: The WebSocket handshake was declined by the remote peer": (
        "The response was not"
    ),
    "WebSocket Exception: Cannot upgrade to WebSocket connection: Forbidden": (
        "The response was not"
    ),
    "E (6381) TRANSPORT_WS: Sec-WebSocket-Accept not found": "The response was not",
    "E (16491) transport_ws: Error read response for Upgrade header GET / "
    "HTTP/1.1": "The response was not",
    "panic: Protocol(MissingConnectionUpgradeHeader)": "Upgrade or Connection did",
    'WebSocket protocol error: No "Upgrade: websocket" header in server reply': (
        "Upgrade or Connection did"
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
    for row in PLATFORMS:
        lines = (*STATUSES, *SENTENCES)
        assert any(re.search(row.pattern, line) for line in lines), row.pattern


def test_every_row_names_a_page_that_there_is() -> None:
    assert all(entries_of(row.code) for row in PLATFORMS if row.code)
