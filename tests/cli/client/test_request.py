"""The request that a client sends, and how the options change it."""

from __future__ import annotations

import pytest

from ws_handshake import judge
from ws_handshake.cli.client.request import (
    Offer,
    http1_handshake,
    http2_handshake,
    parse_header,
    parse_origin,
    parse_subprotocol,
    to_http1,
)
from ws_handshake.cli.client.target import parse_target

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
TARGET = parse_target("ws://example.com:8000/ws?a=b")
WHOLE = Offer("https://app.example", ("chat", "superchat"), ((b"Cookie", b"a=b"),))


def test_the_handshake_goes_over_the_wire_like_this() -> None:
    head = http1_handshake(TARGET, WHOLE, KEY)
    agent = dict(head.headers)[b"User-Agent"]

    assert agent.startswith(b"ws-handshake/")
    assert to_http1(head) == (
        b"GET /ws?a=b HTTP/1.1\r\n"
        b"Host: example.com:8000\r\n"
        b"Upgrade: websocket\r\n"
        b"Connection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
        b"Sec-WebSocket-Protocol: chat, superchat\r\n"
        b"Origin: https://app.example\r\n"
        b"User-Agent: " + agent + b"\r\n"
        b"Cookie: a=b\r\n\r\n"
    )


@pytest.mark.parametrize("offer", [Offer(), WHOLE])
def test_our_own_rules_find_no_violation_in_it(offer: Offer) -> None:
    assert judge(http1_handshake(TARGET, offer, KEY)).accepted
    assert judge(http2_handshake(TARGET, offer)).accepted


def test_a_header_replaces_ours_in_any_case() -> None:
    headers = ((b"sec-websocket-version", b"8"), (b"Sec-WebSocket-Version", b"13"))
    head = http1_handshake(TARGET, Offer(headers=headers), KEY)

    assert head.values(b"sec-websocket-version") == [b"8", b"13"]
    assert Offer(headers=headers).names == {b"sec-websocket-version"}


def test_an_empty_header_leaves_ours_out() -> None:
    head = http1_handshake(TARGET, Offer(headers=((b"Upgrade", b""),)), KEY)

    assert judge(head).codes == ("upgrade_missing",)


def test_credentials_in_the_url_are_sent_as_authorization() -> None:
    head = http1_handshake(parse_target("ws://a:b@example.com"), Offer(), KEY)

    assert head.values(b"authorization") == [b"Basic YTpi"]


def test_over_http2_there_is_neither_key_nor_upgrade_nor_connection() -> None:
    headers = ((b"Upgrade", b"x"), (b"Host", b"other.example"), (b"X-A", b"b"))
    head = http2_handshake(TARGET, Offer(headers=headers))

    assert (head.method, head.http_version) == ("CONNECT", "2")
    assert [name for name, _ in head.headers] == [
        *(b"sec-websocket-version", b"sec-websocket-extensions", b"user-agent"),
        *(b"host", b"x-a"),
    ]
    assert head.values(b"host") == [b"other.example"]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Cookie: a=b", (b"Cookie", b"a=b")),
        ("X-A:\tb c ", (b"X-A", b"b c")),
        ("Upgrade:", (b"Upgrade", b"")),
        ("X-Name: é", (b"X-Name", b"\xc3\xa9")),
        ("X-Empty;", (b"X-Empty", b" ")),
        ("X: a;", (b"X", b"a;")),
    ],
)
def test_a_header_is_a_name_and_a_value(text: str, pair: tuple[bytes, bytes]) -> None:
    assert parse_header(text) == pair


@pytest.mark.parametrize(
    "text", ["secret", ": secret", "a b: secret", "X: se\ncret", "X,Y: secret", "é: x"]
)
def test_what_is_not_a_header_is_reported_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"^write a header as 'Name: value'") as caught:
        parse_header(text)
    assert "secret" not in str(caught.value)


def test_a_subprotocol_is_one_name() -> None:
    assert parse_subprotocol("v1.chat") == "v1.chat"
    for text in ("", "a b", "a,b", "a,", "é"):
        with pytest.raises(ValueError, match=r"^a subprotocol is one name without"):
            parse_subprotocol(text)


def test_an_origin_may_be_wrong_and_must_fit_into_a_header() -> None:
    assert parse_origin("https://app.example") == "https://app.example"
    assert parse_origin("not an origin") == "not an origin"
    with pytest.raises(
        ValueError, match=r"^write an origin as in https://example\.com$"
    ):
        parse_origin("https://a\r\nX: y")


def test_a_header_is_changed_or_left_out_whatever_the_user_offers() -> None:
    mine = (b"Sec-WebSocket-Extensions", b"x-mine")
    offer = Offer("https://a.example", headers=(mine, (b"Cookie", b"a=b")))
    bare = offer.having(b"sec-websocket-extensions", b"").having(b"Origin", b"null")
    headers = http1_handshake(TARGET, bare, KEY).headers
    names = [name.lower() for name, _ in headers]

    assert b"sec-websocket-extensions" not in names
    assert [v for n, v in headers if n.lower() == b"origin"] == [b"null"]
    assert (b"Cookie", b"a=b") in headers


def test_an_origin_is_sent_by_either_option_and_the_header_wins() -> None:
    assert Offer("https://a.example").has_origin
    assert Offer(headers=((b"ORIGIN", b"null"),)).has_origin
    assert not Offer("https://a.example", headers=((b"Origin", b""),)).has_origin
    assert not Offer().has_origin


def test_secrets_are_the_long_values_of_headers_that_are_no_handshakes() -> None:
    headers = ((b"Cookie", b"session=1"), (b"Upgrade", b"websocket"), (b"X-A", b"b"))

    assert Offer(headers=headers).secrets == ["session=1"]
