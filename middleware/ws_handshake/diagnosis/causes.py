"""The catalogue of causes: who or what is behind the violations, and the fix.

The first sentence of `detail` says who did what, a second one what shows it. `fix` is
one sentence, for the log; `config` has the lines to paste. Codes are stable: added,
never renamed; each has its page, `docs/causes/<code>.md`.
"""

from __future__ import annotations

from ws_handshake.diagnosis.cause import Cause, Config

#: What makes nginx forward both headers where a client sent them.
NGINX_HTTP = Config(
    "nginx, http { }",
    "map $http_upgrade $connection_upgrade {\n  default upgrade;\n  '' close;\n}",
)
NGINX_LOCATION = Config(
    "nginx, location { }",
    "proxy_http_version 1.1;\n"
    "proxy_set_header Upgrade $http_upgrade;\n"
    "proxy_set_header Connection $connection_upgrade;",
)


PROXY_STRIPPED_UPGRADE = Cause(
    "proxy_stripped_upgrade",
    "A proxy removed the Upgrade and Connection headers. Proxies do so with hop-by-hop "
    "headers unless they are configured to forward them.",
    "Let the proxy in front of this server forward Upgrade and Connection.",
    config=(NGINX_HTTP, NGINX_LOCATION),
)
HTTP2_CLIENT = Cause(
    "http2_client",
    "The client sent an HTTP/1.1 handshake over HTTP/2. It agreed on HTTP/2 in the TLS "
    "handshake (ALPN), and there is no Upgrade in HTTP/2.",
    "Let the client offer nothing but http/1.1 in ALPN.",
)
PROXY_SPEAKS_HTTP10 = Cause(
    "proxy_speaks_http10",
    "A proxy forwarded the handshake over HTTP/1.0. Upgrade and Connection arrived, "
    "but they count over HTTP/1.1 only.",
    "Let the proxy speak HTTP/1.1 to this server; in nginx: proxy_http_version 1.1;",
    config=(Config("nginx, location { }", "proxy_http_version 1.1;"),),
)
PROXY_MISWROTE_UPGRADE = Cause(
    "proxy_miswrote_upgrade",
    "A proxy wrote a wrong value into Upgrade or Connection.",
    "Let the proxy write the client's own value; in nginx: proxy_set_header Upgrade "
    "$http_upgrade; proxy_set_header Connection upgrade;",
    config=(NGINX_HTTP, NGINX_LOCATION),
)
UPGRADE_ON_EVERY_REQUEST = Cause(
    "upgrade_on_every_request",
    "A proxy adds Upgrade and Connection to every request. This one is an ordinary "
    "request and no handshake.",
    "Let the proxy add them only where the client sent them; in nginx: "
    "proxy_set_header Upgrade $http_upgrade; in Spring Cloud Gateway: drop "
    "AddRequestHeader.",
    config=(NGINX_HTTP, NGINX_LOCATION),
)
DUPLICATED_BY_PROXIES = Cause(
    "duplicated_by_proxies",
    "Two proxies in a row set the same header. It arrived twice, with the same value.",
    "Let only the proxy next to this server set handshake headers; remove the other's "
    "proxy_set_header or add-header lines.",
)
RELAY_COPIED_HANDSHAKE = Cause(
    "relay_copied_handshake",
    "A relay opened a handshake of its own and copied the client's headers onto it. "
    "Two different keys arrived.",
    "When the relay copies the client's headers, leave out Host, Connection, Upgrade "
    "and all Sec-WebSocket-* headers.",
)
EXTENSION_BLANKED = Cause(
    "extension_blanked",
    "A proxy or firewall on the way blanked a word in Sec-WebSocket-Extensions.",
    "Connect over wss://, so that nothing on the way can change headers; or switch "
    "that filter off in the proxy or firewall.",
)
INCOMPLETE_CLIENT = Cause(
    "incomplete_client",
    "The client sent its handshake without Connection: Upgrade.",
    "Let the client send Connection: Upgrade; update its WebSocket library or its "
    "firmware.",
)
BROWSER_TAB = Cause(
    "browser_tab",
    "A person opened the address of a WebSocket endpoint in a browser tab.",
    "Nothing is broken; connect with new WebSocket(url) from a page.",
)
HEALTH_CHECK = Cause(
    "health_check",
    "A health check or monitor sends plain HTTP to a WebSocket endpoint.",
    "Point the check at a plain HTTP path, such as /health.",
)
PLAIN_HTTP_CLIENT = Cause(
    "plain_http_client",
    "An HTTP client sent plain HTTP to a WebSocket endpoint.",
    "Use a WebSocket client; in Postman: New > WebSocket.",
)
HAND_MADE_HANDSHAKE = Cause(
    "hand_made_handshake",
    "A handshake that was written by hand is not complete.",
    "Give curl --http1.1 and an -H for each of Upgrade, Connection, Sec-WebSocket-Key "
    "and Sec-WebSocket-Version; websocat and wscat send them all.",
)
NO_WEBSOCKET_SUPPORT = Cause(
    "no_websocket_support",
    "This server has no WebSocket library, or WebSockets are switched off. The "
    "handshake reached the application as plain HTTP.",
    "Run pip install 'uvicorn[standard]' where the server runs, and drop --ws none.",
    config=(Config("shell, where the server runs", "pip install 'uvicorn[standard]'"),),
)
SERVER_READS_ONE_LINE = Cause(
    "server_reads_one_line",
    "This server read only a part of Upgrade or Connection and took the handshake for "
    "plain HTTP. One of them is a list or has several lines.",
    "Start uvicorn with --http ws_handshake.uvicorn:AutoHTTPProtocol.",
)
CONNECT_NOT_BRIDGED = Cause(
    "connect_not_bridged",
    "This server announced Extended CONNECT (RFC 8441) and then passed the client's on "
    "as plain HTTP.",
    "Switch HTTP/2 off at this server, or use one that bridges it, such as Hypercorn.",
)
BRIDGE_LOST_KEY = Cause(
    "bridge_lost_key",
    "A proxy turned an HTTP/2 WebSocket, which has no key, into HTTP/1.1 without "
    "making one. Everything but the key is there.",
    "Let that proxy offer nothing but http/1.1 in ALPN to the clients.",
)
OLD_DRAFT = Cause(
    "old_draft",
    "The client speaks a draft from before RFC 6455 (2011).",
    "Update the client, or the library that it uses.",
)
PROXY_REWROTE_HOST = Cause(
    "proxy_rewrote_host",
    "A proxy put its upstream's name into Host. Therefore Origin and Host differ.",
    "Let the proxy forward the client's Host; in nginx: proxy_set_header Host "
    "$http_host; in Apache: ProxyPreserveHost On",
    config=(
        Config("nginx, location { }", "proxy_set_header Host $http_host;"),
        Config("Apache, <VirtualHost>", "ProxyPreserveHost On"),
    ),
)
PROXY_HID_HTTPS = Cause(
    "proxy_hid_https",
    "A proxy ends TLS and does not say so, or uvicorn does not trust it. The page came "
    "over https, and this server takes the request for plain http.",
    "Let nginx say so, with proxy_set_header X-Forwarded-Proto $scheme; and start "
    "uvicorn with --forwarded-allow-ips and the address of the proxy.",
    config=(
        Config("nginx, location { }", "proxy_set_header X-Forwarded-Proto $scheme;"),
        Config("uvicorn, options", "--forwarded-allow-ips ADDRESS_OF_THE_PROXY"),
    ),
)
PROXY_DROPPED_PORT = Cause(
    "proxy_dropped_port",
    "A proxy took the port out of Host. Origin has one.",
    "Let nginx keep the port ($host has none): proxy_set_header Host $http_host;",
    config=(Config("nginx, location { }", "proxy_set_header Host $http_host;"),),
)
DEVELOPMENT_PROXY = Cause(
    "development_proxy",
    "A proxy, such as Vite's development server, put its target into Host, or the page "
    "connects here directly. Origin and Host are two servers of this machine.",
    "Set changeOrigin: false in Vite, or proxy_set_header Host $http_host; in nginx; "
    "or add the page's origin to allowed_origins.",
)
OVERSIZED_COOKIES = Cause(
    "oversized_cookies",
    "More than half of the request is cookies.",
    "Set fewer or smaller cookies, or limit them to a path; or set "
    "WEBSOCKETS_MAX_LINE_LENGTH=65536 in the server's environment.",
)
NO_ROUTE = Cause(
    "no_route",
    "No WebSocket route of the application matches the path.",
    "Check the path, its prefix and a trailing slash: WebSockets are not redirected.",
)
PATH_PREFIX_DOUBLED = Cause(
    "path_prefix_doubled",
    "The path begins with the root path twice: the proxy does not strip it.",
    "Let the proxy strip the prefix, or leave --root-path out and put it into "
    "the routes.",
)
ORIGIN_DENIED_BY_APP = Cause(
    "origin_denied_by_app",
    "A framework in the application checks the Origin, and does not allow this one.",
    "Add the Origin of the page to those that the application allows: ALLOWED_HOSTS "
    "(Channels), cors_allowed_origins (python-socketio).",
)
SOCKETIO_BELOW_MOUNT = Cause(
    "socketio_below_mount",
    "socketio.ASGIApp is mounted below a path that its socketio_path lacks. It "
    "compares the whole path.",
    'For a mount at /ws: socketio.ASGIApp(sio, socketio_path="/ws/socket.io").',
)
HTTP_RESPONSE_ON_WEBSOCKET = Cause(
    "http_response_on_websocket",
    "The application, or a middleware in it, responded to a WebSocket with a plain "
    "HTTP response. Hardly any server can send that.",
    "Let that middleware pass scopes of type websocket on, or deny them with "
    "websocket.http.response.start.",
)

#: All causes, by code, in the order of the pages and the tables.
CAUSES: dict[str, Cause] = {
    cause.code: cause
    for cause in (
        PROXY_STRIPPED_UPGRADE,
        HTTP2_CLIENT,
        PROXY_SPEAKS_HTTP10,
        PROXY_MISWROTE_UPGRADE,
        UPGRADE_ON_EVERY_REQUEST,
        DUPLICATED_BY_PROXIES,
        RELAY_COPIED_HANDSHAKE,
        EXTENSION_BLANKED,
        INCOMPLETE_CLIENT,
        BROWSER_TAB,
        HEALTH_CHECK,
        PLAIN_HTTP_CLIENT,
        HAND_MADE_HANDSHAKE,
        NO_WEBSOCKET_SUPPORT,
        SERVER_READS_ONE_LINE,
        CONNECT_NOT_BRIDGED,
        BRIDGE_LOST_KEY,
        OLD_DRAFT,
        PROXY_REWROTE_HOST,
        PROXY_HID_HTTPS,
        PROXY_DROPPED_PORT,
        DEVELOPMENT_PROXY,
        OVERSIZED_COOKIES,
        NO_ROUTE,
        PATH_PREFIX_DOUBLED,
        ORIGIN_DENIED_BY_APP,
        SOCKETIO_BELOW_MOUNT,
        HTTP_RESPONSE_ON_WEBSOCKET,
    )
}
