from __future__ import annotations

import pytest

from tests.support.handshakes import VALID, Handshake
from ws_handshake.diagnosis.hops import (
    came_from_elsewhere,
    came_over_http2,
    came_over_tls,
    is_behind_a_proxy,
    is_mapped_by_nginx,
    proxy_of,
    stands_on_the_clients_side,
    was_seen_whole,
)

GO = "A Go proxy, such as Caddy or ngrok"
BARE = VALID.asked(headers=((b"host", b"example.com"),))


def named(handshake: Handshake) -> str:
    proxy = proxy_of(handshake.head())
    return "" if proxy is None else proxy.name


@pytest.mark.parametrize(
    ("names", "proxy"),
    [
        ("cf-ray x-forwarded-for", "Cloudflare"),
        ("x-amz-cf-id via", "CloudFront"),
        ("x-amzn-trace-id x-forwarded-port", "AWS load balancer"),
        ("x-amzn-trace-id x-amzn-apigateway-api-id", "Amazon API Gateway"),
        ("x-forwarded-for x-varnish", "Varnish"),
        ("x-envoy-expected-rq-timeout-ms", "Envoy"),
        ("x-envoy-external-address", "Envoy"),
        ("x-envoy-internal", "Envoy"),
        ("x-envoy-peer-metadata x-envoy-attempt-count", "Istio"),
        ("x-original-forwarded-for", "ingress-nginx"),
        ("x-scheme x-forwarded-scheme x-request-id x-real-ip", ""),
        (
            (
                "x-request-id x-real-ip x-forwarded-for x-forwarded-host "
                "x-forwarded-port x-forwarded-proto x-forwarded-scheme x-scheme"
            ),
            "ingress-nginx",
        ),
        ("x-envoy-peer-metadata-id x-envoy-attempt-count", "Istio"),
        ("x-scheme", ""),
        ("x-forwarded-scheme x-real-ip", ""),
        (
            "x-forwarded-scheme x-forwarded-proto x-forwarded-for x-real-ip",
            "Nginx Proxy Manager",
        ),
        ("rndr-id cf-ray", "Render"),
        ("x-azure-fdid x-azure-ref x-forwarded-host", "Azure Front Door"),
        ("x-appgw-trace-id x-original-host", "Azure Application Gateway"),
        ("x-arr-log-id x-site-deployment-id", "Azure App Service"),
        ("x-arr-log-id x-original-url", "IIS (Application Request Routing)"),
        ("x-cloud-trace-context", "Google Cloud"),
        ("connect-time total-route-time", "Heroku"),
        ("fly-client-ip fly-region", "Fly.io"),
        ("fastly-ff", "Fastly"),
        ("akamai-origin-hop", "Akamai"),
        ("tailscale-user-login", "Tailscale Serve"),
        ("x-forwarded-path x-real-ip x-forwarded-host", "Kong"),
        ("x-imforwards", "Cisco Secure Web Appliance"),
        ("x-bluecoat-via", "Blue Coat ProxySG"),
        ("x-host", ""),
        ("x-forwarded-server x-real-ip", "Apache"),
        ("x-forwarded-for x-host x-forwarded-host x-forwarded-proto", "lighttpd"),
        ("x-forwarded-server x-real-ip x-forwarded-port", "Traefik"),
        ("x-forwarded-for x-forwarded-host x-forwarded-server", "Apache"),
        ("x-forwarded-for x-forwarded-host x-forwarded-proto", ""),
        ("x-forwarded-for", ""),
        ("accept", ""),
    ],
)
def test_a_proxy_is_known_by_the_names_it_adds(names: str, proxy: str) -> None:
    request = BARE
    for name in names.split(" "):
        request = request.plus(name.encode(), b"1")

    assert named(request) == proxy


def test_a_go_proxy_is_known_by_the_order_in_which_go_writes() -> None:
    names = (b"host", b"user-agent", b"accept", b"sec-websocket-key")
    forwarded = (b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto")
    request = VALID.asked(headers=tuple((n, b"1") for n in (*names, *forwarded)))
    mixed = VALID.asked(headers=tuple((n, b"1") for n in (*forwarded, *names)))

    assert named(request) == GO
    assert named(mixed) == ""
    assert named(request.without(b"user-agent")) == GO
    assert named(request.without(b"host")) == ""
    added = request.plus(b"accept-encoding", b"gzip")
    assert named(added) == GO
    assert named(added.plus(b"via", b"1.1 Caddy")) == "Caddy"
    assert named(added.plus(b"accept", b"*/*")) == ""


def test_a_proxy_is_known_by_what_it_writes_into_via() -> None:
    request = BARE.plus(b"via", b"1.1 varnish (Varnish/7.1)")

    assert named(request) == "Varnish"
    assert is_behind_a_proxy(request.head())
    assert named(BARE.plus(b"via", b"1.1 front")) == ""
    assert is_behind_a_proxy(BARE.plus(b"via", b"1.1 front").head())


@pytest.mark.parametrize(
    "name", [b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-real-ip"]
)
def test_a_proxy_that_no_row_knows_is_a_proxy_too(name: bytes) -> None:
    assert is_behind_a_proxy(BARE.plus(name, b"1").head())
    assert not is_behind_a_proxy(BARE.head())


def test_close_before_host_is_what_nginx_writes_for_its_operator() -> None:
    mapped = ((b"connection", b"close"), (b"host", b"app"))
    upgrading = ((b"connection", b"upgrade"), (b"host", b"app"))

    assert is_mapped_by_nginx(VALID.asked(headers=mapped).head())
    assert not is_mapped_by_nginx(VALID.asked(headers=mapped[::-1]).head())
    assert not is_mapped_by_nginx(VALID.asked(headers=mapped[:1]).head())
    assert not is_mapped_by_nginx(VALID.asked(headers=upgrading).head())
    clients = ((b"sec-websocket-key", b"1"), *mapped)
    assert not is_mapped_by_nginx(VALID.asked(headers=clients).head())
    forwarded = (*mapped, (b"upgrade", b"websocket"))
    assert not is_mapped_by_nginx(VALID.asked(headers=forwarded).head())


@pytest.mark.parametrize(
    ("field", "there"),
    [
        ((b"connection", b"keep-alive"), True),
        ((b"connection", b"close"), False),
        ((b"via", b"1.1 gateway"), True),
        ((b"via", b"2.0 front"), False),
        ((b"proxy-connection", b"keep-alive"), True),
        ((b"accept", b"*/*"), False),
    ],
)
def test_a_forward_proxy_writes_via_at_most(
    field: tuple[bytes, bytes],
    there: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    request = BARE.plus(*field)

    assert stands_on_the_clients_side(request.head()) is there
    for name in (b"x-forwarded-for", b"x-real-ip", b"forwarded", b"x-forwarded-host"):
        assert not stands_on_the_clients_side(request.plus(name, b"1").head())
    for scheme in ("https", "wss"):
        over_tls = request.head()._replace(scheme=scheme)
        assert not stands_on_the_clients_side(over_tls)


@pytest.mark.parametrize(
    ("proto", "whole", "tls"),
    [
        (b"ws", True, False),
        (b"wss", True, True),
        (b"http", False, False),
        (b"https", False, True),
        (b"HTTPS, http", False, True),
    ],
)
def test_what_a_proxy_noted_of_the_scheme_is_read(
    proto: bytes,
    whole: bool,  # noqa: FBT001  (a parameter of the test)
    tls: bool,  # noqa: FBT001  (ditto)
) -> None:
    request = BARE.plus(b"x-forwarded-proto", proto).head()

    assert was_seen_whole(request) is whole
    assert came_over_tls(request) is tls
    assert came_over_tls(BARE.head()) is None


@pytest.mark.parametrize(
    ("name", "address", "elsewhere"),
    [
        (b"x-forwarded-for", b"203.0.113.9, 127.0.0.1", True),
        (b"x-forwarded-for", b"192.168.1.4", True),
        (b"x-real-ip", b"2001:db8::1", True),
        (b"x-forwarded-for", b"127.0.0.1", False),
        (b"x-forwarded-for", b"::1", False),
        (b"x-forwarded-for", b"unknown", False),
        (b"x-forwarded-for", b"\xff", False),
        (b"forwarded", b"for=203.0.113.9", False),
    ],
)
def test_a_client_elsewhere_is_known_by_its_address(
    name: bytes,
    address: bytes,
    elsewhere: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    assert came_from_elsewhere(BARE.plus(name, address).head()) is elsewhere


def test_via_and_go_say_that_a_hop_was_http2() -> None:
    assert came_over_http2(BARE.plus(b"via", b"1.1 a, 2.0 b").head())
    assert came_over_http2(BARE.plus(b"user-agent", b"Go-http-client/2.0").head())
    assert not came_over_http2(BARE.plus(b"via", b"1.1 a").head())
    assert not came_over_http2(BARE.plus(b"user-agent", b"Go-http-client/1.1").head())
