from __future__ import annotations

import re

import pytest

from ws_handshake.cli.explain.pages import entries_of
from ws_handshake.cli.pasted.errors import read_error
from ws_handshake.cli.pasted.errors_of_servers import SERVERS

#: What each program writes about something else, and how the sentence on it begins.
SENTENCES = {
    "WARNING:  Unsupported upgrade request.": "uvicorn has no WebSocket",
    "2021-02-12 06:20:27,329-WARNING-uvicorn.error-12::httptools_impl|181:: "
    "Unsupported upgrade request.": "uvicorn has no WebSocket",
    "WARNING:  Invalid HTTP request received.": "uvicorn's HTTP parser rejected",
    "Missing or invalid Sec-WebSocket-Key header": ("Sec-WebSocket-Key or -Version is"),
    'failed to new websocket: bad "sec-websocket-key" request header': (
        "Sec-WebSocket-Key or -Version is"
    ),
    "Error: Invalid Upgrade header": "Upgrade or Connection did",
    "InvalidUpgrade: invalid Connection header: keep-alive": (
        "Upgrade or Connection did"
    ),
    'handshake error: bad "Connection" header': "The request arrived without",
    "Connection header did not include 'upgrade'": "The request arrived without",
    "websocket: upgrade != websocket": "The request arrived without",
    'Can "Upgrade" only to "WebSocket".': "The request arrived without",
    "Cross origin websockets not allowed": "The server rejected the",
    "http://localhost:3000 is not an accepted origin.": "The server rejected the",
    "websocket: response does not implement http.Hijacker": ("A middleware wraps Go's"),
    "ValueError: No route found for path 'ws/chat/'.": "No route of the",
    "ValueError: No route found for path 'ws/chat/lobby/'.": "No route of the",
    "Failed to upgrade to WebSocket (HTTP_UPGRADE: )": "The request arrived without",
    "Failed to upgrade to WebSocket (REQUEST_METHOD: GET, HTTP_CONNECTION: "
    "close, HTTP_UPGRADE: )": "The request arrived without",
    "DefaultHandshakeHandler - Handshake failed due to unsupported HTTP "
    "method: POST": "The handshake arrived with",
    "websocket: the client is not using the websocket protocol: request "
    "method is not GET": "The handshake arrived with",
    "WebSocket transport not available. Install simple-websocket for "
    "improved performance.": "The server has no",
    "WebSocket transport not available. Install eventlet or gevent and "
    "gevent-websocket for improved performance.": "The server has no",
    "The client is using an unsupported version of the Socket.IO or "
    "Engine.IO protocols (further occurrences of this error will be logged "
    "with level INFO)": "Client and server speak",
    "[uwsgi-websocket] no websocket handshake: you need to build uWSGI with "
    "SSL support to use the websocket handshake api function !!!": (
        "uWSGI was built without"
    ),
    "ERROR:    ASGI callable returned without completing handshake.": (
        "The application returned before"
    ),
    'RuntimeError: WebSocket is not connected. Need to call "accept" first.': (
        "The application sent before"
    ),
    "RuntimeError: Expected ASGI message 'websocket.accept', "
    "'websocket.close' or 'websocket.http.response.start' but got "
    "'websocket.send'.": "The application sent before",
    '    assert scope["type"] == "http"': "A part of the",
    "AssertionError: scope type websocket": "A part of the",
    "[info] REFUSED CONNECTION TO MyAppWeb.UserSocket in 412\u00b5s": (
        "The application has no"
    ),
    "** (Phoenix.Router.NoRouteError) no route found for GET "
    "/socket/websocket (MyAppWeb.Router)": "The application has no",
    "Invalid HTTP_HOST header: 'chat.example.com:8000'. You may need to add "
    "'chat.example.com' to ALLOWED_HOSTS.": "ALLOWED_HOSTS of Django does",
    "2019-03-18 12:25:48.197:DBUG:oejs.HttpChannelOverHttp:qtp428746855-62: "
    "No factory for Upgrade: websocket in "
    "ServerConnector@13deb50e{HTTP/1.1,[http/1.": "Jetty has no WebSocket",
    "WARNING (MainThread) [homeassistant.components.http.forwarded] Received "
    "X-Forwarded-For header from an untrusted proxy 172.30.33.2": (
        "Home Assistant rejects what"
    ),
    "[2022-01-01 10:00:00 +0000] [9] [WARNING] Invalid request from "
    "ip=192.0.2.1: Invalid HTTP request line: ''": "gunicorn rejected what came:",
    "An unauthorized connection attempt was rejected": ("The application rejected the"),
}


@pytest.mark.parametrize("line", SENTENCES)
def test_what_one_writes_is_explained_in_a_sentence(line: str) -> None:
    message = read_error(f"before\n{line}\nafter".encode())
    assert message is not None
    assert message.what.startswith(SENTENCES[line])
    assert message.fix


def test_every_row_has_an_example() -> None:
    for row in SERVERS:
        lines = SENTENCES
        assert any(re.search(row.pattern, line) for line in lines), row.pattern


def test_every_row_names_a_page_that_there_is() -> None:
    assert all(entries_of(row.code) for row in SERVERS if row.code)
