"""For every cause, a request as that proxy or client sends it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from demo_app.inspector.trials.reasons import Never
from demo_app.inspector.trials.request import HANDSHAKE, VALID, Request


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Who does it, and the request on the wire.

    `by` is the proxy that makes it of what a client sent, `before`.
    """

    id: str
    title: str
    detail: str
    sends: Request | Never
    by: str = ""
    before: Request | None = None


_CHROME = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
)
_CHAT = ("chat.example.com",)
_ANOTHER_KEY = "Sec-WebSocket-Key: G6mEHn8UzehM4fCh8pczdg=="
_FORWARDED = "X-Forwarded-For: 203.0.113.9"

_BROWSER = replace(VALID.plus(_CHROME), exact=True)
_PLAIN = Request(headers=(), exact=True)
_OPENS_A_PAGE = _PLAIN.plus(
    _CHROME, "Accept: text/html,application/xhtml+xml", "Sec-Fetch-Mode: navigate"
)


def _from_a_page_at(origin: str) -> Request:
    """Return what a page sends to the server that it is from."""
    host = origin.partition("//")[2]
    return replace(_BROWSER.plus(f"Origin: {origin}"), hosts=(host,))


_HTTP_PAGE = _from_a_page_at("http://chat.example.com")
_HTTPS_PAGE = _from_a_page_at("https://chat.example.com")
_PORT_PAGE = _from_a_page_at("http://chat.example.com:8080")
_VITE_PAGE = _from_a_page_at("http://localhost:5173")

_PROXIES = (
    Behaviour(
        "proxy_stripped_upgrade",
        "nginx with proxy_pass alone",
        "nginx drops Upgrade and Connection (they are hop-by-hop) and speaks HTTP/1.0.",
        replace(
            _BROWSER.without("Upgrade").but("Connection: close"), version="HTTP/1.0"
        ),
        "nginx",
        _BROWSER,
    ),
    Behaviour(
        "proxy_speaks_http10",
        "nginx without proxy_http_version",
        "Upgrade and Connection are forwarded, but over HTTP/1.0.",
        replace(_BROWSER, version="HTTP/1.0"),
        "nginx",
        _BROWSER,
    ),
    Behaviour(
        "proxy_miswrote_upgrade",
        "nginx with one variable in both headers",
        "proxy_set_header Upgrade $connection_upgrade; where $http_upgrade should be.",
        _BROWSER.but("Upgrade: upgrade"),
        "nginx",
        _BROWSER,
    ),
    Behaviour(
        "upgrade_on_every_request",
        "nginx that upgrades every request",
        "A person opens a page, and nginx adds Upgrade: websocket to that, too.",
        _OPENS_A_PAGE.plus("Upgrade: websocket", "Connection: upgrade"),
        "nginx",
        _OPENS_A_PAGE,
    ),
    Behaviour(
        "duplicated_by_proxies",
        "Two proxies that both add the headers",
        "HAProxy adds headers that the proxy before it had already set.",
        _BROWSER.plus(*HANDSHAKE[2:]),
        "HAProxy",
        _BROWSER,
    ),
    Behaviour(
        "relay_copied_handshake",
        "A relay with two handshakes in one",
        "It dials a handshake of its own, and copies the client's headers on top.",
        _BROWSER.plus(_ANOTHER_KEY, HANDSHAKE[2]),
        "A relay",
        _BROWSER,
    ),
    Behaviour(
        "extension_blanked",
        "A firewall that wants no compression",
        "It writes spaces over the word deflate, wherever that stands.",
        _BROWSER.plus("Sec-WebSocket-Extensions: x-webkit-       -frame"),
        "A firewall",
        _BROWSER.plus("Sec-WebSocket-Extensions: x-webkit-deflate-frame"),
    ),
    Behaviour(
        "bridge_lost_key",
        "A proxy that turns HTTP/2 into HTTP/1.1",
        "A WebSocket over HTTP/2 has no key, and this proxy did not make one.",
        replace(
            _BROWSER.without("Sec-WebSocket-Key").plus(
                "X-Forwarded-Proto: https",
                "X-Request-Id: 1b4e28ba-2fa1-11d2-883f-0016d3cca427",
                "X-Envoy-Expected-Rq-Timeout-Ms: 15000",
            ),
            hosts=_CHAT,
        ),
        "Envoy",
    ),
    Behaviour(
        "proxy_rewrote_host",
        "Apache without ProxyPreserveHost",
        "The page's Origin no longer matches the Host, which the proxy replaced.",
        replace(_HTTP_PAGE, hosts=VALID.hosts).plus(
            _FORWARDED,
            "X-Forwarded-Host: chat.example.com",
            "X-Forwarded-Server: www.example.com",
        ),
        "Apache",
        _HTTP_PAGE,
    ),
    Behaviour(
        "proxy_hid_https",
        "A proxy that ends TLS and does not say so",
        "The page is https, and the server sees plain http at the same address.",
        _HTTPS_PAGE.plus(_FORWARDED),
        "A proxy",
        _HTTPS_PAGE,
    ),
    Behaviour(
        "proxy_dropped_port",
        "nginx with $host in place of $http_host",
        "The page's Origin has a port, and nginx took it out of Host.",
        replace(_PORT_PAGE, hosts=_CHAT).plus(_FORWARDED),
        "nginx",
        _PORT_PAGE,
    ),
    Behaviour(
        "development_proxy",
        "Vite with changeOrigin",
        "The page comes from Vite, which puts the address of its target into Host.",
        replace(_VITE_PAGE, hosts=("127.0.0.1:3000",)),
        "Vite",
        _VITE_PAGE,
    ),
    Behaviour(
        "health_check",
        "A load balancer's health check",
        "It sends plain HTTP to the path of the WebSocket every few seconds.",
        _PLAIN.plus("User-Agent: ELB-HealthChecker/2.0", "Accept-Encoding: gzip"),
    ),
)

_CLIENTS = (
    Behaviour("valid", "A valid handshake", "Nothing is wrong with it.", VALID),
    Behaviour(
        "http2_client",
        "A client that agreed on HTTP/2",
        "reqwest sends the key over HTTP/2, which has no Upgrade; Caddy passes it on.",
        replace(
            VALID.without("Upgrade", "Connection").plus(
                "User-Agent: reqwest/0.12",
                "Accept-Encoding: gzip",
                _FORWARDED,
                "X-Forwarded-Host: chat.example.com",
                "X-Forwarded-Proto: https",
            ),
            hosts=_CHAT,
            exact=True,
        ),
        "Caddy",
    ),
    Behaviour(
        "incomplete_client",
        "A charger that forgets Connection",
        "Its firmware sends Upgrade, the key and the version, and no Connection.",
        VALID.without("Connection"),
    ),
    Behaviour(
        "browser_tab",
        "A browser that opens /ws by hand",
        "A person typed the address; the response to a browser is a page.",
        _OPENS_A_PAGE.plus("Sec-Fetch-Dest: document"),
    ),
    Behaviour(
        "plain_http_client",
        "Postman in its HTTP mode",
        "A plain request, sent from the tab for HTTP and not the one for WebSockets.",
        _PLAIN.plus("User-Agent: PostmanRuntime/7.43.0", "Accept: */*"),
    ),
    Behaviour(
        "hand_made_handshake",
        "curl with half a handshake",
        "These are the two headers that people copy, without the key and the version.",
        _PLAIN.plus("User-Agent: curl/8.5.0", "Accept: */*", *HANDSHAKE[:2]),
    ),
    Behaviour(
        "old_draft",
        "A client from 2011",
        "It speaks draft 8, which is older than RFC 6455.",
        replace(VALID.but("Sec-WebSocket-Version: 8"), exact=True).plus(
            "Sec-WebSocket-Origin: http://chat.example.com"
        ),
    ),
    Behaviour(
        "oversized_cookies",
        "A browser with large cookies",
        "They take 9,000 bytes, and a line may have 8,192.",
        replace(
            VALID.plus(f"Cookie: session={'0' * 9000}"),
            typed='-H "Cookie: session=$(printf %09000d 0)"',
        ),
    ),
    Behaviour(
        "http2_preface",
        "A client that begins with HTTP/2",
        "It assumes HTTP/2 on both sides. This is no handshake, and there is no event.",
        Request((), "PRI", "*", "HTTP/2.0", (), "SM\n\n", exact=True),
    ),
)

_ROUTES = (
    Behaviour(
        "no_route",
        "One slash too many",
        "The handshake is valid, but the application has no WebSocket at /ws/.",
        replace(VALID, path="/ws/", exact=True),
    ),
    Behaviour(
        "path_prefix_doubled",
        "A prefix that the proxy does not strip",
        "The path begins with the root path twice.",
        Never("This server was started without --root-path."),
    ),
    Behaviour(
        "origin_denied_by_app",
        "A framework that denies the Origin",
        "Channels and python-socketio check the Origin by themselves, and close.",
        Never("This application leaves the Origin to ws-handshake."),
    ),
    Behaviour(
        "socketio_below_mount",
        "Socket.IO below a mount",
        "socketio.ASGIApp compares the whole path with its own, without the mount's.",
        Never("There is no Socket.IO in this application."),
    ),
)

_SERVERS = (
    Behaviour(
        "server_reads_one_line",
        "A list where servers expect one word",
        "It is valid. uvicorn alone does not read the list; our protocol class does.",
        replace(VALID.but("Upgrade: h2c, websocket"), exact=True),
    ),
    Behaviour(
        "no_websocket_support",
        "A server without a WebSocket library",
        "The handshake is valid, and reaches the application as plain HTTP.",
        Never("This server has wsproto; one that was started with --ws none has none."),
    ),
    Behaviour(
        "connect_not_bridged",
        "A WebSocket over HTTP/2",
        "The server announced Extended CONNECT (RFC 8441), but does not support it.",
        Never("This server does not speak HTTP/2, so it announces nothing."),
    ),
    Behaviour(
        "http_response_on_websocket",
        "A middleware that responds as if to HTTP",
        "It ignores the type of the scope; hardly any server can send its response.",
        Never("The middlewares of this application look at the type of the scope."),
    ),
)

#: By what people know of it.
BEHAVIOURS: dict[str, tuple[Behaviour, ...]] = {
    "A proxy": _PROXIES,
    "A client": _CLIENTS,
    "A route": _ROUTES,
    "A server": _SERVERS,
}
