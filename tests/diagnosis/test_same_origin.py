"""A page of this server whose Origin and Host differ on arrival, and who changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.diagnosed import BROWSER, named
from tests.support.handshakes import VALID
from ws_handshake import Policy, judge
from ws_handshake.diagnosis.causes import DEVELOPMENT_PROXY
from ws_handshake.diagnosis.signatures import diagnose

if TYPE_CHECKING:
    from ws_handshake.diagnosis.cause import Cause

SAME = Policy(allowed_origins="same-origin")
HIDDEN = [("proxy_hid_https", "very_likely")]
DROPPED = [("proxy_dropped_port", "likely")]
REWRITTEN = [("proxy_rewrote_host", "likely")]
DEVELOPING = [("development_proxy", "likely")]


def causes(
    host: bytes, origin: bytes, *more: tuple[bytes, bytes], scheme: str = "ws"
) -> list[tuple[str, str]]:
    found = diagnosed(host, origin, *more, scheme=scheme)
    return [(cause.code, str(cause.certainty)) for cause in found]


def diagnosed(
    host: bytes, origin: bytes, *more: tuple[bytes, bytes], scheme: str = "ws"
) -> tuple[Cause, ...]:
    handshake = VALID.but(b"host", host).plus(b"origin", origin)
    for name, value in more:
        handshake = handshake.plus(name, value)
    request = handshake.head(scheme=scheme)
    found = frozenset(v.reason for v in judge(request, SAME).violations)
    return diagnose(request, found, SAME)


@pytest.mark.parametrize(
    ("host", "origin", "expected"),
    [
        (b"a.example", b"https://a.example", HIDDEN),
        (b"a.example:8443", b"https://a.example:8443", HIDDEN),
        (b"a.example", b"app://a.example", []),
        (b"a.example", b"http://a.example:8080", DROPPED),
        (b"a.example", b"https://a.example:8443", DROPPED),
        (b"[2001:db8::1]", b"http://[2001:db8::1]:8080", DROPPED),
        (b"[2001:db8::1]:8000", b"http://[2001:db8::1]:8080", []),
        (b"127.0.0.1:3000", b"http://localhost:5173", DEVELOPING),
        (b"localhost:3000", b"http://localhost:5173", DEVELOPING),
        (b"[::1]:3000", b"http://127.0.0.1:5173", DEVELOPING),
        (b"a.example:8000", b"http://a.example:8080", []),
        (b"a.example", b"http://localhost:5173", DEVELOPING),
        (b"192.168.1.4:8000", b"http://localhost:5173", DEVELOPING),
        (b"app-service", b"https://a.example", REWRITTEN),
        (b"backend:8000", b"https://a.example", REWRITTEN),
        (b"10.0.0.7:8000", b"https://a.example", REWRITTEN),
        (b"172.17.0.3", b"https://a.example", REWRITTEN),
        (b"[fd00::7]:8000", b"https://a.example", REWRITTEN),
        (b"app.ns.svc.cluster.local", b"https://a.example", REWRITTEN),
        (b"app-service", b"http://a.example", []),
        (b"172.32.0.3", b"https://a.example", []),
        (b"127.0.0.1:8000", b"https://a.example", []),
        (b"app-service", b"https://intranet", []),
        (b"a.example", b"http://evil.example", []),
        (b"a.example", b"http://evil.example:8080", []),
        (b"127.0.0.1:3000", b"http://evil.example", []),
        (b"a.example", b"http://a.example", []),
        (b"a.example", b"null", []),
        (b"a b", b"http://a.example", []),
    ],
)
def test_what_differs_between_a_page_and_this_server_is_named(
    host: bytes, origin: bytes, expected: list[tuple[str, str]]
) -> None:
    assert causes(host, origin) == expected


def test_only_a_host_of_this_machine_may_be_the_pages_neighbour() -> None:
    (near,) = diagnosed(b"localhost:3000", b"http://localhost:5173")
    (far,) = diagnosed(b"a.example", b"http://localhost:5173")

    assert near.detail == DEVELOPMENT_PROXY.detail
    assert far.detail.startswith("A page of a development server connects here:")


@pytest.mark.parametrize("scheme", [b"tauri", b"capacitor", b"ws"])
def test_the_page_of_an_application_is_no_development_servers(scheme: bytes) -> None:
    assert causes(b"a.example", scheme + b"://localhost") == []


def test_a_page_over_http_is_not_one_whose_https_is_hidden() -> None:
    assert causes(b"a.example", b"http://a.example", scheme="wss") == []


def test_a_proxy_that_left_a_mark_makes_the_lost_port_likelier() -> None:
    mark = (b"x-forwarded-for", b"203.0.113.9")
    found = causes(b"a.example", b"http://a.example:8080", mark)
    assert found == [("proxy_dropped_port", "very_likely")]


@pytest.mark.parametrize("name", [b"x-forwarded-for", b"x-real-ip"])
@pytest.mark.parametrize("host", [b"127.0.0.1:8000", b"localhost"])
def test_a_loopback_address_that_was_asked_for_elsewhere_is_a_proxys(
    host: bytes, name: bytes
) -> None:
    mark = (name, b"203.0.113.9")
    assert causes(host, b"http://a.example", mark) == REWRITTEN
    assert causes(b"b.example", b"http://a.example", mark) == []
    # a mark makes no cause: someone may have asked for this name
    assert causes(b"app-service", b"http://a.example", mark) == []


@pytest.mark.parametrize("address", [b"127.0.0.1", b"::1", b"unknown", b"", b"\xff"])
def test_who_is_on_this_machine_may_have_asked_for_it(address: bytes) -> None:
    mark = (b"x-forwarded-for", address)
    assert causes(b"127.0.0.1:8000", b"http://a.example", mark) == []


def test_a_host_over_tls_without_a_mark_is_no_proxys() -> None:
    assert causes(b"app-service", b"https://a.example", scheme="wss") == []


def test_without_same_origin_nothing_is_named() -> None:
    listed = Policy(allowed_origins=["https://other.example"])
    assert named(VALID.plus(b"origin", b"http://127.0.0.1"), listed) == []


def test_a_proxy_that_rewrote_host_is_known_by_the_host_it_was_asked_for() -> None:
    rewritten = BROWSER.plus(b"x-forwarded-host", b"example.com")
    expected = [("proxy_rewrote_host", "very_likely")]

    assert named(rewritten, SAME) == expected
    assert named(BROWSER, SAME) == []
    assert named(rewritten, Policy(allowed_origins=["https://other.example"])) == []
    assert named(rewritten.but(b"origin", b"null"), SAME) == []
    # one machine, two ports: the page's own, and a foreign one
    port = BROWSER.but(b"host", b"example.com:8000")
    assert named(port.plus(b"x-forwarded-host", b"example.com:443"), SAME) == expected
    assert named(port.plus(b"x-forwarded-host", b"example.com:8443"), SAME) == []
    foreign = BROWSER.plus(b"x-forwarded-host", b"other.example")
    assert named(foreign, SAME) == []
