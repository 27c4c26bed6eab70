"""The marks that proxies leave in a response."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.support.stopwatch import takes_less_than
from ws_handshake.cli.client.failures import (
    ACCEPT_WRONG,
    COMPRESSION_BLOCKED,
    PONG_MISSING,
    Failure,
    FailureKind,
)
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.client.signs import (
    WRITERS,
    for_responder,
    is_iis,
    proxy_of,
    responder_of,
    server_of,
    speaks_of_origin,
    text_of,
    writer_of,
)
from ws_handshake.diagnosis.proxies import PROXIES

if TYPE_CHECKING:
    from ws_handshake.cli.client.writer import Mark, Writer
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


OWN_PAGES = [(writer, mark) for writer in WRITERS for mark in writer.marks]


@pytest.mark.parametrize(("writer", "mark"), OWN_PAGES)
def test_every_mark_of_an_own_page_is_looked_for(writer: Writer, mark: Mark) -> None:
    fields = [(mark.field, b"1"), (b"server", mark.server)]
    headers = tuple((name, value) for name, value in fields if name and value)
    response = Response("1.1", mark.status or 502, b"", headers, mark.body.title())

    assert writer_of(response) is writer


@pytest.mark.parametrize("header", [(b"server", b"nginx"), (b"cf-ray", b"8a")])
def test_a_mark_that_is_passed_on_too_makes_no_writer(
    header: tuple[bytes, bytes],
) -> None:
    assert writer_of(Response("1.1", 502, headers=(header,))) is None


def test_an_acceptance_is_written_by_none_of_them() -> None:
    headers = ((b"server", b"squid/5.7"),)

    assert writer_of(Response("1.1", 101, headers=headers)) is None


WHO = [
    (
        [(b"Server", b"squid/5.7")],
        "Squid by itself, a forward proxy on the client's side",
    ),
    (
        [(b"Server", b"awselb/2.0")],
        "AWS load balancer by itself, in front of the server",
    ),
    ([(b"Server", b"nginx")], "nginx"),
    ([(b"Server", b"uvicorn")], "uvicorn"),
    ([(b"X-Powered-By", b"Express")], "Express"),
]


@pytest.mark.parametrize(("headers", "words"), WHO)
def test_who_responded_is_said_in_words(
    headers: list[tuple[bytes, bytes]], words: str
) -> None:
    by = responder_of(Response("1.1", 404, headers=tuple(headers)))

    assert by is not None
    assert by.words == words
    assert by.by_itself is (" by itself, " in words)


def test_without_a_mark_no_one_is_named() -> None:
    assert responder_of(Response("1.1", 404)) is None


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ((b"Server", b"Microsoft-IIS/10.0"), True),
        ((b"X-Powered-By", b"ARR/3.0"), True),
        ((b"X-Powered-By", b"Express"), False),
    ],
)
def test_iis_and_its_proxy_are_known(
    header: tuple[bytes, bytes], *, is_one: bool
) -> None:
    assert is_iis(Response("1.1", 101, headers=(header,))) is is_one


OF_ORIGINS = [
    (403, b"Failed to open: missing Origin header.", True),
    (400, b'"http://x is not an accepted origin."', True),
    (403, b"The origin server did not respond.", False),
    (403, b"Forbidden", False),
    (403, b"Invalid CORS request", True),
    (404, b"no such origin", False),
]


@pytest.mark.parametrize(("status", "body", "speaks"), OF_ORIGINS)
def test_a_rejection_may_say_that_it_is_about_the_origin(
    status: int, body: bytes, *, speaks: bool
) -> None:
    assert speaks_of_origin(Response("1.1", status, body=body)) is speaks


TEXTS = [
    (b"not\n  found", "not found"),
    (
        (
            b"<html><head><title>403</title><style>a{}</style></head>"
            b"<body><h1>403&nbsp;No</h1><!-- <p> --><script>x()</script>nginx</body>"
        ),
        "403 No nginx",
    ),
    (b"<html><head><title>Bad Gateway</title></head><body></body>", "Bad Gateway"),
    (b"<!doctype html>", ""),
    (
        b"<head><title>App</title></head><p>Enable JavaScript.</p>",
        "App: Enable JavaScript.",
    ),
    (b"<p>Cut off<style>x{}", "Cut off"),
    (b"<p>Cut off<!-- and so on", "Cut off"),
    (b"<title>Cut off", "Cut off"),
    ("Don\u2019t \u2013 \u201cplease\u201d\u2026".encode(), 'Don\'t - "please"...'),
    (b"<p>Don&rsquo;t", "Don't"),
    (b"", ""),
]


@pytest.mark.parametrize("part", [b"<", b"<style", b"<!--", b"<title", b"<a<"])
def test_a_hostile_page_takes_no_time(part: bytes) -> None:
    response = Response("1.1", 404, body=part * (16_384 // len(part)))

    assert takes_less_than(1, partial(text_of, response))


@pytest.mark.parametrize(("body", "text"), TEXTS)
def test_the_text_is_what_a_browser_shows(body: bytes, text: str) -> None:
    assert text_of(Response("1.1", 404, body=body)) == text


@pytest.mark.parametrize("kind", [ACCEPT_WRONG, COMPRESSION_BLOCKED, PONG_MISSING])
def test_where_iis_responds_the_fix_may_be_for_iis(kind: FailureKind) -> None:
    failure = Failure(kind, "seen")
    iis = Response("1.1", 101, headers=((b"Server", b"Microsoft-IIS/10.0"),))

    assert for_responder(failure, Response("1.1", 101)) is failure
    assert ("IIS" in for_responder(failure, iis).fix) is (kind is not PONG_MISSING)
