"""The catalogue of proxies: one row for each program, and all of them by name."""

from __future__ import annotations

from http import HTTPStatus

from ws_handshake.diagnosis.cause import Config
from ws_handshake.diagnosis.causes import NGINX_HTTP, NGINX_LOCATION
from ws_handshake.diagnosis.forward_proxies import FORWARD_PROXIES
from ws_handshake.diagnosis.platforms import PLATFORMS
from ws_handshake.diagnosis.proxy import MEASURED, PUBLISHED, Proxy

_NGINX = (
    "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
    "proxy_set_header Connection upgrade;"
)
_APISIX = Config("APISIX, route", "enable_websocket: true")
_APACHE = Config(
    "Apache, <VirtualHost>",
    'ProxyPass "/ws" "http://app:8000/ws" upgrade=websocket',
)
_CADDY = Config(
    "Caddyfile, in place of reverse_proxy and its block", "reverse_proxy app:8000"
)

#: A proxy that left a mark, but none of its own.
UNKNOWN_PROXY = Proxy(
    name="A proxy",
    fix=f"Let it forward Upgrade and Connection; in nginx: {_NGINX} in Apache: "
    "upgrade=websocket; in APISIX: enable_websocket: true; in a Classic ELB: a TCP "
    "listener.",
    seen=MEASURED,
    config=(NGINX_HTTP, NGINX_LOCATION, _APACHE, _APISIX),
)

#: Someone on the way who left no mark at all.
UNSEEN = Proxy(
    name="A proxy or firewall",
    fix="If it stands on the client's side, connect over wss://; if it is your own, "
    f"let it forward Upgrade and Connection, in nginx: {_NGINX}",
    seen=MEASURED,
    config=(NGINX_HTTP, NGINX_LOCATION, _APACHE),
)

#: Who removes Upgrade, and lets Connection through.
DELETING_UPGRADE = Proxy(
    name="A proxy",
    fix="Let it forward Upgrade, too: in nginx proxy_set_header Upgrade $http_upgrade; "
    "in HAProxy without http-request del-header Upgrade; or look for a proxy before "
    "it: a Classic ELB needs a TCP listener, one in the client's network wss://.",
    seen=MEASURED,
    config=(
        Config("nginx, location { }", "proxy_set_header Upgrade $http_upgrade;"),
        Config(
            "HAProxy, in place of http-request del-header Upgrade",
            "http-request del-header Upgrade unless { req.hdr(Upgrade) -i websocket }",
        ),
    ),
)

#: Who stands on the client's side, as far as it shows: no one forwarded an address.
ON_CLIENT_SIDE = Proxy(
    name="A firewall or forward proxy in the client's network",
    fix="Connect over wss://, which it passes on unread; if it is a proxy of yours, "
    "let it forward Upgrade and Connection.",
    seen="https://github.com/overleaf/overleaf/issues/401",
    on_client_side=True,
)

# At the top are those at the edge.
_SERVER_SIDE = (
    Proxy(
        name="Varnish",
        fix="Let Varnish pipe WebSockets: return (pipe) for Upgrade in vcl_recv, and "
        "set bereq.http.upgrade and bereq.http.connection in vcl_pipe.",
        seen=MEASURED,
        config=(
            Config(
                "Varnish, default.vcl",
                "sub vcl_recv {\n"
                '  if (req.http.upgrade ~ "(?i)websocket") { return (pipe); }\n'
                "}\n"
                "sub vcl_pipe {\n"
                "  set bereq.http.upgrade = req.http.upgrade;\n"
                "  set bereq.http.connection = req.http.connection;\n"
                "}",
            ),
        ),
        request_fields=((b"x-varnish",),),
        strips_by_default=True,
        via=(b"varnish",),
        response_fields=(b"x-varnish",),
        server=(b"varnish",),
    ),
    Proxy(
        name="Kong",
        fix="Give the service in Kong the protocol http or https, not grpc.",
        seen=PUBLISHED,
        config=(Config("Kong, service", "protocol: http"),),
        request_fields=((b"x-kong-request-id",), (b"x-forwarded-path", b"x-real-ip")),
        via=(b"kong",),
        response_fields=(b"x-kong-upstream-latency", b"x-kong-response-latency"),
        server=(b"kong",),
    ),
    Proxy(
        name="APISIX",
        fix="Switch WebSockets on for the route in APISIX: enable_websocket: true.",
        seen=PUBLISHED,
        config=(_APISIX,),
        response_fields=(b"x-apisix-upstream-status",),
        server=(b"apisix",),
    ),
    Proxy(
        name="Istio",
        fix="Keep Istio from speaking HTTP/2 to this service, in its DestinationRule: "
        "h2UpgradePolicy: DO_NOT_UPGRADE.",
        seen=PUBLISHED,
        config=(
            Config(
                "Istio, DestinationRule, spec.trafficPolicy.connectionPool.http",
                "h2UpgradePolicy: DO_NOT_UPGRADE",
            ),
        ),
        request_fields=(
            (b"x-envoy-peer-metadata",),
            (b"x-envoy-peer-metadata-id",),
            (b"x-envoy-decorator-operation",),
        ),
        server=(b"istio-envoy",),
        forwards_both_or_none=True,
    ),
    Proxy(
        name="Envoy",
        fix="Let Envoy upgrade: upgrade_configs: [{upgrade_type: websocket}].",
        seen=MEASURED,
        config=(
            Config(
                "Envoy, HttpConnectionManager",
                "upgrade_configs:\n  - upgrade_type: websocket",
            ),
        ),
        request_fields=(
            (b"x-envoy-expected-rq-timeout-ms",),
            (b"x-envoy-external-address",),
            (b"x-envoy-internal",),
            (b"x-envoy-attempt-count",),
        ),
        response_fields=(b"x-envoy-upstream-service-time",),
        server=(b"envoy",),
        forwards_both_or_none=True,
        rejects_with=HTTPStatus.FORBIDDEN,
    ),
    Proxy(
        name="nginx",
        fix=f"Let nginx forward Upgrade and Connection: {_NGINX}",
        seen=MEASURED,
        config=(NGINX_HTTP, NGINX_LOCATION),
        server=(b"nginx", b"openresty"),
        strips_by_default=True,
        http10_by_default=True,
    ),
    Proxy(
        name="ingress-nginx",
        fix="Look for a proxy in front of ingress-nginx, which forwards both: a "
        "Classic ELB needs a TCP listener in place of an HTTP one; or drop Connection "
        "from the proxy-set-headers of ingress-nginx.",
        seen="https://github.com/kubernetes/ingress-nginx/blob/main/rootfs/etc/nginx/"
        "template/nginx.tmpl",
        config=(
            Config(
                "Service of ingress-nginx (Classic ELB), metadata.annotations",
                "service.beta.kubernetes.io/aws-load-balancer-backend-protocol: tcp",
            ),
        ),
        request_fields=(
            (b"x-original-forwarded-for",),
            (
                *(b"x-scheme", b"x-forwarded-scheme", b"x-forwarded-proto"),
                *(b"x-forwarded-for", b"x-real-ip", b"x-request-id"),
            ),
        ),
        forwards_both_or_none=True,
    ),
    Proxy(
        name="Nginx Proxy Manager",
        fix="Switch Websockets Support on for the proxy host in Nginx Proxy Manager.",
        seen="https://github.com/NginxProxyManager/nginx-proxy-manager/blob/develop/"
        "docker/rootfs/etc/nginx/conf.d/include/proxy.conf",
        request_fields=(
            (
                *(b"x-forwarded-scheme", b"x-forwarded-proto"),
                *(b"x-forwarded-for", b"x-real-ip"),
            ),
        ),
        strips_by_default=True,
    ),
    Proxy(
        name="lighttpd",
        fix="Let lighttpd forward Upgrade and Connection: "
        'proxy.header = ( "upgrade" => "enable" )',
        seen=MEASURED,
        config=(Config("lighttpd.conf", 'proxy.header = ( "upgrade" => "enable" )'),),
        request_fields=((b"x-host", b"x-forwarded-host", b"x-forwarded-proto"),),
        strips_by_default=True,
        server=(b"lighttpd",),
    ),
    Proxy(
        name="Traefik",
        fix="Look for a proxy in front of Traefik, which forwards both; or drop "
        "Upgrade and Connection from its customRequestHeaders.",
        seen=MEASURED,
        request_fields=((b"x-forwarded-server", b"x-real-ip", b"x-forwarded-port"),),
        forwards_both_or_none=True,
    ),
    Proxy(
        name="Apache",
        fix="Let Apache forward Upgrade and Connection: "
        "ProxyPass /ws http://app:8000/ws upgrade=websocket",
        seen=MEASURED,
        config=(_APACHE,),
        request_fields=((b"x-forwarded-server",),),
        behind_the_clients=True,
        strips_by_default=True,
        server=(b"apache",),
    ),
    Proxy(
        name="Caddy",
        fix="Look for a proxy in front of Caddy, which forwards both; or drop "
        "header_up -Upgrade and header_up -Connection from the Caddyfile.",
        seen=MEASURED,
        config=(_CADDY,),
        via=(b"caddy",),
        server=(b"caddy",),
        forwards_both_or_none=True,
    ),
    Proxy(
        name="A Go proxy, such as Caddy or ngrok",
        fix="In Caddy drop header_up -Upgrade and header_up -Connection; otherwise "
        "look for a proxy in front of it.",
        seen=MEASURED,
        config=(_CADDY,),
        go_fields=(b"x-forwarded-host", b"x-forwarded-proto"),
        forwards_both_or_none=True,
    ),
)

_ROWS = PLATFORMS + _SERVER_SIDE + FORWARD_PROXIES

#: All proxies, by name.
PROXIES: dict[str, Proxy] = {proxy.name: proxy for proxy in _ROWS}

_IN_VIA = tuple((word, proxy) for proxy in _ROWS for word in proxy.via)


def rank(proxy: Proxy) -> int:
    """Return where it stands among several that left a mark: the likeliest first.

    What a forward proxy on the client's side removed, none behind it restores.
    """
    if proxy.on_client_side:
        return 0
    return 1 if proxy.strips_by_default or proxy.carries_none else 2


def proxy_in_via(via: bytes) -> Proxy | None:
    """Return the proxy that a Via names, of a request or a response."""
    return next(iter(proxies_in_via(via)), None)


def proxies_in_via(via: bytes) -> list[Proxy]:
    """Return all proxies that a Via names."""
    value = via.lower()
    return [proxy for word, proxy in _IN_VIA if word in value]
