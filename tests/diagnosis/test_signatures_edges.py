"""Where a cause begins: one line more, one byte more, one field that differs."""

from __future__ import annotations

import pytest

from tests.support.diagnosed import named
from tests.support.handshakes import VALID, Handshake
from ws_handshake import Policy
from ws_handshake.core.reasons import HEADERS_TOO_LARGE, SERVER_DID_NOT_UPGRADE
from ws_handshake.diagnosis.signatures import diagnose

BY_ITSELF = ["no_websocket_support"]
ONE_LINE = ["server_reads_one_line", "no_websocket_support"]


@pytest.mark.parametrize(
    ("handshake", "codes"),
    [
        (VALID, BY_ITSELF),
        (VALID.but(b"connection", b"keep-alive, Upgrade"), BY_ITSELF),
        (VALID.plus(b"upgrade", b"h2c"), ONE_LINE),
        (VALID.plus(b"connection", b"close"), ONE_LINE),
        (VALID.but(b"upgrade", b"h2c, websocket"), ONE_LINE),
    ],
)
def test_two_lines_or_a_list_of_protocols_are_what_some_servers_cannot_read(
    handshake: Handshake, codes: list[str]
) -> None:
    found = frozenset([SERVER_DID_NOT_UPGRADE])

    causes = diagnose(handshake.head(), found, Policy())
    assert [cause.code for cause in causes] == codes


def test_numbered_keys_beside_a_valid_key_are_no_old_draft() -> None:
    handshake = VALID.but(b"sec-websocket-version", b"14")

    assert named(handshake.plus(b"sec-websocket-key1", b"1")) == []


def test_an_origin_that_is_the_host_too_was_not_rewritten() -> None:
    policy = Policy(allowed_origins=["same-origin"])
    handshake = VALID.but(b"host", b"example.com").plus(
        b"x-forwarded-host", b"example.com"
    )

    found = named(handshake.plus(b"origin", b"https://example.com"), policy)
    assert found == [("proxy_hid_https", "very_likely")]


@pytest.mark.parametrize(("others", "codes"), [(12, ["oversized_cookies"]), (13, [])])
def test_cookies_are_the_cause_if_they_are_more_than_half_of_the_bytes(
    others: int, codes: list[str]
) -> None:
    headers = ((b"cookie", b"c" * 20), (b"x", b"y" * others))
    request = VALID.asked(headers=headers).head()

    causes = diagnose(request, frozenset([HEADERS_TOO_LARGE]), Policy())
    assert [cause.code for cause in causes] == codes


def test_an_old_draft_with_both_marks_is_named_once() -> None:
    handshake = VALID.without(b"sec-websocket-key").but(b"sec-websocket-version", b"8")
    assert named(handshake.plus(b"sec-websocket-key1", b"1")) == [
        ("old_draft", "certain")
    ]


def test_a_mark_that_no_proxy_leaves_alone_is_no_bridge() -> None:
    without_key = VALID.without(b"sec-websocket-key")
    assert named(without_key.plus(b"x-forwarded-host", b"a")) == []
    assert named(without_key.plus(b"via", b"2 a")) == [("bridge_lost_key", "likely")]
    broken = without_key.but(b"sec-websocket-version", b"99").plus(b"via", b"2 a")
    assert named(broken) == []


def test_a_draft_by_its_number_is_one_whatever_else_is_there() -> None:
    numbered = VALID.but(b"sec-websocket-version", b"8")
    assert named(numbered.plus(b"sec-websocket-key1", b"1")) == [
        ("old_draft", "certain")
    ]


@pytest.mark.parametrize("with_it", [(), (b"connection", b"sec-websocket-key")])
def test_without_its_version_alone_or_without_connection_it_is_not_hand_made(
    with_it: tuple[bytes, ...],
) -> None:
    assert named(VALID.without(b"sec-websocket-version", *with_it)) == []
