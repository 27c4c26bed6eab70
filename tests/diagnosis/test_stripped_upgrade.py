"""Who took Upgrade and Connection out: a proxy, or the HTTP/2 of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.diagnosed import BROWSER, CHROME, STRIPPED, explained, named
from tests.support.handshakes import VALID, Handshake
from ws_handshake.diagnosis.clients import CLIENTS
from ws_handshake.diagnosis.proxies import FORWARDING_UPGRADE, PROXIES, UNKNOWN_PROXY

if TYPE_CHECKING:
    from collections.abc import Callable

LOST = VALID.without(b"upgrade", b"connection")
LIBRARY = LOST.plus(b"user-agent", b"reqwest/0.12")
WEBSOCKETS = LOST.plus(b"user-agent", b"Python/3.11 websockets/17.4")

# What these proxies leave; each of the others has a mark of its own.
CLOSE = (b"connection", b"close")
MAPPED = VALID.asked(headers=(CLOSE, *LOST.headers))
APACHE = ((b"x-forwarded-server", b"a"), (b"connection", b"Keep-Alive"))

PROXY_FIRST = [("proxy_stripped_upgrade", "likely"), ("http2_client", "possible")]
CLIENT_FIRST = [("http2_client", "likely"), ("proxy_stripped_upgrade", "possible")]
PROXY_ALONE = [("proxy_stripped_upgrade", "very_likely")]
BY_HAND = [("hand_made_handshake", "likely"), ("proxy_stripped_upgrade", "possible")]


def marked(handshake: Handshake, *marks: tuple[bytes, bytes]) -> Handshake:
    for mark in marks:
        handshake = handshake.plus(*mark)
    return handshake


def caddys(handshake: Handshake, proto: bytes) -> Handshake:
    """Return it as Caddy writes it: Host and User-Agent, and the rest by name."""
    agent = [field for field in handshake.headers if field[0] == b"user-agent"]
    others = [field for field in handshake.headers if field[0] != b"user-agent"]
    forwarded = [(b"x-forwarded-host", b"a"), (b"x-forwarded-proto", proto)]
    headers = [others[0], *agent, *sorted([*others[1:], *forwarded])]
    return handshake.asked(headers=tuple(headers))


def traefiks(handshake: Handshake, proto: bytes) -> Handshake:
    proxy = ((b"x-forwarded-server", b"a"), (b"x-real-ip", b"203.0.113.9"))
    return marked(handshake, *proxy, (b"x-forwarded-proto", proto))


@pytest.mark.parametrize(
    ("arrived", "detail", "fix"),
    [
        (
            STRIPPED.plus(b"connection", b"close").asked(version="1.0"),
            "Upgrade and Connection over HTTP/1.0: nginx took them out.",
            PROXIES["nginx"].fix,
        ),
        (
            STRIPPED.plus(b"connection", b"close"),
            "Upgrade and Connection: a proxy took them out.",
            UNKNOWN_PROXY.fix,
        ),
        (
            STRIPPED.plus(b"connection", b"Keep-Alive"),
            "Upgrade and Connection: Apache took them out.",
            PROXIES["Apache"].fix,
        ),
        (
            STRIPPED.plus(b"x-varnish", b"2"),
            "Upgrade and Connection: Varnish took them out.",
            PROXIES["Varnish"].fix,
        ),
        (
            BROWSER.but(b"connection", b"close"),
            "Connection: a proxy took it out.",
            UNKNOWN_PROXY.fix,
        ),
        (
            BROWSER.without(b"upgrade"),
            "Upgrade: a proxy took it out.",
            FORWARDING_UPGRADE,
        ),
    ],
)
def test_each_of_the_six_ways_to_lose_the_fields_has_its_own_detail(
    arrived: Handshake, detail: str, fix: str
) -> None:
    whole = f"Sec-WebSocket-Key arrived without {detail}"
    assert explained(arrived) == [("proxy_stripped_upgrade", "very_likely", whole, fix)]


@pytest.mark.parametrize(
    "fixed",
    [
        STRIPPED.without(b"sec-websocket-key"),
        STRIPPED.without(b"sec-websocket-version"),
        STRIPPED.but(b"sec-websocket-key", b"short"),
        STRIPPED.asked(method="POST"),
        BROWSER.but(b"connection", b"Keep-Alive, x"),
        BROWSER.but(b"upgrade", b"h2c").without(b"connection"),
    ],
)
def test_without_its_signature_no_proxy_is_blamed(fixed: Handshake) -> None:
    assert named(fixed) == []


def test_a_field_missing_by_hand_was_more_likely_forgotten_than_stripped() -> None:
    typed = VALID.without(b"upgrade").plus(b"user-agent", b"curl/8.5.0")

    assert named(typed) == [
        ("hand_made_handshake", "likely"),
        ("proxy_stripped_upgrade", "possible"),
    ]
    assert named(typed.plus(b"x-forwarded-for", b"203.0.113.9")) == [
        ("proxy_stripped_upgrade", "likely")
    ]


@pytest.mark.parametrize("client", [LOST, LIBRARY])
def test_http2_that_a_silent_proxy_ended_looks_like_a_proxy_that_stripped(
    client: Handshake,
) -> None:
    # HAProxy leaves no mark, Apache does not say whether there was TLS
    assert named(client) == PROXY_FIRST
    assert named(marked(client, *APACHE)) == PROXY_FIRST


def test_without_tls_no_client_has_agreed_on_http2() -> None:
    plain = marked(LIBRARY, (b"x-forwarded-proto", b"http"))

    assert named(plain) == [("proxy_stripped_upgrade", "likely")]


def test_a_proxy_that_strips_by_default_may_have_had_nothing_to_forward() -> None:
    # lighttpd and Varnish drop both also where the client has left one out
    proto, lighttpd = (b"x-forwarded-proto", b"http"), (b"x-host", b"a")
    unknown = marked(LOST, lighttpd, proto, CLOSE)
    assert named(unknown) == [("proxy_stripped_upgrade", "likely")]
    assert named(marked(WEBSOCKETS, lighttpd, proto, CLOSE)) == PROXY_ALONE


@pytest.mark.parametrize(
    ("mark", "value"), [(b"via", b"2.0 front"), (b"x-forwarded-proto", b"https")]
)
def test_a_library_behind_tls_may_have_spoken_http2(mark: bytes, value: bytes) -> None:
    first, second = explained(LIBRARY.plus(mark, value))

    assert first[:2] == CLIENT_FIRST[0]
    assert first[3] == CLIENTS["reqwest"].http1_only
    assert second[:2] == CLIENT_FIRST[1]


def test_go_says_of_itself_that_it_spoke_http2() -> None:
    assert named(LOST.plus(b"user-agent", b"Go-http-client/2.0")) == CLIENT_FIRST
    assert named(LOST.plus(b"user-agent", b"Go-http-client/1.1")) == PROXY_FIRST


def test_an_unknown_client_behind_tls_is_not_blamed_before_a_proxy_that_strips() -> (
    None
):
    assert named(marked(LOST, (b"x-forwarded-proto", b"https"))) == PROXY_FIRST


@pytest.mark.parametrize("through", [caddys, traefiks])
def test_behind_a_proxy_that_forwards_by_default_it_is_the_client_or_further_out(
    through: Callable[[Handshake, bytes], Handshake],
) -> None:
    assert named(through(LOST, b"https")) == CLIENT_FIRST
    assert named(through(LOST, b"http")) == BY_HAND
    ((code, certainty, detail, _),) = explained(through(WEBSOCKETS, b"http"))
    assert (code, certainty) == PROXY_ALONE[0]
    assert detail.endswith(", or a proxy in front of it, took them out.")


@pytest.mark.parametrize("client", [LOST, LIBRARY, WEBSOCKETS])
def test_what_reached_traefik_whole_was_stripped_by_traefik(client: Handshake) -> None:
    ((code, certainty, detail, fix),) = explained(traefiks(client, b"wss"))

    assert (code, certainty, fix) == (*PROXY_ALONE[0], PROXIES["Traefik"].fix)
    assert detail.endswith(": Traefik took them out.")


def test_behind_nginx_with_its_map_it_is_the_client_or_a_proxy_further_out() -> None:
    assert named(MAPPED) == CLIENT_FIRST
    assert named(MAPPED.plus(b"user-agent", b"curl/8.5.0")) == CLIENT_FIRST
    # a client that claims to be a browser may not be one, and may have spoken HTTP/2
    first, second = explained(MAPPED.plus(b"user-agent", CHROME))
    assert [first[:2], second[:2]] == PROXY_FIRST
    assert first[2].endswith(": nginx, or a proxy in front of it, took them out.")
    assert first[3] == PROXIES["nginx"].fix


@pytest.mark.parametrize("agent", [b"reqwest/0.12", b"curl/8.5.0", CHROME, b"who/1"])
def test_nginx_strips_by_default_whatever_the_client_is(agent: bytes) -> None:
    arrived = LOST.plus(*CLOSE).plus(b"user-agent", agent).asked(version="1.0")

    assert named(arrived) == PROXY_ALONE
    assert named(marked(arrived, (b"x-forwarded-proto", b"https"))) == PROXY_ALONE


def test_a_websocket_library_sends_whole_handshakes_over_http1() -> None:
    assert named(WEBSOCKETS) == PROXY_ALONE
    assert named(marked(WEBSOCKETS, (b"x-forwarded-proto", b"https"))) == PROXY_ALONE
