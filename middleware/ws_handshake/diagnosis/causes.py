"""The catalogue of causes: who or what is behind several violations, and the fix.

`detail` says what happened, `fix` is one or two lines to type somewhere. Codes are
stable: added, never renamed; each has its page, `docs/causes/<code>.md`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Certainty(IntEnum):
    """How sure a cause is; the order is that in which causes are named."""

    CERTAIN = 3
    VERY_LIKELY = 2
    LIKELY = 1
    POSSIBLE = 0

    def __str__(self) -> str:
        """Return the token that stands in the response, the log and the JSON."""
        return self.name.lower()


class Cause(NamedTuple):
    """What is behind the violations, how sure that is, and what to do about it."""

    code: str
    detail: str
    fix: str
    certainty: Certainty = Certainty.CERTAIN

    def as_certain_as(self, certainty: Certainty, **changes: str) -> Cause:
        """Return the cause with another certainty, and a better detail or fix."""
        return self._replace(certainty=certainty, **changes)


PROXY_STRIPPED_UPGRADE = Cause(
    "proxy_stripped_upgrade",
    "A proxy took Upgrade and Connection out of the request, as it does with "
    "hop-by-hop fields unless it is configured to forward them.",
    "Let the proxy in front of this server forward Upgrade and Connection.",
)
HTTP2_CLIENT = Cause(
    "http2_client",
    "The client agreed on HTTP/2 in the TLS handshake (ALPN), where there is no "
    "Upgrade, and then sent an HTTP/1.1 handshake.",
    "Let the client offer nothing but http/1.1 in ALPN.",
)
PROXY_SPEAKS_HTTP10 = Cause(
    "proxy_speaks_http10",
    "The handshake is complete but for its HTTP/1.0: a proxy forwards Upgrade and "
    "Connection and speaks HTTP/1.0 to this server.",
    "nginx: proxy_http_version 1.1;",
)
DUPLICATED_BY_PROXIES = Cause(
    "duplicated_by_proxies",
    "The same field is there twice with the same value: two hops in a row set it.",
    "Let only the proxy next to this server set handshake fields; drop the other's "
    "proxy_set_header or add-header lines.",
)
BROWSER_TAB = Cause(
    "browser_tab",
    "A person opened the address of a WebSocket endpoint in a browser tab.",
    "Nothing is broken; connect with new WebSocket(url) from a page.",
)
HEALTH_CHECK = Cause(
    "health_check",
    "A health check or monitor asks a WebSocket endpoint with plain HTTP.",
    "Point the check at a plain HTTP path, such as /health.",
)
PLAIN_HTTP_CLIENT = Cause(
    "plain_http_client",
    "An HTTP client asks a WebSocket endpoint with plain HTTP.",
    "Use a WebSocket client; in Postman: New > WebSocket.",
)
HAND_MADE_HANDSHAKE = Cause(
    "hand_made_handshake",
    "A handshake put together by hand is not complete.",
    "curl --http1.1 needs -H for Upgrade, Connection, Sec-WebSocket-Key and -Version; "
    "websocat or wscat send them by themselves.",
)
NO_WEBSOCKET_SUPPORT = Cause(
    "no_websocket_support",
    "The handshake reached the application as plain HTTP: this server has no "
    "WebSocket library, or WebSockets are switched off.",
    "pip install 'uvicorn[standard]' where the server runs, and drop --ws none.",
)
SERVER_READS_ONE_LINE = Cause(
    "server_reads_one_line",
    "Upgrade or Connection is a list or has several lines, of which this server reads "
    "only a part, so it took the handshake for plain HTTP.",
    "uvicorn: --http ws_handshake.uvicorn:AutoHTTPProtocol",
)
CONNECT_NOT_BRIDGED = Cause(
    "connect_not_bridged",
    "The client used Extended CONNECT (RFC 8441), and the server announced it but "
    "passed it on as plain HTTP.",
    "Switch HTTP/2 off at this server, or use one that bridges it, such as Hypercorn.",
)
BRIDGE_LOST_KEY = Cause(
    "bridge_lost_key",
    "Everything but the key is there: a proxy turned an HTTP/2 WebSocket, which has no "
    "key, into HTTP/1.1 without making one.",
    "Let that proxy offer nothing but http/1.1 in ALPN to the clients.",
)
OLD_DRAFT = Cause(
    "old_draft",
    "The client speaks a draft from before RFC 6455 (2011).",
    "Update the client, or the library that it uses.",
)
PROXY_REWROTE_HOST = Cause(
    "proxy_rewrote_host",
    "Origin and Host differ because a proxy put its upstream's name into Host.",
    "nginx: proxy_set_header Host $http_host; Apache: ProxyPreserveHost On",
)
PROXY_HID_HTTPS = Cause(
    "proxy_hid_https",
    "The page came over https, and this server takes the request for plain http: TLS "
    "ends at a proxy that does not say so, or that uvicorn does not trust.",
    "nginx: proxy_set_header X-Forwarded-Proto $scheme; and start uvicorn with "
    "--forwarded-allow-ips and the address of the proxy.",
)
PROXY_DROPPED_PORT = Cause(
    "proxy_dropped_port",
    "Origin has a port and Host has none: a proxy took it out of Host.",
    "nginx: proxy_set_header Host $http_host; ($host has no port).",
)
DEVELOPMENT_PROXY = Cause(
    "development_proxy",
    "Origin and Host are two servers of this machine: a proxy, such as Vite's "
    "development server, put its target into Host, or the page connects here directly.",
    "Vite: changeOrigin: false; nginx: proxy_set_header Host $http_host; or add the "
    "page's origin to allowed_origins.",
)
OVERSIZED_COOKIES = Cause(
    "oversized_cookies",
    "Most of what is too large in the request is its cookies.",
    "Shrink or path-scope the cookies; or WEBSOCKETS_MAX_LINE_LENGTH=65536.",
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
    "socketio.ASGIApp is mounted below a path, and compares the whole path with its "
    "socketio_path, which lacks that of the mount.",
    'For a mount at /ws: socketio.ASGIApp(sio, socketio_path="/ws/socket.io").',
)
HTTP_RESPONSE_ON_WEBSOCKET = Cause(
    "http_response_on_websocket",
    "The application, or a middleware within, responded to a WebSocket as if it were a "
    "plain request, which hardly any server can send.",
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
        DUPLICATED_BY_PROXIES,
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
