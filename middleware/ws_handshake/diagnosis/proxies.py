"""The catalogue of proxies: one row for each, with its marks and its fix.

A mark is a field's name, or a word in Via or Server. Anyone can write one, so marks
order causes and name a proxy; they never make a cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

Fields = tuple[bytes, ...]

_NGINX = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "


@dataclass(frozen=True, slots=True)
class Proxy:
    """What is known of a proxy: how it forwards Upgrade, and how it is recognised.

    All marks are in lower case.
    """

    #: How a cause names it.
    name: str
    #: The lines that make it forward Upgrade and Connection.
    fix: str
    #: Names of fields that it adds to a request: all of one group.
    request_fields: tuple[Fields, ...] = ()
    #: Names that it adds, and that are its mark where Go has written the request.
    go_fields: Fields = ()
    #: What it writes into Via, of a request or a response.
    via: bytes = b""
    #: Names of fields that it adds to a response: any of them.
    response_fields: Fields = ()
    #: How Server begins in a response that it has written or passed on.
    server: Fields = ()
    #: It forwards both fields unless it is configured not to, and neither where the
    #: client left one out; True only where that was measured.
    forwards_both_or_none: bool = False
    #: Unless it is configured, it speaks HTTP/1.0 to the server.
    http10_by_default: bool = False
    #: What it writes into Connection in place of the client's, where that alone gives
    #: it away: over HTTP/1.0 if that is its default, else where Upgrade is gone too.
    own_connection: bytes | None = None
    #: The status with which it rejects handshakes itself, unless it is configured.
    rejects_with: HTTPStatus | None = None


#: A proxy that left no mark of its own.
UNKNOWN_PROXY = Proxy(
    "a proxy",
    f"nginx: {_NGINX}proxy_set_header Connection upgrade; "
    "Apache: ProxyPass /ws http://app:8000/ws upgrade=websocket",
)

#: What forwards Upgrade where Connection came through, which most proxies drop with it.
FORWARDING_UPGRADE = (
    "nginx: proxy_set_header Upgrade $http_upgrade; "
    "HAProxy: drop http-request del-header Upgrade"
)

# The order counts where two have left a mark of the same kind: those at the edge stand
# first, and a mark that several leave stands last.
_ROWS = (
    Proxy(
        "Cloudflare",
        "Cloudflare: Network > WebSockets on; cloudflared --protocol http2",
        request_fields=((b"cf-ray",),),
        response_fields=(b"cf-ray",),
        server=(b"cloudflare",),
    ),
    Proxy(
        "CloudFront",
        "CloudFront: origin request policy AllViewer",
        request_fields=((b"x-amz-cf-id",),),
        via=b"cloudfront",
        response_fields=(b"x-amz-cf-id",),
        server=(b"cloudfront",),
    ),
    Proxy(
        "Amazon API Gateway",
        "API Gateway: an HTTP integration carries no WebSocket; lead clients past it, "
        "to an ALB or NLB",
        request_fields=((b"x-amzn-apigateway-api-id",),),
        response_fields=(b"x-amz-apigw-id",),
    ),
    Proxy(
        "AWS load balancer",
        "AWS: an ALB or NLB; a Classic ELB needs a TCP listener",
        request_fields=((b"x-amzn-trace-id",),),
        server=(b"awselb",),
    ),
    Proxy(
        "Google load balancer",
        "Cloud Run: no end-to-end HTTP/2 (--no-use-http2)",
        via=b"google",
        server=(b"google frontend",),
    ),
    Proxy(
        "Varnish",
        'Varnish: sub vcl_recv { if (req.http.upgrade ~ "(?i)websocket") '
        "{ return (pipe); } } sub vcl_pipe { set bereq.http.upgrade = "
        "req.http.upgrade; set bereq.http.connection = req.http.connection; }",
        request_fields=((b"x-varnish",),),
        via=b"varnish",
        response_fields=(b"x-varnish",),
        server=(b"varnish",),
    ),
    Proxy(
        "Kong",
        "Kong: protocols http and https, not grpc, on the service",
        via=b"kong",
        response_fields=(b"x-kong-upstream-latency", b"x-kong-response-latency"),
        server=(b"kong",),
    ),
    Proxy(
        "Envoy",
        "Envoy: upgrade_configs: [{upgrade_type: websocket}]",
        request_fields=(
            (b"x-envoy-expected-rq-timeout-ms",),
            (b"x-envoy-external-address",),
            (b"x-envoy-internal",),
        ),
        response_fields=(b"x-envoy-upstream-service-time",),
        server=(b"envoy", b"istio-envoy"),
        forwards_both_or_none=True,
        rejects_with=HTTPStatus.FORBIDDEN,
    ),
    Proxy(
        "nginx",
        "nginx: map $http_upgrade $connection_upgrade { default upgrade; "
        f"'' close; }} {_NGINX}proxy_set_header Connection $connection_upgrade;",
        server=(b"nginx", b"openresty"),
        http10_by_default=True,
        own_connection=b"close",
    ),
    Proxy(
        "ingress-nginx",
        "Use an Ingress without proxy-set-headers for Connection; "
        'annotate nginx.ingress.kubernetes.io/proxy-http-version: "1.1"',
        request_fields=((b"x-original-forwarded-for",), (b"x-scheme",)),
    ),
    Proxy(
        "lighttpd",
        'lighttpd: proxy.header = ( "upgrade" => "enable" )',
        request_fields=((b"x-host",),),
        server=(b"lighttpd",),
    ),
    Proxy(
        "Traefik",
        "Traefik: drop the customRequestHeaders for Upgrade and Connection",
        request_fields=((b"x-forwarded-server", b"x-real-ip"),),
        forwards_both_or_none=True,
    ),
    Proxy(
        "Apache",
        "Apache: ProxyPass /ws http://app:8000/ws upgrade=websocket",
        request_fields=((b"x-forwarded-server",),),
        server=(b"apache",),
        own_connection=b"keep-alive",
    ),
    Proxy(
        "Caddy",
        "Caddy: drop header_up -Upgrade and header_up -Connection",
        go_fields=(b"x-forwarded-host", b"x-forwarded-proto"),
        via=b"caddy",
        server=(b"caddy",),
        forwards_both_or_none=True,
    ),
    Proxy(
        "HAProxy",
        "HAProxy: drop http-request del-header Upgrade",
    ),
)

#: All proxies, by name.
PROXIES: dict[str, Proxy] = {proxy.name: proxy for proxy in _ROWS}


def proxy_in_via(via: bytes) -> Proxy | None:
    """Return the proxy that a Via names, of a request or a response."""
    value = via.lower()
    named = (proxy for proxy in _ROWS if proxy.via and proxy.via in value)
    return next(named, None)
