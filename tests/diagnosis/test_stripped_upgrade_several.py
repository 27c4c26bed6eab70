"""Several proxies in a row: who of them removed Upgrade and Connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.diagnosed import CHROME, causes_of, named
from tests.support.handshakes import VALID, Handshake
from ws_handshake import Policy, judge
from ws_handshake.diagnosis.causes import NGINX_HTTP, NGINX_LOCATION
from ws_handshake.diagnosis.proxies import PROXIES
from ws_handshake.diagnosis.signatures import diagnose

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
    assert cause.fix.startswith(f"{PROXIES['Cloudflare'].fix[:-1]}; or let the proxy ")
    assert cause.fix.endswith("proxy_set_header Connection upgrade;")
    its_own = PROXIES["Cloudflare"].config
    assert its_own
    assert cause.config == (*its_own, NGINX_HTTP, NGINX_LOCATION)


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


def test_where_the_key_is_wrong_too_nobody_is_blamed_for_what_was_lost() -> None:
    wrong = LOST.but(b"sec-websocket-key", b"dGVzdA==")

    for agent in (TYPED, (b"user-agent", CHROME)):
        assert named(marked(wrong, agent, HTTPS)) == []


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


def test_a_forward_proxy_that_noted_its_own_client_stands_on_the_clients_side() -> None:
    gateway = marked(BROWSER, (b"via", b"1.1 gateway"))
    own = marked(gateway, (b"x-forwarded-for", b"192.168.1.20"))
    (cause,) = causes_of(own)

    assert str(cause.certainty) == "likely"
    assert cause.detail.startswith("A firewall or forward proxy in the client's net")
    assert cause.detail.endswith(
        " without them, and with a client of a private network in X-Forwarded-For."
    )
    served = marked(gateway, (b"x-forwarded-for", b"203.0.113.9"))
    assert blamed(served).detail.startswith("A proxy removed ")


@pytest.mark.parametrize("via", [b"1.1 gw (squid/5.7)", b"1.1 tinyproxy"])
def test_a_forward_proxy_that_was_in_the_way_of_tls_is_not_passed_by_wss(
    via: bytes,
) -> None:
    plain = marked(BROWSER, (b"via", via))
    over_tls = plain.plus(*HTTPS)
    requests = [plain.head(scheme=scheme) for scheme in ("wss", "https")]
    found = frozenset(v.reason for v in judge(requests[0]).violations)
    causes = [cause for one in requests for cause in diagnose(one, found, Policy())]

    for cause in (blamed(over_tls), *causes):
        assert ", which reads TLS in the client's network or stands " in cause.detail
        assert cause.fix.startswith("Let it forward Upgrade and Connection (Squid")
        assert "wss://" not in cause.fix
    assert ", a forward proxy on the client's side, " in blamed(plain).detail
    http = marked(plain, (b"x-forwarded-proto", b"http"))
    assert blamed(http).fix == blamed(plain).fix
