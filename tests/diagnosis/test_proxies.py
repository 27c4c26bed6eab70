from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake.diagnosis.hops import proxy_of
from ws_handshake.diagnosis.proxies import (
    DELETING_UPGRADE,
    ON_CLIENT_SIDE,
    PROXIES,
    UNKNOWN_PROXY,
    UNSEEN,
    proxies_in_via,
    proxy_in_via,
    rank,
)
from ws_handshake.diagnosis.proxy import MEASURED, PUBLISHED, Proxy

CISCO, SKYHIGH = "Cisco Secure Web Appliance", "Skyhigh (McAfee) Web Gateway"

each_proxy = pytest.mark.parametrize(
    "proxy", PROXIES.values(), ids=lambda row: row.name
)
MARKED = [
    (proxy, fields) for proxy in PROXIES.values() for fields in proxy.request_fields
]
IN_VIA = [(proxy, word) for proxy in PROXIES.values() for word in proxy.via]
WITHOUT_A_MARK = (UNKNOWN_PROXY, UNSEEN, DELETING_UPGRADE, ON_CLIENT_SIDE)


@pytest.mark.parametrize("proxy", [*PROXIES.values(), *WITHOUT_A_MARK])
def test_a_fix_is_a_sentence_short_enough_for_a_line_of_the_log(proxy: Proxy) -> None:
    assert 10 < len(proxy.fix) <= 250
    assert proxy.fix.isascii()
    assert proxy.fix[0].isupper()


@each_proxy
def test_the_lines_to_paste_have_a_place_and_are_few(proxy: Proxy) -> None:
    for place, lines in proxy.config:
        assert 5 <= len(place) <= 70
        assert 10 < len(lines) <= 220
        assert (place + lines).isascii()
        assert lines == lines.strip()


@each_proxy
def test_it_is_written_down_where_the_marks_were_seen(proxy: Proxy) -> None:
    assert proxy.seen in {MEASURED, PUBLISHED} or proxy.seen.startswith("https://")


def test_who_left_no_mark_is_no_row() -> None:
    for proxy in WITHOUT_A_MARK:
        assert proxy.name not in PROXIES
        assert not proxy.request_fields + proxy.go_fields + proxy.response_fields


@each_proxy
def test_marks_are_written_as_they_are_compared(proxy: Proxy) -> None:
    groups = (*proxy.request_fields, proxy.go_fields, proxy.response_fields)
    words = [word for group in (*groups, proxy.server) for word in group]

    assert [word for word in (*words, *proxy.via) if word != word.lower()] == []


@pytest.mark.parametrize(("proxy", "fields"), MARKED)
def test_a_proxy_is_known_by_the_fields_that_it_adds(
    proxy: Proxy, fields: tuple[bytes, ...]
) -> None:
    headers = tuple((name, b"1") for name in (b"host", *fields))

    assert proxy_of(VALID.asked(headers=headers).head()) is proxy


@pytest.mark.parametrize(
    "marks",
    [
        [fields for _, fields in MARKED],
        [word for _, word in IN_VIA],
        [name for proxy in PROXIES.values() for name in proxy.response_fields],
        [product for proxy in PROXIES.values() for product in proxy.server],
    ],
)
def test_no_two_proxies_have_the_same_mark(marks: list[object]) -> None:
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize(("proxy", "word"), IN_VIA)
def test_a_proxy_is_known_by_its_word_in_via(proxy: Proxy, word: bytes) -> None:
    assert proxy_in_via(b"2.0 b, " + word.upper() + b"/7.1)") is proxy


@pytest.mark.parametrize(
    ("via", "name"),
    [
        (b"1.1 google", "Google Cloud"),
        (b"1.1 corp-gw (squid/3.4.6)", "Squid"),
        (b"1.1 tinyproxy (tinyproxy/1.11.1)", "tinyproxy"),
        (b"1.1 ironport1.example.com:80 (Cisco-WSA/9.0.1-162)", CISCO),
        (b"1.1 10.0.0.7 (McAfee Web Gateway 9.2.4.34298)", SKYHIGH),
        (b"1.1 vegur", "Heroku"),
        (b"1.1 heroku-router", "Heroku"),
        (b"2 fly.io", "Fly.io"),
        (b"1.1 Azure", "Azure Front Door"),
        (b"2.0 abc.cloudfront.net (CloudFront)", "CloudFront"),
        (b"1.1 Caddy", "Caddy"),
        (b"1.1 varnish (Varnish/7.1)", "Varnish"),
        (b"kong/3.4", "Kong"),
    ],
)
def test_a_real_via_names_its_proxy(via: bytes, name: str) -> None:
    assert proxy_in_via(via) is PROXIES[name]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        *(("Squid", 0), ("Cisco Secure Web Appliance", 0)),
        *(("Apache", 1), ("Fastly", 1), ("Amazon API Gateway", 1)),
        *(("Cloudflare", 2), ("Traefik", 2)),
    ],
)
def test_the_likeliest_stand_on_the_clients_side_and_then_those_that_strip(
    name: str, place: int
) -> None:
    assert rank(PROXIES[name]) == place


def test_all_proxies_of_a_via_are_read() -> None:
    via = b"1.1 gw (squid/5.7), 1.1 varnish (Varnish/7.1), 2.0 unknown"

    assert {proxy.name for proxy in proxies_in_via(via)} == {"Squid", "Varnish"}
    assert proxies_in_via(b"1.1 unknown") == []


@pytest.mark.parametrize("via", [b"", b"1.1 front"])
def test_a_via_that_no_row_knows_names_no_proxy(via: bytes) -> None:
    assert proxy_in_via(via) is None
