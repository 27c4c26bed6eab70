"""Several proxies in a row: who of them removed the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.diagnosed import CHROME, causes_of, named
from tests.support.handshakes import VALID, Handshake
from ws_handshake.diagnosis.causes import NGINX_HTTP, NGINX_LOCATION
from ws_handshake.diagnosis.hops import is_followed, proxy_of
from ws_handshake.diagnosis.proxies import PROXIES, proxies_in_via

if TYPE_CHECKING:
    from ws_handshake.diagnosis.cause import Cause

LOST = VALID.without(b"upgrade", b"connection")
BROWSER = LOST.plus(b"user-agent", CHROME)
CLOUDFLARE = (b"cf-ray", b"8f3a2b1c4d5e6f70-CDG")
REAL_IP = (b"x-real-ip", b"172.68.1.1")
CLOSE = (b"connection", b"close")
SQUID = (b"via", b"1.1 gw (squid/5.7)")
HTTPS = (b"x-forwarded-proto", b"https")
TYPED = (b"user-agent", b"curl/8.5.0")


def marked(handshake: Handshake, *marks: tuple[bytes, bytes]) -> Handshake:
    for mark in marks:
        handshake = handshake.plus(*mark)
    return handshake


def blamed(handshake: Handshake) -> Cause:
    (cause,) = causes_of(handshake)
    assert (cause.code, str(cause.certainty)) == (
        "proxy_stripped_upgrade",
        "very_likely",
    )
    return cause


@pytest.mark.parametrize(
    ("names", "via", "likeliest"),
    [
        ("cf-ray x-forwarded-server", "", "Apache"),
        ("x-amzn-trace-id x-forwarded-server", "", "Apache"),
        ("x-amzn-trace-id x-amzn-apigateway-api-id x-forwarded-server", "", "Amazon "),
        ("cf-ray x-varnish", "", "Varnish"),
        ("fastly-ff x-varnish", "", "Fastly"),
        ("cf-ray x-forwarded-server x-real-ip x-forwarded-port", "", "Cloudflare"),
        ("cf-ray x-scheme x-forwarded-scheme x-request-id x-real-ip", "", "Cloudflare"),
        ("cf-ray", "1.1 caddy", "Cloudflare"),
        ("cf-ray", "1.1 gw (squid/5.7)", "Squid"),
        ("x-forwarded-server", "1.1 gw (squid/5.7), 1.1 google", "Squid"),
        ("x-imforwards cf-ray", "", "Cisco"),
    ],
)
def test_of_several_it_is_the_one_in_the_clients_network_or_that_strips_by_default(
    names: str, via: str, likeliest: str
) -> None:
    headers = [(name.encode(), b"1") for name in ("host", *names.split(" "))]
    if via:
        headers.append((b"via", via.encode()))
    proxy = proxy_of(VALID.asked(headers=tuple(headers)).head())

    assert proxy is not None
    assert proxy.name.startswith(likeliest)


def test_all_proxies_of_a_via_are_read() -> None:
    via = b"1.1 gw (squid/5.7), 1.1 varnish (Varnish/7.1), 2.0 unknown"

    assert {proxy.name for proxy in proxies_in_via(via)} == {"Squid", "Varnish"}
    assert proxies_in_via(b"1.1 unknown") == []


@pytest.mark.parametrize("front", [CLOUDFLARE, (b"x-amzn-trace-id", b"Root=1")])
def test_http10_is_nginxs_whoever_stands_in_front(front: tuple[bytes, bytes]) -> None:
    old = marked(BROWSER, front, CLOSE).asked(version="1.0")

    assert blamed(old).detail.startswith("nginx removed ")
    assert blamed(old.plus(b"via", b"1.1 google")).detail.startswith("nginx removed ")
    assert blamed(old.plus(*SQUID)).detail.startswith("Squid, ")
    assert blamed(marked(BROWSER, front, CLOSE)).fix != PROXIES["nginx"].fix


def test_x_real_ip_shows_that_another_stands_behind_a_service() -> None:
    cause = blamed(marked(BROWSER, CLOUDFLARE, REAL_IP, CLOSE))

    assert cause.detail.startswith("Cloudflare, or a proxy behind it, removed ")
    assert cause.fix.startswith(PROXIES["Cloudflare"].fix.removesuffix("."))
    assert cause.fix.endswith("proxy_set_header Connection upgrade;")
    assert cause.config[-2:] == (NGINX_HTTP, NGINX_LOCATION)


@pytest.mark.parametrize(
    ("name", "followed"),
    [("Cloudflare", True), ("Heroku", True), ("Fastly", False), ("Traefik", False)],
)
def test_only_of_services_that_forward_it_shows_that(
    name: str,
    followed: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    assert is_followed(LOST.plus(*REAL_IP).head(), PROXIES[name]) is followed
    assert not is_followed(LOST.head(), PROXIES[name])


def test_a_proxy_behind_a_service_is_blamed_before_a_client_that_left_both_out() -> (
    None
):
    heroku = marked(LOST, (b"via", b"1.1 vegur"), (b"x-forwarded-proto", b"http"))

    assert named(heroku)[0] == ("hand_made_handshake", "likely")
    assert named(heroku.plus(*REAL_IP)) == [("proxy_stripped_upgrade", "likely")]


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (TYPED, ["http2_client", "proxy_stripped_upgrade"]),
        (
            (b"user-agent", b"reqwest/0.12"),
            ["http2_client", "proxy_stripped_upgrade"],
        ),
        ((b"user-agent", b"who/1"), ["proxy_stripped_upgrade", "http2_client"]),
        ((b"user-agent", CHROME), ["proxy_stripped_upgrade"]),
        ((b"user-agent", b"Python/3.11 websockets/17.4"), ["proxy_stripped_upgrade"]),
    ],
)
def test_a_proxy_that_always_writes_connection_had_no_upgrade_over_http2(
    agent: tuple[bytes, bytes], expected: list[str]
) -> None:
    behind = marked(VALID.without(b"upgrade"), agent, HTTPS)

    assert [code for code, _ in named(behind)] == expected
    listed = behind.but(b"connection", b"keep-alive, Upgrade")
    assert [code for code, _ in named(listed)] == ["proxy_stripped_upgrade"]


def test_a_key_that_was_typed_wrongly_hides_no_proxy() -> None:
    typed = marked(LOST.but(b"sec-websocket-key", b"dGVzdA=="), TYPED)

    assert named(typed) == []
    assert named(typed.plus(*HTTPS))[0] == ("proxy_stripped_upgrade", "likely")
    assert named(typed.plus(*HTTPS).without(b"sec-websocket-key")) == []
    browser = marked(LOST.but(b"sec-websocket-key", b"dGVzdA=="), HTTPS)
    assert named(browser.plus(b"user-agent", CHROME)) == []


@pytest.mark.parametrize("value", [b"close, keep-alive", b"keep-alive, close"])
def test_a_proxys_own_options_may_be_two(value: bytes) -> None:
    assert named(BROWSER.plus(b"connection", value)) == [
        ("proxy_stripped_upgrade", "very_likely")
    ]


def test_connection_before_all_else_is_a_reverse_proxys() -> None:
    kept = (b"connection", b"keep-alive")
    first = VALID.asked(headers=(kept, *BROWSER.headers))

    assert blamed(first).detail.startswith("A proxy or firewall removed ")
    ((code, certainty),) = named(BROWSER.plus(*kept))
    assert (code, certainty) == ("proxy_stripped_upgrade", "likely")


BRIDGED = [("bridge_lost_key", "likely")]
FORWARDED = (b"x-forwarded-for", b"203.0.113.9")


def test_a_version_that_a_browser_sent_was_lost_on_the_way() -> None:
    lost = VALID.without(b"sec-websocket-version")
    browser = lost.plus(b"user-agent", CHROME)

    assert named(browser) == []
    assert named(marked(browser, FORWARDED)) == [("bridge_lost_key", "possible")]
    assert named(marked(browser, HTTPS)) == BRIDGED
    assert named(marked(browser, (b"x-forwarded-proto", b"http"))) == []
    assert named(marked(lost, HTTPS)) == []
    (cause,) = causes_of(marked(browser, HTTPS))
    assert cause.detail.endswith(" Only Sec-WebSocket-Version is missing.")


@pytest.mark.parametrize(
    "field",
    [
        (b"sec-websocket-extensions", b"permessage-deflate"),
        (b"sec-websocket-protocol", b"chat"),
        (b"sec-fetch-mode", b"websocket"),
    ],
)
def test_what_only_a_handshake_has_shows_that_its_key_was_lost_on_the_way(
    field: tuple[bytes, bytes],
) -> None:
    half = VALID.without(b"sec-websocket-key", b"sec-websocket-version").plus(*field)

    assert named(half)[0] == ("hand_made_handshake", "likely")
    assert named(marked(half, FORWARDED)) == BRIDGED
    assert named(marked(half, FORWARDED, (b"x-forwarded-proto", b"http"))) == []
    assert named(marked(half, FORWARDED, TYPED))[0][0] == "hand_made_handshake"


CLOUDFRONT = (b"x-amz-cf-id", b"f_6Ka5sqZsyiXXIRqstsBXEKmJLDPCiE24nVBrwnoR9w")


@pytest.mark.parametrize(
    "lost",
    [
        (b"sec-websocket-key", b"sec-websocket-version"),
        (b"sec-websocket-key",),
        (b"sec-websocket-version",),
    ],
)
def test_cloudfront_leaves_out_what_its_policy_does_not_list(
    lost: tuple[bytes, ...],
) -> None:
    through = VALID.without(*lost).plus(*CLOUDFRONT)
    (cause,) = causes_of(through)

    assert [(cause.code, str(cause.certainty))] == BRIDGED
    assert cause.detail.startswith("CloudFront left Sec-WebSocket-Key or -Version out.")
    assert (cause.fix, cause.config) == (
        PROXIES["CloudFront"].fix,
        PROXIES["CloudFront"].config,
    )
    typed = through.plus(*TYPED).plus(b"x-forwarded-proto", b"http")
    assert "bridge_lost_key" not in [code for code, _ in named(typed)]


def test_a_key_that_is_malformed_was_not_left_out() -> None:
    short = VALID.without(b"sec-websocket-version").but(b"sec-websocket-key", b"short")

    assert named(short.plus(*CLOUDFRONT)) == []
