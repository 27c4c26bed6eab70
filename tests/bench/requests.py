"""The requests that are measured: what Chrome sends."""

from __future__ import annotations

from tests.support.client_handshakes import CHROME, CHROME_AGENT
from tests.support.handshakes import Handshake

HANDSHAKE = CHROME

# a compressor takes more memory than all else of an open WebSocket
OFFERS_NOTHING = HANDSHAKE.without(b"sec-websocket-extensions")
WITHOUT_KEY = HANDSHAKE.without(b"sec-websocket-key")

PAGE = Handshake(
    target=b"/",
    headers=(
        (b"host", b"127.0.0.1:8000"),
        (b"connection", b"keep-alive"),
        (b"sec-ch-ua", b'"Chromium";v="142", "Not_A Brand";v="99"'),
        (b"sec-ch-ua-mobile", b"?0"),
        (b"sec-ch-ua-platform", b'"Linux"'),
        (b"upgrade-insecure-requests", b"1"),
        (b"user-agent", CHROME_AGENT),
        (b"accept", b"text/html,application/xhtml+xml,*/*;q=0.8"),
        (b"sec-fetch-site", b"none"),
        (b"sec-fetch-mode", b"navigate"),
        (b"sec-fetch-user", b"?1"),
        (b"sec-fetch-dest", b"document"),
        (b"accept-encoding", b"gzip, deflate, br, zstd"),
        (b"accept-language", b"en-GB,en;q=0.9"),
    ),
)

LAST_PAGE = PAGE.but(b"connection", b"close")
