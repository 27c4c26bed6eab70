from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake.diagnosis.hops import proxy_of
from ws_handshake.diagnosis.proxies import (
    FORWARDING_UPGRADE,
    PROXIES,
    UNKNOWN_PROXY,
    Proxy,
    proxy_in_via,
)

each_proxy = pytest.mark.parametrize(
    "proxy", PROXIES.values(), ids=lambda row: row.name
)
MARKED = [
    (proxy, fields) for proxy in PROXIES.values() for fields in proxy.request_fields
]
IN_VIA = [proxy for proxy in PROXIES.values() if proxy.via]


@each_proxy
def test_a_fix_is_short_enough_to_type(proxy: Proxy) -> None:
    assert 10 < len(proxy.fix) <= 200
    assert proxy.fix.isascii()


def test_the_fixes_for_a_proxy_without_a_name_are_short_enough_to_type() -> None:
    assert 10 < len(FORWARDING_UPGRADE) < len(UNKNOWN_PROXY.fix) <= 200


@each_proxy
def test_marks_are_written_as_they_are_compared(proxy: Proxy) -> None:
    groups = (*proxy.request_fields, proxy.go_fields, proxy.response_fields)
    words = [word for group in (*groups, proxy.server) for word in group]

    assert [word for word in (*words, proxy.via) if word != word.lower()] == []


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
        [proxy.via for proxy in IN_VIA],
        [name for proxy in PROXIES.values() for name in proxy.response_fields],
        [product for proxy in PROXIES.values() for product in proxy.server],
    ],
)
def test_no_two_proxies_have_the_same_mark(marks: list[object]) -> None:
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("proxy", IN_VIA, ids=lambda row: row.name)
def test_a_proxy_is_known_by_its_word_in_via(proxy: Proxy) -> None:
    assert proxy_in_via(b"1.1 a, 2.0 b (" + proxy.via.upper() + b"/7.1)") is proxy


@pytest.mark.parametrize(
    ("via", "name"),
    [
        (b"1.1 google", "Google load balancer"),
        (b"2.0 abc.cloudfront.net (CloudFront)", "CloudFront"),
        (b"1.1 Caddy", "Caddy"),
        (b"1.1 varnish (Varnish/7.1)", "Varnish"),
        (b"kong/3.4", "Kong"),
    ],
)
def test_a_real_via_names_its_proxy(via: bytes, name: str) -> None:
    assert proxy_in_via(via) is PROXIES[name]


@pytest.mark.parametrize("via", [b"", b"1.1 front"])
def test_a_via_that_no_row_knows_names_no_proxy(via: bytes) -> None:
    assert proxy_in_via(via) is None
