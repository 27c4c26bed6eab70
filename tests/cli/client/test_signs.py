"""The marks that proxies leave in a response."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ws_handshake.cli.client.response import Response
from ws_handshake.cli.client.signs import proxy_of, server_of
from ws_handshake.diagnosis.proxies import PROXIES

if TYPE_CHECKING:
    from ws_handshake.diagnosis.proxy import Proxy

MARKS = [
    ([(b"Server", b"nginx/1.22.1")], "nginx"),
    ([(b"Server", b"openresty")], "nginx"),
    ([(b"Server", b"cloudflare"), (b"CF-RAY", b"8a")], "Cloudflare"),
    ([(b"Server", b"nginx"), (b"CF-RAY", b"8a")], "Cloudflare"),
    ([(b"Server", b"CloudFront")], "CloudFront"),
    ([(b"X-Amz-Cf-Id", b"x")], "CloudFront"),
    ([(b"Server", b"awselb/2.0")], "AWS load balancer"),
    ([(b"Server", b"Google Frontend")], "Google Cloud"),
    ([(b"Via", b"1.1 google")], "Google Cloud"),
    ([(b"Server", b"istio-envoy")], "Istio"),
    ([(b"Server", b"uvicorn"), (b"X-Envoy-Upstream-Service-Time", b"3")], "Envoy"),
    ([(b"Server", b"Apache/2.4.62 (Debian)")], "Apache"),
    ([(b"Server", b"uvicorn"), (b"Server", b"Caddy")], "Caddy"),
    ([(b"Via", b"1.1 Caddy")], "Caddy"),
    ([(b"Server", b"lighttpd/1.4.69")], "lighttpd"),
    ([(b"X-Varnish", b"2")], "Varnish"),
    ([(b"Via", b"1.1 debian (Varnish/7.1)")], "Varnish"),
    ([(b"X-Kong-Response-Latency", b"0")], "Kong"),
]

OF_EVERY_ROW = [
    *(
        ((name, b"1"), proxy)
        for proxy in PROXIES.values()
        for name in proxy.response_fields
    ),
    *(
        ((b"server", product + b"/1"), proxy)
        for proxy in PROXIES.values()
        for product in proxy.server
    ),
]


@pytest.mark.parametrize(("headers", "proxy"), MARKS)
def test_a_proxy_is_known_by_its_mark(
    headers: list[tuple[bytes, bytes]], proxy: str
) -> None:
    assert proxy_of(Response("1.1", 404, headers=tuple(headers))) is PROXIES[proxy]


@pytest.mark.parametrize(("header", "proxy"), OF_EVERY_ROW)
def test_every_mark_of_every_row_is_looked_for(
    header: tuple[bytes, bytes], proxy: Proxy
) -> None:
    assert proxy_of(Response("1.1", 404, headers=(header,))) is proxy


@pytest.mark.parametrize(
    "headers", [(), ((b"server", b"uvicorn"),), ((b"server", b"not nginx"),)]
)
def test_without_a_mark_no_proxy_is_named(
    headers: tuple[tuple[bytes, bytes], ...],
) -> None:
    assert proxy_of(Response("1.1", 404, headers=headers)) is None


def test_the_server_is_shown_as_printable_text() -> None:
    response = Response("1.1", 200, headers=((b"server", b"\x1b[31mred"),))

    assert server_of(response) == "\\x1b[31mred"
