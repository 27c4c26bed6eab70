from __future__ import annotations

import re

import pytest

from ws_handshake.cli.explain.pages import entries_of
from ws_handshake.cli.pasted.errors import read_error
from ws_handshake.cli.pasted.errors_of_proxies import PROXIES

#: What each program writes about something else, and how the sentence on it begins.
SENTENCES = {
    "[vite] failed to connect to websocket.": "The socket with which",
    "[vite] ws proxy error:": "The development server did",
    "[HPM] Error occurred while trying to proxy request /ws from "
    "localhost:3000 to http://localhost:8000 (ECONNREFUSED)": (
        "The development server did"
    ),
    "2026/11/30 10:54:03 [error] 31#31: *3 recv() failed (104: Connection "
    "reset by peer) while reading response header from upstream, client: "
    "192.0.2.1": "The server behind nginx",
    'nginx: [emerg] host not found in upstream "app" in '
    "/etc/nginx/conf.d/default.conf:12": "nginx finds no way",
    "2026/11/30 [error] 31#31: *3 chat could not be resolved (3: Host not "
    "found), client: 192.0.2.1": "nginx finds no way",
    '2026/11/30 10:54:03 [error] 31#31: *3 open() "/usr/share/nginx/html/ws" '
    "failed (2: No such file or directory), client: 192.0.2.1, server: _, "
    "request: ": "nginx looks for a",
    "2026/11/30 10:54:03 [info] 31#31: *3 client sent plain HTTP request to "
    "HTTPS port while reading client request headers, client: 192.0.2.1, "
    "server: _, ": "The client speaks plain",
    "[Mon Nov 30 10:38:28.000001 2026] [proxy:warn] [pid 4242] [client "
    "192.0.2.145:5000] AH01144: No protocol handler was valid for the URL "
    "/socket.io/ (": "Apache has no module",
    "[Mon Nov 30 10:58:42 2026] [proxy_wstunnel:error] [pid 4400:tid 1108] "
    "[client 192.0.2.82:5000] AH02439: error parsing URL //: Invalid "
    "host/port": "Apache cannot read the",
    "AH01114: HTTP: failed to make connection to backend: 127.0.0.1": (
        "Nothing listens where Apache"
    ),
    "[Mon Jan 01 10:00:00.1 2024] [proxy_http:error] [pid 11:tid 12] "
    "(111)Connection refused: AH00957: HTTP: attempt to connect to "
    "127.0.0.1:8000 (*) faile": "Nothing listens where Apache",
    "[proxy:error] AH00898: Error reading from remote server": (
        "The server behind Apache"
    ),
    "[proxy_http:error] [pid 1] (20014)Internal error: [client 192.0.2.1:1] "
    "AH01102: error reading status line from remote server 127.0.0.1:8000": (
        "The server behind Apache"
    ),
    "[proxy_wstunnel:error] AH02447: can't proxy non-Upgrade request": (
        "The request arrived at"
    ),
    "2026/11/21 10:12:44 [error] 31#31: *7 upstream prematurely closed "
    "connection while reading response header from upstream, client: "
    "192.0.2.1, upstream:": "The server behind nginx",
    "2026/11/30 10:54:03 [error] 6400#6400: *6736996 upstream prematurely "
    "closed connection while reading response header from upstream, client: "
    "192.0.2.1,": "The server behind nginx",
    "2026/11/21 10:12:44 [error] 31#31: *7 no live upstreams while "
    "connecting to upstream": "Nothing listens where nginx",
    "2026/11/21 10:12:44 [error] 31#31: *7 connect() failed (111: Connection "
    "refused) while connecting to upstream, client: 192.0.2.1, upstream: "
    '"http://12': "Nothing listens where nginx",
    "2026/11/21 10:12:44 [error] 31#31: *7 upstream timed out (110: "
    "Connection timed out) while proxying upgraded connection, client: "
    "192.0.2.1, upstream: ": "The WebSocket was open,",
    "2026/11/21 10:12:44 [error] 31#31: *7 upstream timed out (110: "
    "Connection timed out) while reading response header, client: 192.0.2.1, "
    'upstream: "http': "The server behind nginx",
    "2026/11/21 10:12:44 [error] 31#31: *7 recv() failed (104: Connection "
    "reset by peer) while proxying upgraded connection, client: 192.0.2.1, "
    'upstream: "': "The WebSocket was open,",
    'nginx: [emerg] unknown "connection_upgrade" variable': (
        "The map for $connection_upgrade"
    ),
    "2026/11/21 10:12:44 [error] 31#31: *7 SSL_do_handshake() failed (SSL: "
    "wrong version number)": "nginx and the server",
    "2026/11/21 10:12:44 [error] 31#31: *7 upstream sent no valid HTTP/1.0 "
    'header, client: 192.0.2.1, upstream: "http://127.0.0.1:8000/ws"': (
        "nginx and the server"
    ),
    "2026/11/21 10:12:44 [error] 31#31: *7 client sent duplicate host header": (
        "nginx itself rejected the"
    ),
    "backend app has no server available!": "No server behind HAProxy",
}


@pytest.mark.parametrize("line", SENTENCES)
def test_what_one_writes_is_explained_in_a_sentence(line: str) -> None:
    message = read_error(f"before\n{line}\nafter".encode())
    assert message is not None
    assert message.what.startswith(SENTENCES[line])
    assert message.fix


def test_every_row_has_an_example() -> None:
    for row in PROXIES:
        lines = SENTENCES
        assert any(re.search(row.pattern, line) for line in lines), row.pattern


def test_every_row_names_a_page_that_there_is() -> None:
    assert all(entries_of(row.code) for row in PROXIES if row.code)
