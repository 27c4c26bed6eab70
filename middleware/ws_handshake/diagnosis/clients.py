"""The catalogue of clients: one row for each, by what it writes into User-Agent.

Anyone can write one: what a client calls itself orders causes, and never makes one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ws_handshake.core.request import RequestHead

Kind = Literal["health check", "browser", "websocket", "tool", "library", "unknown"]

_LOOKED_AT = 512


@dataclass(frozen=True, slots=True)
class Client:
    """What is known of a client: its kind, and how it stays with HTTP/1.1."""

    #: What it calls itself in User-Agent; a health check may do so anywhere in it.
    product: str
    #: A `websocket` client is a library that sends whole handshakes, over HTTP/1.1.
    kind: Kind
    #: What keeps it from offering HTTP/2.
    http1_only: str = (
        "reqwest: Client::builder().http1_only(); curl: --http1.1; "
        "Go: TLSNextProto set to an empty map; undici: allowH2: false"
    )
    #: What stands before the product, as a regular expression.
    after: str = ""


#: A client that does not name itself, or that has no row.
UNKNOWN_CLIENT = Client("", "unknown")

_ROWS = (
    Client("ELB-HealthChecker", "health check"),
    Client("kube-probe", "health check"),
    Client("GoogleHC", "health check"),
    Client("Consul Health", "health check"),
    Client("Amazon-Route53", "health check"),
    Client("UptimeRobot", "health check"),
    Client("Pingdom", "health check"),
    Client("Prometheus/", "health check"),
    Client("blackbox", "health check"),
    # each of these claims to be the next ones too
    Client("Edg", "browser"),
    Client("Chrome", "browser"),
    Client("Safari", "browser"),
    Client("Firefox", "browser"),
    Client("websockets", "websocket", after=r"Python/[\d.]+ "),
    Client("WebSocket++", "websocket"),
    # they speak HTTP/1.1 alone, and their WebSocket clients name them
    Client("aiohttp", "websocket", after=r"Python/[\d.]+ "),
    Client("Dart", "websocket"),
    Client("curl", "tool", "curl: --http1.1"),
    Client("Wget", "tool"),
    Client("HTTPie", "tool"),
    Client("PostmanRuntime", "tool"),
    Client("insomnia", "tool"),
    Client("Thunder Client", "tool"),
    Client("reqwest", "library", "reqwest: Client::builder().http1_only()"),
    Client(
        "hyper",
        "library",
        "hyper: offer only http/1.1 in ALPN (rustls: alpn_protocols)",
    ),
    Client(
        "Go-http-client",
        "library",
        "Go: Transport.TLSNextProto = map[string]func(...){} (not nil)",
    ),
    Client("node", "library", "undici: new Agent({allowH2: false})"),
    Client("undici", "library", "undici: new Agent({allowH2: false})"),
    Client("Deno", "library", "Deno: Deno.createHttpClient({http2: false})"),
    Client("python-httpx", "library", "httpx: Client(http2=False)"),
    Client("okhttp", "library", "OkHttp: protocols(listOf(Protocol.HTTP_1_1))"),
    Client("Java", "library", "Java: HttpClient.newBuilder().version(HTTP_1_1)"),
)

#: All clients, by product.
CLIENTS: dict[str, Client] = {client.product: client for client in _ROWS}

# Where in a User-Agent the products of a kind stand; the first kind that matches wins.
_PLACES: tuple[tuple[Kind, str], ...] = (
    ("health check", r"(?i)%s"),
    ("browser", r"\AMozilla/5\.0 .*(?:%s)/"),
    ("websocket", r"\A(?:%s)/"),
    ("tool", r"(?i)\A(?:%s)\b"),
    ("library", r"(?i)\A(?:%s)\b"),
)
_WRITTEN = [(client.kind, client.after + re.escape(client.product)) for client in _ROWS]
_PATTERNS = [
    (kind, re.compile((place % "|".join(w for k, w in _WRITTEN if k == kind)).encode()))
    for kind, place in _PLACES
]


_is_tool = dict(_PATTERNS)["tool"].search


def client_of(request: RequestHead) -> Client:
    """Return the row of the client that User-Agent names, or `UNKNOWN_CLIENT`."""
    agent = _agent(request)
    for kind, pattern in _PATTERNS:
        match = pattern.search(agent)
        if match is not None:
            named = match[0].decode("latin-1").lower()
            of_kind = (c for c in _ROWS if c.kind == kind)
            return next(c for c in of_kind if c.product.lower() in named)
    return UNKNOWN_CLIENT


def is_tool(request: RequestHead) -> bool:
    """Return whether `client_of` is a tool; of most requests one search says no."""
    if _is_tool(_agent(request)) is None:
        return False
    return client_of(request).kind == "tool"


def _agent(request: RequestHead) -> bytes:
    return b" ".join(request.values(b"user-agent"))[:_LOOKED_AT]
