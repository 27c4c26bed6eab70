"""What was written wrongly: by a proxy, a relay, a filter, or by hand."""

from __future__ import annotations

import pytest

from tests.support.diagnosed import BROWSER, CHROME, causes_of, named
from tests.support.handshakes import KEY, VALID, Handshake
from ws_handshake.diagnosis.causes import (
    EXTENSION_BLANKED,
    NGINX_HTTP,
    NGINX_LOCATION,
    PROXY_MISWROTE_UPGRADE,
)
from ws_handshake.diagnosis.miswritten import was_a_handshake

OTHER_KEY = b"G6mEHn8UzehM4fCh8pczdg=="
FORWARDED = (b"x-forwarded-for", b"203.0.113.9")

MISWROTE = [("proxy_miswrote_upgrade", "very_likely")]
EVERY = [("upgrade_on_every_request", "very_likely")]
RELAYED = [("relay_copied_handshake", "very_likely")]
BLANKED = [("extension_blanked", "very_likely")]

VARIABLE = "the name of a variable into Upgrade or Connection, not its value"
HALF = VALID.without(b"sec-websocket-key", b"sec-websocket-version")


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        (b"upgrade", b"upgrade", "into Upgrade what belongs into Connection"),
        (b"upgrade", b"Keep-Alive", "into Upgrade what belongs into Connection"),
        (b"upgrade", b"close", "into Upgrade what belongs into Connection"),
        (b"connection", b"websocket", "into Connection what belongs into Upgrade"),
        (b"upgrade", b"$http_upgrade", VARIABLE),
        (b"connection", b"$connection_upgrade", VARIABLE),
        (b"upgrade", b"${http_upgrade}", VARIABLE),
        (b"upgrade", b"{http.request.header.Upgrade}", VARIABLE),
        (b"upgrade", b"%{HTTP:Upgrade}i", VARIABLE),
        (b"upgrade", b"%[req.hdr(Upgrade)]", VARIABLE),
    ],
)
def test_a_value_of_a_configuration_is_a_proxys(
    name: bytes, value: bytes, what: str
) -> None:
    (cause,) = causes_of(BROWSER.but(name, value))

    assert (cause.code, str(cause.certainty)) == MISWROTE[0]
    assert cause.detail == f"A proxy wrote {what}."
    assert cause.config == (NGINX_HTTP, NGINX_LOCATION)
    assert named(VALID.but(name, value)) == [("proxy_miswrote_upgrade", "likely")]
    assert named(VALID.but(name, value).plus(*FORWARDED)) == MISWROTE
    library = (b"user-agent", b"Python/3.11 websockets/17.4")
    assert named(VALID.but(name, value).plus(*library)) == MISWROTE


@pytest.mark.parametrize(
    "handshake",
    [
        BROWSER.but(b"upgrade", b"h2c"),
        BROWSER.but(b"upgrade", b"$"),
        BROWSER.but(b"connection", b"te"),
        BROWSER.but(b"upgrade", b"upgrade").but(b"sec-websocket-key", b"short"),
        VALID.but(b"upgrade", b"upgrade").plus(b"user-agent", b"curl/8.5.0"),
    ],
)
def test_any_other_value_is_no_proxys(handshake: Handshake) -> None:
    assert named(handshake) == []


def test_it_is_a_proxys_over_http10_too() -> None:
    upgrade = BROWSER.but(b"upgrade", b"$http_upgrade").asked(version="1.0")

    assert named(upgrade) == MISWROTE
    assert named(upgrade.but(b"connection", b"$connection_upgrade")) == MISWROTE


@pytest.mark.parametrize(
    "request_",
    [
        HALF.plus(b"user-agent", CHROME),
        HALF.plus(b"user-agent", b"kube-probe/1.31"),
        HALF.plus(b"sec-fetch-mode", b"cors"),
        HALF.plus(b"accept", b"text/html, */*"),
        HALF.asked(target=b"/socket.io/?EIO=4&transport=polling"),
        HALF.asked(target=b"/socket.io/?transport=polling&t=1", method="POST"),
    ],
)
def test_an_ordinary_request_with_upgrade_came_through_a_proxy_that_adds_it(
    request_: Handshake,
) -> None:
    assert named(request_) == EVERY
    assert named(request_.plus(*FORWARDED)) == EVERY


QUOTED = "quotes or a semicolon of its configuration into Upgrade or Connection"
NO_VALUE = "nothing into Upgrade, in place of the client's value"


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        (b"upgrade", b'"websocket"', QUOTED),
        (b"upgrade", b"websocket;", QUOTED),
        (b"connection", b"'upgrade'", QUOTED),
        (b"connection", b'\\"Upgrade\\"', QUOTED),
        (b"upgrade", b"$http_upgrade;", VARIABLE),
        (b"connection", b'"$connection_upgrade"', VARIABLE),
        (b"upgrade", b"", NO_VALUE),
        (b"upgrade", b"(null)", NO_VALUE),
    ],
)
def test_what_surrounds_a_value_or_stands_for_none_is_a_configurations(
    name: bytes, value: bytes, what: str
) -> None:
    forwarded = VALID.but(name, value).plus(*FORWARDED)
    (cause,) = causes_of(forwarded)

    assert (cause.code, str(cause.certainty)) == MISWROTE[0]
    assert cause.detail == f"A proxy wrote {what}."
    assert cause.config == (NGINX_HTTP, NGINX_LOCATION)
    assert cause.fix == PROXY_MISWROTE_UPGRADE.fix
    assert named(BROWSER.but(name, value)) == MISWROTE
    alone = [("proxy_miswrote_upgrade", "likely")] if what == VARIABLE else []
    assert named(VALID.but(name, value)) == alone


def test_what_a_filter_blanked_goes_through_as_wss() -> None:
    (cause,) = causes_of(BROWSER.but(b"upgrade", b""))

    assert cause.detail == f"A proxy or firewall wrote {NO_VALUE}."
    assert cause.fix == EXTENSION_BLANKED.fix
    assert cause.config == ()


def test_half_a_handshake_of_an_unknown_client_is_hand_made_or_its_proxys() -> None:
    half = HALF.asked(target=b"/ws?transport=pollings")

    assert named(half) == [("hand_made_handshake", "likely")]
    assert named(half.plus(*FORWARDED)) == [
        ("hand_made_handshake", "likely"),
        ("upgrade_on_every_request", "possible"),
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"sec-websocket-version", b"13"),
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
    ],
)
def test_two_keys_and_another_field_twice_are_a_relays(
    name: bytes, value: bytes
) -> None:
    two_keys = VALID.plus(b"sec-websocket-key", OTHER_KEY)

    assert named(two_keys) == []
    assert named(two_keys.plus(name, value)) == RELAYED
    joined = VALID.but(b"sec-websocket-key", KEY + b", " + OTHER_KEY)
    assert named(joined.plus(name, value)) == RELAYED


@pytest.mark.parametrize(
    "field",
    [
        (b"sec-websocket-extensions", b"permessage-deflate"),
        (b"sec-websocket-protocol", b"chat"),
        (b"sec-fetch-mode", b"websocket"),
        (b"x-amz-cf-id", b"1"),
    ],
)
def test_a_handshake_that_lost_its_key_behind_a_proxy_is_not_hand_made(
    field: tuple[bytes, bytes],
) -> None:
    behind = HALF.plus(*FORWARDED)

    assert was_a_handshake(behind.plus(*field).head())
    assert named(behind.plus(*field)) == [("bridge_lost_key", "likely")]
    assert not was_a_handshake(behind.head())
    typed = behind.plus(*field).plus(b"user-agent", b"curl/8.5.0")
    assert not was_a_handshake(typed.head())
    assert not was_a_handshake(HALF.plus(b"sec-websocket-protocol", b"chat").head())
    assert not was_a_handshake(HALF.plus(b"via", b"1.1 varnish").head())


def test_two_keys_alone_do_not_show_who_added_one() -> None:
    assert named(VALID.plus(b"sec-websocket-key", OTHER_KEY).plus(*FORWARDED)) == []


@pytest.mark.parametrize("key", [b"short", KEY])
def test_a_key_that_is_none_or_the_same_is_no_relays(key: bytes) -> None:
    both = VALID.plus(b"sec-websocket-key", key).plus(b"sec-websocket-version", b"13")

    assert RELAYED[0] not in named(both)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"x-webkit-       -frame", BLANKED),
        (b"permessage-       -x; client_max_window_bits", BLANKED),
        (b"permessage-   x", BLANKED),
        (b"permessage deflate", []),
        (b"permessage  deflate", []),
        (b"; x", []),
    ],
)
def test_spaces_in_place_of_a_word_were_written_on_the_way(
    value: bytes, expected: list[tuple[str, str]]
) -> None:
    assert named(VALID.plus(b"sec-websocket-extensions", value)) == expected


def test_the_same_value_twice_is_two_proxies_and_another_value_is_not() -> None:
    twice = VALID.plus(b"sec-websocket-version", b"13")

    assert named(twice) == [("duplicated_by_proxies", "very_likely")]
    assert named(VALID.plus(b"sec-websocket-key", KEY)) == named(twice)
    assert named(VALID.plus(b"sec-websocket-version", b"8")) == []
    assert named(VALID.plus(b"host", b"other.example")) == []


def test_half_a_handshake_of_a_tool_is_hand_made() -> None:
    typed = HALF.plus(b"user-agent", b"curl/8.5.0")

    assert named(typed) == [("hand_made_handshake", "very_likely")]
    assert named(typed.without(b"connection")) == []
    assert named(HALF.plus(b"sec-websocket-key1", b"1")) == [("old_draft", "certain")]


@pytest.mark.parametrize("name", [b"sec-websocket-key", b"sec-websocket-version"])
def test_a_tool_that_left_one_of_them_out_was_typed_too(name: bytes) -> None:
    typed = VALID.plus(b"user-agent", b"curl/8.5.0").without(name)

    assert named(typed) == [("hand_made_handshake", "very_likely")]
    assert named(VALID.without(name)) == []
    assert named(typed.asked(method="POST")) == []
    forwarded = typed.plus(*FORWARDED)
    assert ("hand_made_handshake", "very_likely") not in named(forwarded)


def test_what_the_first_draft_sent_is_an_old_client() -> None:
    origin, upgrade = (b"origin", b"Arduino"), (b"upgrade", b"WebSocket")
    first = HALF.but(*upgrade).plus(*origin)
    expected = [("old_draft", "likely"), ("hand_made_handshake", "possible")]
    only_by_hand = [("hand_made_handshake", "likely")]

    assert named(first) == expected
    every = first.plus(b"websocket-protocol", b"sample").plus(b"cookie", b"a=1")
    assert named(every) == expected
    assert named(HALF.plus(*origin)) == only_by_hand
    assert named(HALF.but(*upgrade)) == only_by_hand
    assert named(first.plus(b"x-other", b"1")) == only_by_hand
