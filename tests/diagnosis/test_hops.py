from __future__ import annotations

import pytest

from tests.support.handshakes import VALID, Handshake
from ws_handshake.diagnosis.hops import (
    came_over_http2,
    came_over_tls,
    is_behind_a_proxy,
    is_mapped_by_nginx,
    proxy_of,
    was_seen_whole,
)

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

    assert named(request) == proxy


def test_caddy_is_known_by_the_order_in_which_go_writes() -> None:
    names = (b"host", b"user-agent", b"accept", b"sec-websocket-key")
    forwarded = (b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto")
    request = VALID.asked(headers=tuple((n, b"1") for n in (*names, *forwarded)))
    mixed = VALID.asked(headers=tuple((n, b"1") for n in (*forwarded, *names)))

    assert named(request) == "Caddy"
    assert named(mixed) == ""
    assert named(request.without(b"user-agent")) == "Caddy"
    assert named(request.without(b"host")) == ""
    added = request.plus(b"accept-encoding", b"gzip")
    assert named(added) == "Caddy"
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


def test_via_and_go_say_that_a_hop_was_http2() -> None:
    assert came_over_http2(BARE.plus(b"via", b"1.1 a, 2.0 b").head())
    assert came_over_http2(BARE.plus(b"user-agent", b"Go-http-client/2.0").head())
    assert not came_over_http2(BARE.plus(b"via", b"1.1 a").head())
    assert not came_over_http2(BARE.plus(b"user-agent", b"Go-http-client/1.1").head())
