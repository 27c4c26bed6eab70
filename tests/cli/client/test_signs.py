"""The marks that proxies leave in a response."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ws_handshake.cli.client.failures import (
    ACCEPT_WRONG,
    COMPRESSION_BLOCKED,
    PONG_MISSING,
    Failure,
    FailureKind,
)
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.client.signs import (
    FIXES,
    IN_PAGES_ALONE,
    fix_of,
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


ROWS = (*PROXIES.values(), *IN_PAGES_ALONE)
OWN = [row for row in ROWS if row.marks_its_own]
OWN_PAGES = [
    *((w, ((b"server", mark),), b"") for w in OWN for mark in w.server),
    *((w, ((mark, b"1"),), b"") for w in OWN for mark in w.response_fields),
    *((w, (), mark.title()) for w in ROWS for mark in w.pages),
]


@pytest.mark.parametrize(("writer", "headers", "body"), OWN_PAGES)
def test_every_mark_of_an_own_page_is_looked_for(
    writer: Proxy, headers: tuple[tuple[bytes, bytes], ...], body: bytes
) -> None:
    assert writer_of(Response("1.1", 502, headers=headers, body=body)) is writer


@pytest.mark.parametrize("header", [(b"server", b"nginx"), (b"cf-ray", b"8a")])
def test_a_mark_that_is_passed_on_too_makes_no_writer(
    header: tuple[bytes, bytes],
) -> None:
    assert writer_of(Response("1.1", 502, headers=(header,))) is None


def test_every_fix_is_for_a_row_that_writes_by_itself() -> None:
    writers = {row.name: row for row in ROWS if row.pages or row.marks_its_own}

    assert set(FIXES) < set(writers)
    assert fix_of(writers["nginx"], 405) == fix_of(writers["nginx"], 404)
    assert fix_of(writers["nginx"], 418) == "nginx: its error.log says why."
    assert fix_of(writers["HAProxy"], 503) == writers["HAProxy"].fix
    assert fix_of(writers["Squid"], 411) == PROXIES["Squid"].fix


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
]


@pytest.mark.parametrize(("headers", "words"), WHO)
def test_who_responded_is_said_in_words(
    headers: list[tuple[bytes, bytes]], words: str
) -> None:
    by = responder_of(Response("1.1", 404, headers=tuple(headers)))

    assert by is not None
    assert by.words == words


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
    (b"", ""),
]


@pytest.mark.parametrize(("body", "text"), TEXTS)
def test_the_text_is_what_a_browser_shows(body: bytes, text: str) -> None:
    assert text_of(Response("1.1", 404, body=body)) == text


@pytest.mark.parametrize("kind", [ACCEPT_WRONG, COMPRESSION_BLOCKED, PONG_MISSING])
def test_where_iis_responds_the_fix_may_be_for_iis(kind: FailureKind) -> None:
    failure = Failure(kind, "seen")
    iis = Response("1.1", 101, headers=((b"Server", b"Microsoft-IIS/10.0"),))

    assert for_responder(failure, Response("1.1", 101)) is failure
    assert ("IIS" in for_responder(failure, iis).fix) is (kind is not PONG_MISSING)
