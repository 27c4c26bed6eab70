from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake.diagnosis.fingerprint import (
    came_over_http2,
    came_over_tls,
    client_of,
    is_behind_a_proxy,
    is_mapped_by_nginx,
    proxy_of,
    was_seen_whole,
)

BARE = VALID.asked(headers=((b"host", b"example.com"),))


@pytest.mark.parametrize(
    ("names", "proxy"),
    [
        ("cf-ray x-forwarded-for", "Cloudflare"),
        ("x-amz-cf-id via", "CloudFront"),
        ("x-amzn-trace-id x-forwarded-port", "AWS load balancer"),
        ("x-forwarded-for x-varnish", "Varnish"),
        ("x-envoy-expected-rq-timeout-ms", "Envoy"),
        ("x-envoy-external-address", "Envoy"),
        ("x-envoy-internal", "Envoy"),
        ("x-original-forwarded-for", "ingress-nginx"),
        ("x-scheme", "ingress-nginx"),
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

    assert proxy_of(request.head()) == proxy


def test_caddy_is_known_by_the_order_in_which_go_writes() -> None:
    names = (b"host", b"user-agent", b"accept", b"sec-websocket-key")
    forwarded = (b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto")
    request = VALID.asked(headers=tuple((n, b"1") for n in (*names, *forwarded)))
    mixed = VALID.asked(headers=tuple((n, b"1") for n in (*forwarded, *names)))

    assert proxy_of(request.head()) == "Caddy"
    assert proxy_of(mixed.head()) == ""
    assert proxy_of(request.without(b"user-agent").head()) == "Caddy"
    assert proxy_of(request.without(b"host").head()) == ""
    added = request.plus(b"accept-encoding", b"gzip")
    assert proxy_of(added.head()) == "Caddy"
    assert proxy_of(added.plus(b"accept", b"*/*").head()) == ""


@pytest.mark.parametrize(
    ("via", "proxy"),
    [
        (b"1.1 google", "Google load balancer"),
        (b"2.0 abc.cloudfront.net (CloudFront)", "CloudFront"),
        (b"1.1 Caddy", "Caddy"),
        (b"1.1 varnish (Varnish/7.1)", "Varnish"),
        (b"kong/3.4", "Kong"),
        (b"1.1 somebody", ""),
    ],
)
def test_a_proxy_is_known_by_what_it_writes_into_via(via: bytes, proxy: str) -> None:
    request = BARE.plus(b"via", via)

    assert proxy_of(request.head()) == proxy
    assert is_behind_a_proxy(request.head())


@pytest.mark.parametrize(
    "name", [b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-real-ip"]
)
def test_an_unknown_proxy_is_one_all_the_same(name: bytes) -> None:
    assert is_behind_a_proxy(BARE.plus(name, b"1").head())
    assert not is_behind_a_proxy(BARE.head())


@pytest.mark.parametrize(
    ("agent", "kind", "product"),
    [
        (b"Mozilla/5.0 (X11) Gecko/20100101 Firefox/153.0", "browser", ""),
        (
            b"Mozilla/5.0 (Macintosh) Version/18.0 Safari/605.1",
            "browser",
            "",
        ),
        (b"Mozilla/5.0 (compatible; bot)", "unknown", ""),
        (b"ELB-HealthChecker/2.0", "probe", ""),
        (b"Python/3.11 websockets/17.4", "websocket", ""),
        (b"WebSocket++/0.8.2", "websocket", ""),
        (b"kube-probe/1.31", "probe", ""),
        (b"curl/8.5.0", "tool", "curl"),
        (b"PostmanRuntime/7.43.0", "tool", "postmanruntime"),
        (b"reqwest/0.12", "library", "reqwest"),
        (b"Go-http-client/2.0", "library", "go-http-client"),
        (b"nodejs", "unknown", ""),
        (b"", "unknown", ""),
    ],
)
def test_a_client_is_what_it_says_it_is(agent: bytes, kind: str, product: str) -> None:
    assert client_of(BARE.plus(b"user-agent", agent).head()) == (kind, product)


def test_a_very_long_user_agent_is_looked_at_in_part() -> None:
    agent = b"x" * 60_000 + b" ELB-HealthChecker/2.0"

    assert client_of(BARE.plus(b"user-agent", agent).head()) == ("unknown", "")


def test_close_before_host_is_what_nginx_writes_for_its_operator() -> None:
    mapped = ((b"connection", b"close"), (b"host", b"app"))
    upgrading = ((b"connection", b"upgrade"), (b"host", b"app"))

    assert is_mapped_by_nginx(VALID.asked(headers=mapped).head())
    assert not is_mapped_by_nginx(VALID.asked(headers=mapped[::-1]).head())
    assert not is_mapped_by_nginx(VALID.asked(headers=mapped[:1]).head())
    assert not is_mapped_by_nginx(VALID.asked(headers=upgrading).head())
    forwarded = (*mapped, (b"upgrade", b"websocket"))
    assert not is_mapped_by_nginx(VALID.asked(headers=forwarded).head())


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


def test_http2_is_reported_by_via_and_by_go() -> None:
    assert came_over_http2(BARE.plus(b"via", b"1.1 a, 2.0 b").head())
    assert came_over_http2(BARE.plus(b"user-agent", b"Go-http-client/2.0").head())
    assert not came_over_http2(BARE.plus(b"via", b"1.1 a").head())
    assert not came_over_http2(BARE.plus(b"user-agent", b"Go-http-client/1.1").head())
