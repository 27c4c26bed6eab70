"""The handshakes that browsers and client libraries send, as they were seen."""

from __future__ import annotations

from tests.support.handshakes import KEY, Handshake

CHROME_AGENT = (
    b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    b"Chrome/142.0.0.0 Safari/537.36"
)
CHROME = Handshake(
    headers=(
        (b"host", b"127.0.0.1:8000"),
        (b"connection", b"Upgrade"),
        (b"pragma", b"no-cache"),
        (b"cache-control", b"no-cache"),
        (b"user-agent", CHROME_AGENT),
        (b"upgrade", b"websocket"),
        (b"origin", b"http://127.0.0.1:8000"),
        (b"sec-websocket-version", b"13"),
        (b"accept-encoding", b"gzip, deflate, br, zstd"),
        (b"accept-language", b"en-GB,en;q=0.9"),
        (b"cookie", b"session=7f6c1a53b2e84d90a1c5e2f4"),
        (b"sec-websocket-key", KEY),
        (b"sec-websocket-extensions", b"permessage-deflate; client_max_window_bits"),
    )
)
FIREFOX = Handshake(
    target=b"/ws?room=1",
    headers=(
        (b"host", b"chat.example.com"),
        (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Firefox/133.0"),
        (b"accept", b"*/*"),
        (b"accept-language", b"en-US,en;q=0.5"),
        (b"accept-encoding", b"gzip, deflate, br, zstd"),
        (b"sec-websocket-version", b"13"),
        (b"origin", b"https://chat.example.com"),
        (b"sec-websocket-protocol", b"v2.chat, v1.chat"),
        (b"sec-websocket-extensions", b"permessage-deflate"),
        (b"sec-websocket-key", KEY),
        (b"connection", b"keep-alive, Upgrade"),
        (b"sec-fetch-dest", b"empty"),
        (b"sec-fetch-mode", b"websocket"),
        (b"sec-fetch-site", b"same-origin"),
        (b"pragma", b"no-cache"),
        (b"cache-control", b"no-cache"),
        (b"upgrade", b"websocket"),
    ),
)
SAFARI = Handshake(
    target=b"/ws",
    headers=(
        (b"host", b"localhost:8000"),
        (b"origin", b"http://localhost:8000"),
        (b"pragma", b"no-cache"),
        (b"cache-control", b"no-cache"),
        (b"accept", b"*/*"),
        (b"sec-fetch-site", b"same-origin"),
        (b"sec-websocket-version", b"13"),
        (b"sec-websocket-extensions", b"permessage-deflate"),
        (b"sec-websocket-key", KEY),
        (b"sec-fetch-mode", b"websocket"),
        (b"user-agent", b"Mozilla/5.0 (Macintosh) Version/18.1 Safari/605.1.15"),
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
        (b"sec-fetch-dest", b"websocket"),
    ),
)
WEBSOCKETS = Handshake(
    target=b"/",
    headers=(
        (b"host", b"localhost:8765"),
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
        (b"sec-websocket-key", KEY),
        (b"sec-websocket-version", b"13"),
        (b"sec-websocket-extensions", b"permessage-deflate; client_max_window_bits"),
        (b"sec-websocket-protocol", b"v2.chat, v1.chat"),
        (b"user-agent", b"Python/3.13 websockets/17.4"),
    ),
)
WSPROTO = Handshake(
    target=b"/ws",
    headers=(
        (b"host", b"api.example.com"),
        (b"upgrade", b"WebSocket"),
        (b"connection", b"Upgrade"),
        (b"sec-websocket-key", KEY),
        (b"sec-websocket-version", b"13"),
    ),
)
NODE_WS = Handshake(
    target=b"/ws?token=abc",
    headers=(
        (b"sec-websocket-version", b"13"),
        (b"sec-websocket-key", KEY),
        (b"connection", b"Upgrade"),
        (b"upgrade", b"websocket"),
        (b"sec-websocket-extensions", b"permessage-deflate; client_max_window_bits"),
        (b"host", b"my-service.internal:8080"),
    ),
)
#: Behind nginx: two fields of its own, and the client's `Connection` as its map has it.
BEHIND_NGINX = Handshake(
    target=b"/ws",
    headers=(
        (b"upgrade", b"websocket"),
        (b"connection", b"upgrade"),
        (b"host", b"app.example.com"),
        (b"x-real-ip", b"203.0.113.9"),
        (b"x-forwarded-for", b"203.0.113.9"),
        (b"x-forwarded-proto", b"https"),
        (b"sec-websocket-version", b"13"),
        (b"sec-websocket-key", KEY),
        (b"origin", b"https://app.example.com"),
    ),
)
CLIENTS = {
    "Chrome": CHROME,
    "Firefox": FIREFOX,
    "Safari": SAFARI,
    "websockets": WEBSOCKETS,
    "wsproto": WSPROTO,
    "ws of Node.js": NODE_WS,
    "a browser behind nginx": BEHIND_NGINX,
}
