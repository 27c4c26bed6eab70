"""Several proxies in a row: whose marks count, and what shows one more."""

from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake.diagnosis.hops import (
    is_followed,
    noted_its_own_network,
    proxy_of,
    stands_on_the_clients_side,
)
from ws_handshake.diagnosis.proxies import PROXIES

LOST = VALID.without(b"upgrade", b"connection")
REAL_IP = (b"x-real-ip", b"172.68.1.1")


@pytest.mark.parametrize(
    ("names", "via", "likeliest"),
    [
        ("cf-ray x-forwarded-server", "", "Apache"),
        ("x-amzn-trace-id x-forwarded-server", "", "Apache"),
        ("x-amzn-trace-id x-amzn-apigateway-api-id x-forwarded-server", "", "Amazon "),
        ("cf-ray x-varnish", "", "Varnish"),
        ("fastly-ff x-varnish", "", "Fastly"),
        ("cf-ray x-forwarded-server x-real-ip x-forwarded-port", "", "Cloudflare"),
        ("cf-ray x-original-forwarded-for", "", "Cloudflare"),
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


@pytest.mark.parametrize(
    ("via", "noted", "own"),
    [
        (b"1.1 gateway", b"192.168.1.20", True),
        (b"1.1 gateway", b"10.1.2.3, 203.0.113.9", True),
        (b"1.1 gateway", b"172.31.0.9", True),
        (b"1.1 gateway", b"fd12:3456::1", True),
        (b"1.1 gateway", b"172.32.0.9", False),
        (b"1.1 gateway", b"203.0.113.9", False),
        (b"1.1 gateway", b"", False),
        (b"", b"192.168.1.20", False),
    ],
)
def test_a_forward_proxy_notes_at_most_a_client_of_its_own_network(
    via: bytes,
    noted: bytes,
    own: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    request = LOST.plus(b"x-forwarded-for", noted)
    if via:
        request = request.plus(b"via", via)

    assert noted_its_own_network(request.head()) is own
    assert stands_on_the_clients_side(request.head()) is own
    for name in (b"x-forwarded-proto", b"x-real-ip", b"x-forwarded-host"):
        assert not stands_on_the_clients_side(request.plus(name, b"1").head())


def test_apache_writes_behind_what_the_client_sent() -> None:
    server = (b"x-forwarded-server", b"www.example.com")
    behind = LOST.plus(*server)
    before = LOST.asked(headers=(server, *LOST.headers))
    traefik = before.plus(b"x-forwarded-port", b"443").plus(*REAL_IP)

    assert [getattr(proxy_of(r.head()), "name", "") for r in (behind, before)] == [
        "Apache",
        "",
    ]
    assert proxy_of(traefik.head()) is PROXIES["Traefik"]
