"""The requests that are measured: what Chrome sends."""

from __future__ import annotations

from tests.support.handshakes import KEY, Handshake

_AGENT = (
    b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    b"Chrome/142.0.0.0 Safari/537.36"
)

HANDSHAKE = Handshake(
    headers=(
        (b"host", b"127.0.0.1:8000"),
        (b"connection", b"Upgrade"),
        (b"pragma", b"no-cache"),
        (b"cache-control", b"no-cache"),
        (b"user-agent", _AGENT),
        (b"upgrade", b"websocket"),
        (b"origin", b"http://127.0.0.1:8000"),
        (b"sec-websocket-version", b"13"),
        (b"accept-encoding", b"gzip, deflate, br, zstd"),
        (b"accept-language", b"en-GB,en;q=0.9"),
        (b"cookie", b"session=7f6c1a53b2e84d90a1c5e2f4"),
        (b"sec-websocket-key", KEY),
        (
            b"sec-websocket-extensions",
            b"permessage-deflate; client_max_window_bits",
        ),
    )
)

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
        (b"user-agent", _AGENT),
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
