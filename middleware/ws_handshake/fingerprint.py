"""Who took part in a request: proxies and clients, by the marks that they leave.

A mark is a field's name, or a word in Via or User-Agent; no value leaves this module.
Marks are hints: anybody can write them, so they order causes, and never make one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ws_handshake.head import RequestHead

Kind = Literal["browser", "tool", "probe", "library", "unknown"]

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
_CADDYS = frozenset([b"x-forwarded-host", b"x-forwarded-proto"])
_BY_VIA: tuple[tuple[bytes, str], ...] = (
    (b"google", "Google load balancer"),
    (b"cloudfront", "CloudFront"),
    (b"caddy", "Caddy"),
    (b"varnish", "Varnish"),
    (b"kong", "Kong"),
)
_FORWARDED = frozenset(
    [b"via", b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-real-ip"]
)

_BROWSER = re.compile(rb"\AMozilla/5\.0 .*(?:Chrome|Firefox|Safari|Edg)/")
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


def proxy_of(head: RequestHead) -> str:
    """Return the proxy that left its mark, or an empty string."""
    names = [name for name, _ in head.headers]
    for fields, proxy in _BY_FIELD:
        if fields <= set(names):
            return proxy
    if set(names) >= _CADDYS and _is_gos_order(names):
        return "Caddy"
    via = b",".join(head.values(b"via")).lower()
    return next((proxy for word, proxy in _BY_VIA if word in via), "")


def _is_gos_order(names: list[bytes]) -> bool:
    """Go writes Host and User-Agent first, and all others sorted by name."""
    return names[:2] == [b"host", b"user-agent"] and names[2:] == sorted(names[2:])


def wrote_connection_first(head: RequestHead) -> bool:
    """Say whether Connection stands before Host.

    nginx writes what its owner set before what it makes itself: its owner set
    Connection then, and nginx saw no Upgrade. The other way round says nothing.
    """
    names = [name for name, _ in head.headers]
    return b"connection" in names[: names.index(b"host")] if b"host" in names else False


def is_behind_a_proxy(head: RequestHead) -> bool:
    """Say whether any proxy left a mark, known or not."""
    return bool(proxy_of(head)) or any(name in _FORWARDED for name, _ in head.headers)


def client_of(head: RequestHead) -> tuple[Kind, str]:
    """Return what kind of client it says it is, and the product in lower case."""
    agent = b" ".join(head.values(b"user-agent"))[:512]
    if _PROBE.search(agent):
        return "probe", ""
    if _BROWSER.search(agent):
        return "browser", ""
    for kind, pattern in _PRODUCTS:
        match = pattern.match(agent)
        if match is not None:
            return kind, match[0].decode("ascii").lower()
    return "unknown", ""
