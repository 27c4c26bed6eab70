"""Why a response is not an acceptance, and what may have caused it."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.rejections import explained
from ws_handshake.cli.client.response import Response
from ws_handshake.cli.client.target import parse_target
from ws_handshake.diagnosis.proxies import PROXIES, UNKNOWN_PROXY

PLAIN = parse_target("ws://example.com/ws")
SECURE = parse_target("wss://example.com/ws/")
HTML = (b"Content-Type", b"text/html")
NGINX = (b"Server", b"nginx")


def _explained(response: Response) -> tuple[str, str | None, list[tuple[str, str]]]:
    found = explained(response, PLAIN)
    causes = [(cause.code, str(cause.certainty)) for cause in found.causes]
    return found.failure.kind.code, found.failure.seen, causes


NOTHING_HERE = (
    "404: nothing is on this path, or nothing for the plain request that arrived"
)
STRIPPED_LIKELY = [("proxy_stripped_upgrade", "likely")]
STRIPPED_POSSIBLE = [("proxy_stripped_upgrade", "possible")]

RESPONSES = [
    (
        Response(
            "1.1", 400, headers=((b"WebSocket-Handshake-Error", b"host_missing"),)
        ),
        ("handshake_rejected", "host_missing", []),
    ),
    (
        Response("1.1", 400, body=b"... plain HTTP request was sent to HTTPS port ..."),
        ("plain_on_tls_port", "the response says so", []),
    ),
    (
        Response("1.1", 200, headers=(HTML,)),
        ("html_instead", "200 with text/html", STRIPPED_POSSIBLE),
    ),
    (
        Response("1.1", 404, headers=(NGINX, HTML)),
        (
            "response_not_101",
            NOTHING_HERE,
            STRIPPED_LIKELY,
        ),
    ),
    (
        Response("1.1", 404, headers=((b"server", b"uvicorn"),)),
        (
            "response_not_101",
            NOTHING_HERE,
            [("no_websocket_support", "possible"), *STRIPPED_POSSIBLE],
        ),
    ),
    (
        Response("1.1", 404, headers=((b"server", b"Werkzeug/3.0.1"),)),
        (
            "response_not_101",
            NOTHING_HERE,
            [("no_websocket_support", "likely"), *STRIPPED_POSSIBLE],
        ),
    ),
    (
        Response("1.1", 403, headers=((b"server", b"envoy"),)),
        (
            "response_not_101",
            "403: the credentials, the Origin, or a path that is not served",
            STRIPPED_LIKELY,
        ),
    ),
    (
        Response("1.1", 403, body=b"invalid Origin header: https://x.example."),
        (
            "response_not_101",
            "403: the credentials, the Origin, or a path that is not served",
            [("origin_denied_by_app", "likely")],
        ),
    ),
    (
        Response("2", 403),
        (
            "response_not_101",
            "403: the credentials, the Origin, or a path that is not served",
            [("no_route", "possible")],
        ),
    ),
    (
        Response("2", 404),
        (
            "response_not_101",
            NOTHING_HERE,
            [],
        ),
    ),
    (Response("1.1", 418), ("response_not_101", "418", [])),
    (
        Response("1.1", 302),
        ("response_not_101", "302: a redirect without an address", []),
    ),
    (
        Response("1.1", 400, body=b'Can "Upgrade" only to "WebSocket".'),
        (
            "response_not_101",
            "400: the server got no complete Upgrade and Connection",
            STRIPPED_LIKELY,
        ),
    ),
    (
        Response("1.1", 400, body=b"Unsupported upgrade request."),
        (
            "response_not_101",
            "400: uvicorn has no WebSocket library, or WebSockets are switched off",
            [("no_websocket_support", "very_likely")],
        ),
    ),
    (
        Response("1.1", 404, body=b'{"detail":"Not Found"}'),
        (
            "response_not_101",
            (
                "404: what FastAPI responds to a plain request; to a WebSocket it "
                "responds with 403"
            ),
            [("no_websocket_support", "likely"), *STRIPPED_POSSIBLE],
        ),
    ),
    (
        Response("1.1", 400, body=b"Invalid host header"),
        ("response_not_101", "400: the server does not serve this host name", []),
    ),
    (
        Response("1.1", 404, headers=((b"Heroku-Request-Id", b"1"),)),
        ("response_not_101", NOTHING_HERE, STRIPPED_POSSIBLE),
    ),
    (
        Response("1.1", 200, headers=((b"Content-Type", b"text/event-stream"),)),
        (
            "response_not_101",
            "200: an event stream (SSE), which is plain HTTP",
            STRIPPED_POSSIBLE,
        ),
    ),
    (
        Response("1.1", 200, headers=((b"Sec-WebSocket-Accept", b"x"),)),
        (
            "response_not_101",
            "200: it has Sec-WebSocket-Accept, and not the status of an acceptance",
            STRIPPED_POSSIBLE,
        ),
    ),
    (
        Response("1.1", 426, headers=((b"Upgrade", b"TLS/1.2, HTTP/1.1"),)),
        ("response_not_101", "426: it is served over TLS only", STRIPPED_POSSIBLE),
    ),
    (
        Response("1.1", 401, headers=((b"WWW-Authenticate", b"Negotiate"),)),
        ("response_not_101", "401: credentials are required (Negotiate)", []),
    ),
    (
        Response("1.1", 407, headers=((b"Proxy-Authenticate", b'Basic realm="x"'),)),
        ("response_not_101", "407: a proxy requires credentials (Basic)", []),
    ),
    (
        Response("1.1", 429, headers=((b"Retry-After", b"120"),)),
        (
            "response_not_101",
            "429: too many requests; it says to retry after 120",
            [],
        ),
    ),
]


@pytest.mark.parametrize(("response", "expected"), RESPONSES)
def test_a_response_is_explained(
    response: Response, expected: tuple[str, str | None, list[tuple[str, str]]]
) -> None:
    assert _explained(response) == expected


def test_the_fix_is_for_the_proxy_that_left_its_mark() -> None:
    (cause,) = explained(Response("1.1", 404, headers=(NGINX,)), PLAIN).causes
    (other,) = explained(Response("1.1", 404), PLAIN).causes

    assert cause.fix == PROXIES["nginx"].fix
    assert other.fix == UNKNOWN_PROXY.fix


def test_a_redirect_is_one_whoever_wrote_it() -> None:
    headers = ((b"Location", b"/ws/"), (b"Server", b"awselb/2.0"))

    assert _explained(Response("1.1", 301, headers=headers)) == (
        "redirected",
        "301 to /ws/",
        [],
    )


FRONT = [
    (403, b"awselb/2.0", "403 from AWS load balancer, in front of the server"),
    (
        504,
        b"awselb/2.0",
        (
            "504 from AWS load balancer, in front of the server: the server behind a "
            "proxy did not respond in time"
        ),
    ),
    (411, b"squid/5.7", "411 from Squid, a forward proxy on the client's side"),
]


@pytest.mark.parametrize(("status", "server", "seen"), FRONT)
def test_a_page_of_a_proxy_is_not_taken_for_the_servers(
    status: int, server: bytes, seen: str
) -> None:
    response = Response("1.1", status, headers=((b"Server", server),))

    assert _explained(response) == ("rejected_in_front", seen, [])


def test_the_fix_of_a_proxys_page_is_that_for_its_status() -> None:
    response = Response("1.1", 404, body=b"<hr><center>nginx</center>")

    assert explained(response, PLAIN).failure.fix == (
        "nginx: add a location with proxy_pass for this path: nginx looked for a file."
    )


def test_what_a_proxys_page_says_is_better_than_its_status() -> None:
    body = b"<center>No required SSL certificate was sent</center><center>nginx"
    failure = explained(Response("1.1", 400, body=body), PLAIN).failure

    assert failure.seen == (
        "400 from nginx, in front of the server: the server wants a certificate of "
        "the client"
    )
    assert failure.fix == "Try a client that sends one: the probe has none."


def test_no_client_negotiates_credentials() -> None:
    def fix(*schemes: bytes) -> str:
        headers = tuple((b"WWW-Authenticate", scheme) for scheme in schemes)
        return explained(Response("1.1", 401, headers=headers), PLAIN).failure.fix

    told = "Use a token or a cookie: no WebSocket client negotiates credentials."
    assert fix(b"Negotiate", b"NTLM") == told
    assert fix(b"Negotiate", b"Bearer") != told


def test_a_proxy_that_carries_none_is_the_likely_cause() -> None:
    response = Response("1.1", 504, headers=((b"x-amz-apigw-id", b"a"),))
    (cause,) = explained(response, PLAIN).causes

    assert (cause.code, str(cause.certainty)) == ("proxy_stripped_upgrade", "likely")
    assert cause.detail == "API Gateway carries no WebSocket over an HTTP integration."


@pytest.mark.parametrize(
    ("status", "is_slash"), [(200, True), (404, True), (502, False)]
)
def test_a_doubled_slash_is_to_blame_for_what_a_plain_page_may_be(
    status: int, *, is_slash: bool
) -> None:
    target = parse_target("ws://example.com//ws")
    found = explained(Response("1.1", status, headers=(HTML,)), target)
    fix = "Write ws://example.com/ws: the path has a doubled slash."

    assert (found.failure.fix == fix) is is_slash
    assert found.causes == ()
