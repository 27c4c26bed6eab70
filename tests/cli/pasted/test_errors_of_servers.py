from __future__ import annotations

import re

import pytest

from ws_handshake.cli.explain.pages import entries_of
from ws_handshake.cli.pasted.errors import read_error
from ws_handshake.cli.pasted.errors_of_servers import SERVERS

NGINX = "2026/11/21 10:12:44 [error] 31#31: *7 "
BEHIND = ', client: 192.0.2.1, upstream: "http://127.0.0.1:8000/ws"'

STRIPPED_CONNECTION = "The request arrived without Connection: Upgrade"
STRIPPED_UPGRADE = "The request arrived without Upgrade: websocket"

#: What each program writes, and how the sentence on it begins.
WRITTEN = {
    "WARNING:  Unsupported upgrade request.": "uvicorn has no WebSocket library",
    "WARNING:  Invalid HTTP request received.": "uvicorn's HTTP parser rejected",
    f"{NGINX}upstream prematurely closed connection while reading response header "
    f"from upstream{BEHIND}": "The server behind nginx closed the connection before",
    f"{NGINX}connect() failed (111: Connection refused) while connecting to "
    f"upstream{BEHIND}": "Nothing listens where nginx looks",
    f"{NGINX}no live upstreams while connecting to upstream": "Nothing listens where",
    f"{NGINX}upstream timed out (110: Connection timed out) while proxying upgraded "
    f"connection{BEHIND}": "The WebSocket was open, and nothing came",
    f"{NGINX}upstream timed out (110: Connection timed out) while reading response "
    f"header{BEHIND}": "The server behind nginx did not respond in time",
    f"{NGINX}recv() failed (104: Connection reset by peer) while proxying upgraded "
    f"connection{BEHIND}": "The WebSocket was open, and one side ended it",
    'nginx: [emerg] unknown "connection_upgrade" variable': "The map for",
    f"{NGINX}upstream sent no valid HTTP/1.0 header{BEHIND}": "nginx and the server",
    f"{NGINX}SSL_do_handshake() failed (SSL: wrong version number)": "nginx and the",
    f"{NGINX}client sent duplicate host header": "nginx itself rejected the request",
    "Missing or invalid Sec-WebSocket-Key header": "Sec-WebSocket-Key or -Version is",
    "backend app has no server available!": "No server behind HAProxy is there",
    "ValueError: No route found for path 'ws/chat/'.": "No route of the application",
    "Failed to upgrade to WebSocket (HTTP_UPGRADE: )": STRIPPED_UPGRADE,
    "websocket: the client is not using the websocket protocol: 'upgrade' token not "
    "found in 'Connection' header": STRIPPED_CONNECTION,
    'Connection header "keep-alive" does not contain Upgrade': STRIPPED_CONNECTION,
    "InvalidUpgrade: invalid Connection header: keep-alive": STRIPPED_CONNECTION,
    "'websocket' token not found in 'Upgrade' header": STRIPPED_UPGRADE,
    'Can "Upgrade" only to "WebSocket".': STRIPPED_UPGRADE,
    "websocket: request origin not allowed by Upgrader.CheckOrigin": (
        "The server rejected the handshake because of its Origin"
    ),
    "http://localhost:3000 is not an accepted origin.": "The server rejected the",
    "websocket: response does not implement http.Hijacker": "A middleware wraps Go's",
}


@pytest.mark.parametrize("line", WRITTEN)
def test_what_a_server_writes_is_explained_in_a_sentence(line: str) -> None:
    message = read_error(f"before\n{line}\nafter".encode())
    assert message is not None
    assert message.what.startswith(WRITTEN[line])
    assert message.fix
    assert (message.status, message.url) == (None, "")


def test_every_row_has_an_example() -> None:
    for row in SERVERS:
        assert any(re.search(row.pattern, line) for line in WRITTEN), row.pattern


def test_every_row_names_a_page_that_there_is() -> None:
    assert all(entries_of(row.code) for row in SERVERS if row.code)
