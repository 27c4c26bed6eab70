"""Who took Upgrade and Connection out: a proxy, or the HTTP/2 of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.diagnosed import (
    BROWSER,
    CHROME,
    STRIPPED,
    causes_of,
    explained,
    named,
)
from tests.support.handshakes import VALID, Handshake
from ws_handshake.diagnosis.clients import CLIENTS
from ws_handshake.diagnosis.proxies import (
    DELETING_UPGRADE,
    ON_CLIENT_SIDE,
    PROXIES,
    UNKNOWN_PROXY,
    UNSEEN,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ws_handshake.diagnosis.proxy import Proxy

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
    proxy: tuple[tuple[bytes, bytes], ...] = (
        *((b"x-forwarded-server", b"a"), (b"x-real-ip", b"203.0.113.9")),
        (b"x-forwarded-port", b"80"),
    )
    return marked(handshake, *proxy, (b"x-forwarded-proto", proto))


BOTH = " removed the Upgrade and Connection headers. Sec-WebSocket-Key arrived without "
BOTH += "them"
SAYS_NOTHING = ", and without the headers that a server's proxy adds."


@pytest.mark.parametrize(
    ("arrived", "detail", "proxy"),
    [
        (
            STRIPPED.plus(b"connection", b"close").asked(version="1.0"),
            f"nginx{BOTH}, and over HTTP/1.0.",
            PROXIES["nginx"],
        ),
        (
            STRIPPED.plus(b"connection", b"close"),
            f"A proxy or firewall{BOTH}.",
            UNSEEN,
        ),
        (
            STRIPPED.plus(b"x-forwarded-for", b"a").plus(b"connection", b"close"),
            f"A proxy{BOTH}.",
            UNKNOWN_PROXY,
        ),
        (
            marked(STRIPPED, *APACHE),
            f"Apache{BOTH}.",
            PROXIES["Apache"],
        ),
        (
            STRIPPED.plus(b"x-varnish", b"2"),
            f"Varnish{BOTH}.",
            PROXIES["Varnish"],
        ),
        (
            STRIPPED.plus(b"via", b"1.1 gw (squid/5.7)"),
            f"Squid, a forward proxy on the client's side,{BOTH}.",
            PROXIES["Squid"],
        ),
        (
            BROWSER.but(b"connection", b"close"),
            (
                "A proxy or firewall removed the Connection header. Sec-WebSocket-Key "
                "arrived without it."
            ),
            UNSEEN,
        ),
        (
            BROWSER.without(b"upgrade"),
            "A proxy removed the Upgrade header. Sec-WebSocket-Key arrived without it.",
            DELETING_UPGRADE,
        ),
        (
            BROWSER.without(b"upgrade").plus(b"via", b"1.1 gateway"),
            "A proxy removed the Upgrade header. Sec-WebSocket-Key arrived without it.",
            DELETING_UPGRADE,
        ),
    ],
)
def test_each_of_the_ways_to_lose_the_fields_has_its_own_detail(
    arrived: Handshake, detail: str, proxy: Proxy
) -> None:
    (cause,) = causes_of(arrived)

    assert (cause.code, str(cause.certainty)) == PROXY_ALONE[0]
    assert (cause.detail, cause.fix) == (detail, proxy.fix)
    assert cause.config == proxy.config


@pytest.mark.parametrize(
    "field",
    [
        (b"connection", b"keep-alive"),
        (b"via", b"1.1 gateway"),
        (b"proxy-connection", b"close"),
    ],
)
@pytest.mark.parametrize("client", [LOST, STRIPPED])
def test_without_a_mark_of_the_servers_side_it_may_be_a_firewall_and_is_never_sure(
    client: Handshake, field: tuple[bytes, bytes]
) -> None:
    ((code, certainty, detail, fix),) = explained(client.plus(*field))

    assert (code, certainty) == ("proxy_stripped_upgrade", "likely")
    who = "A firewall or forward proxy in the client's network"
    assert detail == f"{who}{BOTH}{SAYS_NOTHING}"
    assert fix == ON_CLIENT_SIDE.fix
    old = explained(client.plus(*field).asked(version="1.0"))[0][2]
    assert old == f"{who}{BOTH}, and over HTTP/1.0{SAYS_NOTHING}"
    forwarded = client.plus(*field).plus(b"x-forwarded-for", b"203.0.113.9")
    assert explained(forwarded)[0][2] == f"A proxy{BOTH}."


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ((), [("incomplete_client", "likely"), ("proxy_stripped_upgrade", "possible")]),
        (
            ((b"connection", b"keep-alive"),),
            [("proxy_stripped_upgrade", "likely"), ("incomplete_client", "possible")],
        ),
    ],
)
def test_a_client_may_have_forgotten_connection_where_no_proxy_shows(
    left: tuple[tuple[bytes, bytes], ...], expected: list[tuple[str, str]]
) -> None:
    arrived = marked(VALID.without(b"connection"), *left)

    assert named(arrived) == expected
    forwarded = arrived.plus(b"x-forwarded-for", b"203.0.113.9")
    assert named(forwarded) == [("proxy_stripped_upgrade", "likely")]
    websockets = arrived.plus(b"user-agent", b"Python/3.11 websockets/17.4")
    assert named(websockets) == PROXY_ALONE


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
    assert named(typed.plus(b"x-forwarded-for", b"203.0.113.9")) == PROXY_FIRST


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
    assert ", or a proxy in front of it, removed the Upgrade" in detail


@pytest.mark.parametrize("client", [LOST, LIBRARY, WEBSOCKETS])
def test_what_reached_traefik_whole_was_stripped_by_traefik(client: Handshake) -> None:
    ((code, certainty, detail, fix),) = explained(traefiks(client, b"wss"))

    assert (code, certainty, fix) == (*PROXY_ALONE[0], PROXIES["Traefik"].fix)
    assert detail == f"Traefik{BOTH}."


def test_behind_nginx_with_its_map_it_is_the_client_or_a_proxy_further_out() -> None:
    assert named(MAPPED) == CLIENT_FIRST
    assert named(MAPPED.plus(b"user-agent", b"curl/8.5.0")) == CLIENT_FIRST
    # a client that claims to be a browser may not be one, and may have spoken HTTP/2
    first, second = explained(MAPPED.plus(b"user-agent", CHROME))
    assert [first[:2], second[:2]] == PROXY_FIRST
    assert first[2] == f"nginx, or a proxy in front of it,{BOTH}."
    assert first[3] == PROXIES["nginx"].fix


@pytest.mark.parametrize("agent", [b"reqwest/0.12", b"curl/8.5.0", CHROME, b"who/1"])
def test_nginx_strips_by_default_whatever_the_client_is(agent: bytes) -> None:
    arrived = LOST.plus(*CLOSE).plus(b"user-agent", agent).asked(version="1.0")

    assert named(arrived) == PROXY_ALONE
    assert named(marked(arrived, (b"x-forwarded-proto", b"https"))) == PROXY_ALONE
    of_another = causes_of(arrived.plus(b"via", b"1.0 a"))
    assert PROXIES["nginx"].fix not in [cause.fix for cause in of_another]


def test_a_websocket_library_sends_whole_handshakes_over_http1() -> None:
    assert named(WEBSOCKETS) == PROXY_ALONE
    assert named(marked(WEBSOCKETS, (b"x-forwarded-proto", b"https"))) == PROXY_ALONE
