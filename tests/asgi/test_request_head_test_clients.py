"""What test clients make up is left out of the head; what servers hand on is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.handshakes import KEY, VALID
from ws_handshake import judge
from ws_handshake.asgi.request_head import websocket_head

SEC_KEY = b"sec-websocket-key"
VERSION = b"sec-websocket-version"
PROTOCOL = b"sec-websocket-protocol"
TESTSERVER = VALID.but(SEC_KEY, b"testserver==")

MADE_UP = (
    (SEC_KEY, b"testserver=="),
    (VERSION, b"13"),
    (PROTOCOL, b""),
    (b"connection", b"keep-alive"),
)


def of_a_client(**scope: Any) -> dict[str, Any]:
    """Return the scope of a test client, most of which leave out what ASGI demands."""
    made = VALID.websocket_scope(**scope)
    del made["asgi"]
    return made


def codes(scope: dict[str, Any]) -> tuple[str, ...]:
    return judge(websocket_head(scope)).codes


@pytest.mark.parametrize("client", [("testclient", 50000), ("10.0.0.1", 1), None])
def test_what_is_made_up_is_left_out_wherever_the_client_says_it_is(
    client: tuple[str, int] | None,
) -> None:
    written = ((b"host", b"testserver"), *MADE_UP)
    request = websocket_head(of_a_client(headers=list(written), client=client))

    assert request.headers == [(b"host", b"testserver")]
    assert judge(request).accepted


@pytest.mark.parametrize("line", MADE_UP)
def test_behind_what_the_test_has_written_it_is_left_out_too(
    line: tuple[bytes, bytes],
) -> None:
    name, made_up = line
    apart = of_a_client(headers=[(name.title(), b"a"), line])
    joined = of_a_client(headers=[(name, b"a, " + made_up)])

    assert websocket_head(apart).headers == [(name.title(), b"a")]
    assert websocket_head(joined).headers == [(name, b"a")]


def test_a_key_and_a_version_of_the_test_are_judged() -> None:
    wrong = [(SEC_KEY, b"short, testserver=="), (VERSION, b"8"), (VERSION, b"13")]

    assert codes(of_a_client(headers=wrong)) == ("key_malformed", "version_unsupported")
    assert judge(websocket_head(of_a_client())).accept_token is not None


def test_a_connection_that_a_client_makes_up_is_seen_by_the_missing_upgrade() -> None:
    kept = VALID.without(b"upgrade").but(b"connection", b"keep-alive")
    closed = VALID.without(b"upgrade").but(b"connection", b"close")

    assert codes(kept.websocket_scope()) == ()
    assert codes(closed.websocket_scope()) == ("connection_not_upgrade",)
    assert codes(VALID.but(b"connection", b"keep-alive").websocket_scope()) == (
        "connection_not_upgrade",
    )


@pytest.mark.parametrize("client", [("testclient", 50000), ("203.0.113.9", 50000)])
def test_what_a_server_hands_on_is_judged_wherever_it_comes_from(
    client: tuple[str, int],
) -> None:
    assert codes(TESTSERVER.websocket_scope(client=client)) == ("key_malformed",)
    twice = VALID.plus(VERSION, b"13").plus(PROTOCOL, b"")
    assert codes(twice.websocket_scope(client=client)) == (
        "version_duplicated",
        "subprotocol_malformed",
    )


def test_daphne_writes_no_version_and_is_a_server_all_the_same() -> None:
    scope = VALID.plus(PROTOCOL, b"").websocket_scope(extensions={})
    del scope["http_version"]

    assert codes(scope) == ("subprotocol_malformed",)


def test_over_http2_nobody_writes_upgrade_and_a_server_is_judged() -> None:
    empty = VALID.without(b"upgrade", b"connection", SEC_KEY).plus(PROTOCOL, b"")
    scope = empty.websocket_scope(http_version="2")

    assert codes(scope) == ("subprotocol_malformed",)


@pytest.mark.parametrize("empty", [[""], ["", ""]])
def test_an_empty_name_on_offer_is_none_where_no_header_says_so(
    empty: list[str],
) -> None:
    scope = VALID.websocket_scope(subprotocols=empty, extensions={})

    assert judge(websocket_head(scope)).subprotocols == ()
    assert codes(scope) == ()
    scope["subprotocols"] = ["", "chat"]
    assert judge(websocket_head(scope)).subprotocols == ("chat",)


def test_an_empty_name_that_wsproto_has_read_is_judged() -> None:
    scope = VALID.websocket_scope(subprotocols=[""])

    assert codes(scope) == ("subprotocol_malformed",)


def test_a_header_is_found_however_its_name_is_written() -> None:
    offer = VALID.plus(b"Sec-WebSocket-Protocol", b"chat")
    request = websocket_head(offer.websocket_scope(subprotocols=["chat"]))

    assert request.values(PROTOCOL) == [b"chat"]


@given(
    st.lists(
        st.sampled_from(MADE_UP)
        | st.tuples(st.sampled_from([name for name, _ in MADE_UP]), st.binary())
    )
)
def test_no_line_that_a_server_hands_on_is_left_out(
    lines: list[tuple[bytes, bytes]],
) -> None:
    headers = [(b"upgrade", b"websocket"), (SEC_KEY, KEY), *lines]

    assert websocket_head(VALID.websocket_scope(headers=headers)).headers == headers
