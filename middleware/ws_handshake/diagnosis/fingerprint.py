"""Who took part in a request: proxies and clients, by the marks that they leave.

A mark is a field's name, or a word in Via or User-Agent; no value leaves this module.
Marks are hints: anybody can write them, so they order causes, and never make one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from ws_handshake.core.grammar import elements

if TYPE_CHECKING:
    from ws_handshake.core.request import RequestHead

Kind = Literal["browser", "websocket", "tool", "probe", "library", "unknown"]

# First match wins: the rarer mark stands before the one that several proxies leave.
# Measured with default configurations; nginx and HAProxy leave no mark at all.
_BY_FIELD: tuple[tuple[frozenset[bytes], str], ...] = (
    (frozenset([b"cf-ray"]), "Cloudflare"),
    (frozenset([b"x-amz-cf-id"]), "CloudFront"),
    (frozenset([b"x-amzn-trace-id"]), "AWS load balancer"),
    (frozenset([b"x-varnish"]), "Varnish"),
    (frozenset([b"x-envoy-expected-rq-timeout-ms"]), "Envoy"),
    (frozenset([b"x-envoy-external-address"]), "Envoy"),
    (frozenset([b"x-envoy-internal"]), "Envoy"),
    (frozenset([b"x-original-forwarded-for"]), "ingress-nginx"),
    (frozenset([b"x-scheme"]), "ingress-nginx"),
    (frozenset([b"x-host"]), "lighttpd"),
    (frozenset([b"x-forwarded-server", b"x-real-ip"]), "Traefik"),
    (frozenset([b"x-forwarded-server"]), "Apache"),
)
_PROTO = b"x-forwarded-proto"
_CADDYS = frozenset([b"x-forwarded-host", _PROTO])
_BY_VIA: tuple[tuple[bytes, str], ...] = (
    (b"google", "Google load balancer"),
    (b"cloudfront", "CloudFront"),
    (b"caddy", "Caddy"),
    (b"varnish", "Varnish"),
    (b"kong", "Kong"),
)
_MARKS = _CADDYS.union(*(fields for fields, _ in _BY_FIELD), [b"via"])
_FORWARDED = frozenset(
    [b"via", b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-real-ip"]
)
#: Fields of which a proxy leaves one at least, if it leaves anything.
PROXY_MARKS = _MARKS | _FORWARDED

_BROWSER = re.compile(rb"\AMozilla/5\.0 .*(?:Chrome|Firefox|Safari|Edg)/")
# Libraries that send whole handshakes, over HTTP/1.1, and nothing else.
_WEBSOCKET = re.compile(rb"\A(?:Python/[\d.]+ websockets|WebSocket\+\+)/")
_PROBE = re.compile(
    rb"ELB-HealthChecker|kube-probe|GoogleHC|Consul Health|Amazon-Route53|"
    rb"UptimeRobot|Pingdom|Prometheus/|blackbox",
    re.IGNORECASE,
)
_TOOL = re.compile(
    rb"\A(?:curl|Wget|HTTPie|PostmanRuntime|insomnia|Thunder Client)\b", re.IGNORECASE
)
_LIBRARY = re.compile(
    rb"\A(?:reqwest|hyper|Go-http-client|node|undici|Deno|python-httpx|okhttp|Java)\b",
    re.IGNORECASE,
)

_PRODUCTS: tuple[tuple[Kind, re.Pattern[bytes]], ...] = (
    ("tool", _TOOL),
    ("library", _LIBRARY),
)


def proxy_of(request: RequestHead) -> str:
    """Return the proxy that left its mark, or an empty string."""
    names = [name for name, _ in request.headers]
    known = _MARKS.intersection(names)
    if not known:
        return ""
    for fields, proxy in _BY_FIELD:
        if fields <= known:
            return proxy
    if known >= _CADDYS and _is_gos_order(names):
        return "Caddy"
    return proxy_in_via(b",".join(request.values(b"via")))


def proxy_in_via(via: bytes) -> str:
    """Return the proxy that a Via names, of a request or a response, or nothing."""
    value = via.lower()
    return next((proxy for word, proxy in _BY_VIA if word in value), "")


def _is_gos_order(names: list[bytes]) -> bool:
    """Go writes Host and User-Agent first, and all others sorted by name.

    User-Agent may be missing; Accept-Encoding is last where Go adds it itself. What
    has nothing but a proxy's own fields has no order to tell.
    """
    first = 2 if names[1] == b"user-agent" else 1
    last = -1 if names[-1] == b"accept-encoding" else None
    others = names[first:last]
    reported = names[0] == b"host" and not others[0].startswith(b"x-forwarded-")
    return reported and others == sorted(others)


def is_mapped_by_nginx(request: RequestHead) -> bool:
    """Return whether nginx forwards Upgrade, and there was none that it could forward.

    nginx writes what its operator set before what it makes itself: `close` before Host is
    what the map of its documentation says then. The other way round says nothing.
    """
    names = [name for name, _ in request.headers]
    if b"upgrade" in names or request.tokens(b"connection") != [b"close"]:
        return False
    return b"host" in names[names.index(b"connection") :]


def was_seen_whole(request: RequestHead) -> bool:
    """Return whether a proxy was asked for a WebSocket: Traefik notes ws or wss then."""
    return not {b"ws", b"wss"}.isdisjoint(request.tokens(_PROTO))


def came_over_http2(request: RequestHead) -> bool:
    """Return whether somebody noted that a hop was HTTP/2: Via, or Go of itself."""
    hops = elements(b",".join(request.values(b"via")))
    agent = b"".join(request.values(b"user-agent"))
    return agent.startswith(b"Go-http-client/2") or any(h[:1] == b"2" for h in hops)


def came_over_tls(request: RequestHead) -> bool | None:
    """Return whether the client came to a proxy over TLS; None where nobody noted it."""
    schemes = request.tokens(_PROTO)
    return any(s in {b"https", b"wss"} for s in schemes) if schemes else None


def is_behind_a_proxy(request: RequestHead) -> bool:
    """Return whether any proxy left a mark, known or not."""
    names = [name for name, _ in request.headers]
    if PROXY_MARKS.isdisjoint(names):
        return False
    return not _FORWARDED.isdisjoint(names) or bool(proxy_of(request))


def client_of(request: RequestHead) -> tuple[Kind, str]:
    """Return what kind of client it says it is, and the product in lower case."""
    agent = b" ".join(request.values(b"user-agent"))[:512]
    if _PROBE.search(agent):
        return "probe", ""
    if _BROWSER.search(agent):
        return "browser", ""
    if _WEBSOCKET.search(agent):
        return "websocket", ""
    for kind, pattern in _PRODUCTS:
        match = pattern.match(agent)
        if match is not None:
            return kind, match[0].decode("ascii").lower()
    return "unknown", ""
