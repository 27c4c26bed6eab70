from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.diagnosed import BROWSER, CHROME, explained, named
from tests.support.handshakes import KEY, VALID, Handshake
from ws_handshake import Violation
from ws_handshake.core.reasons import NOT_A_HANDSHAKE, SERVER_DID_NOT_UPGRADE
from ws_handshake.diagnosis.clients import CLIENTS, UNKNOWN_CLIENT

PLAIN = VALID.asked(headers=((b"host", b"127.0.0.1"),))


def test_a_valid_handshake_has_no_cause() -> None:
    assert named(VALID) == []
    assert named(BROWSER.plus(b"x-forwarded-for", b"203.0.113.9")) == []


@pytest.mark.parametrize(
    ("agent", "product"),
    [(b"curl/8.5", "curl"), (b"reqwest/0.12", "reqwest"), (b"who/1", "")],
)
def test_an_http1_handshake_over_http2_is_the_clients(
    agent: bytes, product: str
) -> None:
    over = VALID.without(b"upgrade", b"connection").asked(version="2")
    ((code, certainty, _, fix),) = explained(over.plus(b"user-agent", agent))

    assert (code, certainty) == ("http2_client", "certain")
    assert fix == CLIENTS.get(product, UNKNOWN_CLIENT).http1_only


def test_a_whole_handshake_over_http_10_came_through_a_proxy() -> None:
    assert named(VALID.asked(version="1.0")) == [("proxy_speaks_http10", "very_likely")]
    assert named(VALID.asked(version="1.0").but(b"sec-websocket-key", b"short")) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [(b"sec-websocket-key", KEY), (b"sec-websocket-version", b"13")],
)
def test_the_same_field_twice_comes_from_two_hops(name: bytes, value: bytes) -> None:
    expected = [("duplicated_by_proxies", "very_likely")]

    assert named(VALID.plus(name, value)) == expected
    assert named(VALID.but(name, value + b", " + value)) == expected
    assert named(VALID.plus(name, b"AAAAAAAAAAAAAAAAAAAAAA==")) == []


def test_both_fields_twice_are_one_cause() -> None:
    both = VALID.plus(b"sec-websocket-key", KEY).plus(b"sec-websocket-version", b"13")

    assert named(both) == [("duplicated_by_proxies", "very_likely")]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        (b"user-agent", b"ELB-HealthChecker/2.0", "health_check"),
        (b"user-agent", b"kube-probe/1.31", "health_check"),
        (b"user-agent", b"PostmanRuntime/7.43", "plain_http_client"),
        (b"user-agent", b"python-httpx/0.28", "plain_http_client"),
        (b"sec-fetch-mode", b"navigate", "browser_tab"),
    ],
)
def test_a_plain_request_is_explained_by_its_client(
    name: bytes, value: bytes, code: str
) -> None:
    (cause,) = explained(PLAIN.plus(name, value), Violation(NOT_A_HANDSHAKE))

    assert cause[:2] == (code, "very_likely")


def test_an_old_browsers_tab_is_known_by_what_it_accepts() -> None:
    tab = PLAIN.plus(b"user-agent", CHROME)

    assert explained(tab, Violation(NOT_A_HANDSHAKE)) == []
    ((code, *_),) = explained(
        tab.plus(b"accept", b"text/html"), Violation(NOT_A_HANDSHAKE)
    )
    assert code == "browser_tab"


def test_a_server_that_passes_a_valid_handshake_on_has_no_websockets() -> None:
    unseen = Violation(SERVER_DID_NOT_UPGRADE)

    ((code, certainty, *_),) = explained(VALID, unseen)
    assert (code, certainty) == ("no_websocket_support", "very_likely")
    first, second = explained(VALID.but(b"upgrade", b"h2c, websocket"), unseen)
    assert first[:2] == ("server_reads_one_line", "likely")
    assert second[:2] == ("no_websocket_support", "possible")
    ((code, certainty, *_),) = explained(VALID.asked(version="2"), unseen)
    assert (code, certainty) == ("connect_not_bridged", "certain")


def test_half_a_handshake_is_hand_made() -> None:
    half = VALID.without(b"sec-websocket-key", b"sec-websocket-version")

    assert named(half) == [("hand_made_handshake", "likely")]
    assert named(half.plus(b"user-agent", b"curl/8.5")) == [
        ("hand_made_handshake", "very_likely")
    ]


def test_only_the_key_missing_behind_a_proxy_is_a_bridge_from_http2() -> None:
    keyless = VALID.without(b"sec-websocket-key")

    assert named(keyless) == []
    behind = keyless.plus(b"x-envoy-internal", b"true")
    assert named(behind) == [("bridge_lost_key", "possible")]
    likely = [("bridge_lost_key", "likely")]
    assert named(behind.plus(b"user-agent", CHROME)) == likely
    assert named(behind.plus(b"via", b"2.0 front")) == likely
    assert named(behind.plus(b"x-forwarded-proto", b"https")) == likely
    # without TLS no one speaks HTTP/2: the client forgot its key
    assert named(behind.plus(b"x-forwarded-proto", b"http")) == []


def test_old_drafts_are_known_by_their_keys_or_their_number() -> None:
    hixie = VALID.without(b"sec-websocket-key", b"sec-websocket-version")

    assert named(hixie.plus(b"sec-websocket-key1", b"4 @1  46546xW%0l 1 5")) == [
        ("old_draft", "certain")
    ]
    for number in (b"0", b"7", b"8"):
        assert named(VALID.but(b"sec-websocket-version", number)) == [
            ("old_draft", "certain")
        ]
    for number in (b"14", b"013", b"x"):
        assert named(VALID.but(b"sec-websocket-version", number)) == []


def test_cookies_are_named_where_they_are_most_of_it() -> None:
    assert named(VALID.plus(b"cookie", b"c" * 9000)) == [
        ("oversized_cookies", "very_likely")
    ]
    assert named(VALID.plus(b"x-large", b"c" * 9000)) == []


UNBLAMED = st.builds(
    lambda name, value, marks: _marked(VALID.but(name, value), marks),
    st.sampled_from(
        [
            *(
                b"sec-websocket-protocol",
                b"sec-websocket-extensions",
                b"content-length",
            ),
            *(b"host", b"sec-websocket-key", b"x-anything"),
        ]
    ),
    st.binary(max_size=40).filter(lambda value: b"," not in value),
    st.lists(
        st.sampled_from(
            [
                (b"x-forwarded-for", b"203.0.113.9"),
                (b"via", b"1.1 varnish"),
                (b"cf-ray", b"1"),
                (b"user-agent", CHROME),
                (b"x-forwarded-proto", b"https"),
            ]
        ),
        max_size=4,
        unique=True,
    ),
)


def _marked(handshake: Handshake, marks: list[tuple[bytes, bytes]]) -> Handshake:
    for name, value in marks:
        handshake = handshake.plus(name, value)
    return handshake


@settings(max_examples=500, deadline=None)
@given(UNBLAMED)
def test_a_mark_alone_blames_no_one(handshake: Handshake) -> None:
    assert named(handshake) == []
