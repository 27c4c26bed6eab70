"""Several proxies in a row: whose marks count, and what shows one more."""

from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake.diagnosis.hops import is_followed, proxy_of
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
