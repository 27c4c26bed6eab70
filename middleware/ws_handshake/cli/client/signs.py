"""Which proxy and which server responded, by the marks in the response.

The names are those of `causes.FORWARDING`. HAProxy and Traefik leave none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ws_handshake.core.redaction import shown
from ws_handshake.diagnosis.fingerprint import proxy_in_via

if TYPE_CHECKING:
    from ws_handshake.cli.client.response import Response

# First match wins: an edge network stands before what may be behind it.
_BY_FIELD: tuple[tuple[bytes, str], ...] = (
    (b"cf-ray", "Cloudflare"),
    (b"x-amz-cf-id", "CloudFront"),
    (b"x-varnish", "Varnish"),
    (b"x-kong-upstream-latency", "Kong"),
    (b"x-kong-response-latency", "Kong"),
    (b"x-envoy-upstream-service-time", "Envoy"),
)
_BY_SERVER: tuple[tuple[bytes, str], ...] = (
    (b"cloudflare", "Cloudflare"),
    (b"cloudfront", "CloudFront"),
    (b"awselb", "AWS load balancer"),
    (b"google frontend", "Google load balancer"),
    (b"istio-envoy", "Envoy"),
    (b"envoy", "Envoy"),
    (b"nginx", "nginx"),
    (b"openresty", "nginx"),
    (b"apache", "Apache"),
    (b"caddy", "Caddy"),
    (b"lighttpd", "lighttpd"),
    (b"varnish", "Varnish"),
    (b"kong", "Kong"),
)


def proxy_of(response: Response) -> str:
    """Return the proxy that left its mark in the response, or an empty string."""
    names = {name.lower() for name, _ in response.headers}
    for name, proxy in _BY_FIELD:
        if name in names:
            return proxy
    server = b",".join(response.values(b"server")).lower()
    for product, proxy in _BY_SERVER:
        if server.startswith(product) or b"," + product in server:
            return proxy
    return proxy_in_via(b",".join(response.values(b"via")))


def server_of(response: Response) -> str:
    """Return the Server header, as it may be shown."""
    return shown(b", ".join(response.values(b"server")))
