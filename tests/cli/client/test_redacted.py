"""What is shown of a request and of a response, and what is not."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.redacted import (
    request_lines,
    shown_address,
    shown_field,
    shown_protocol,
    without,
)
from ws_handshake.cli.client.request import Offer, http1_handshake
from ws_handshake.cli.client.target import parse_target

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
SECRET = "s3cret-s3cret-s3cret-s3cret-s3cret"


def test_of_a_request_only_what_we_wrote_ourselves_is_shown() -> None:
    target = parse_target(f"ws://user:{SECRET}@example.com/ws?token={SECRET}")
    offer = Offer(
        origin="https://app.example",
        subprotocols=("chat", SECRET),
        headers=(
            (b"Cookie", SECRET.encode()),
            (b"X-Api-Key", SECRET.encode()),
            (b"User-Agent", SECRET.encode()),
        ),
    )
    lines = request_lines(http1_handshake(target, offer, KEY), offer.names)

    assert lines == (
        "GET /ws?... HTTP/1.1",
        "Host: example.com",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        "Sec-WebSocket-Protocol: chat, a name of 34 characters",
        "Origin: https://app.example",
        "Authorization: <58 bytes>",
        "Cookie: <34 bytes>",
        "X-Api-Key: <34 bytes>",
        "User-Agent: <34 bytes>",
    )


def test_a_subprotocol_by_header_is_not_shown_at_all() -> None:
    offer = Offer(headers=((b"sec-websocket-protocol", b"chat"),))
    head = http1_handshake(parse_target("ws://example.com/ws"), offer, KEY)

    assert request_lines(head, offer.names)[-1] == "sec-websocket-protocol: <4 bytes>"


FIELDS = [
    (b"Server", b"nginx", "nginx"),
    (b"Set-Cookie", b"session=" + SECRET.encode(), "<42 bytes>"),
    (b"Location", b"/login?next=" + SECRET.encode(), "/login?..."),
    (b"X-Odd", b"\x1b[2J\xff", "\\x1b[2J\\xff"),
]


@pytest.mark.parametrize(("name", "value", "shown"), FIELDS)
def test_of_a_response_cookies_and_queries_are_not_shown(
    name: bytes, value: bytes, shown: str
) -> None:
    assert shown_field(name, value) == shown


ADDRESSES = [
    (b"/login", "/login"),
    (b"/login?x=1#y", "/login?..."),
    (b"//example.com/a", "//example.com/a"),
    (b"https://u@h:1/a#frag?x", "https://h:1/a?..."),
    (b"https://h", "https://h"),
    (b"\x1b]0;x", "\\x1b]0;x"),
    (b"login", "login"),
    (b"login%3Ftoken=secret", "login"),
    (b"https://h/login%253ftoken=secret", "https://h/login"),
    (b"user:secret@h/login", "h/login"),
    (b"0; url=/login?x=1", "0; url=/login?..."),
]


@pytest.mark.parametrize(("address", "shown"), ADDRESSES)
def test_an_address_is_shown_without_user_query_and_fragment(
    address: bytes, shown: str
) -> None:
    assert shown_address(address) == shown


def test_a_subprotocol_is_shown_unless_it_may_be_a_secret() -> None:
    assert shown_protocol(b"graphql-transport-ws") == "graphql-transport-ws"
    assert shown_protocol(SECRET.encode()) == "a name of 34 characters"


def test_a_page_that_repeats_what_was_sent_is_shown_without_it() -> None:
    target = parse_target("ws://user:password@example.com/ws?a=%26secret%3C&b=c")
    offer = Offer(headers=((b"Cookie", b"session=1"), (b"Upgrade", b"websocket")))
    body = (
        b"/ws?a=%26secret%3C&b=c /ws?a=%26secret%3C&amp;b=c &amp;secret&lt; "
        b"&secret< session=1 Basic dXNlcjpwYXNzd29yZA== websocket c"
    )

    assert without([*target.secrets, *offer.secrets], body) == (
        b"/ws... /ws... ... ... ... ... websocket c"
    )


def test_of_a_plain_request_nothing_is_taken_out_of_the_page() -> None:
    target = parse_target("ws://example.com/ws")

    assert (target.secrets, Offer().secrets) == ([], [])
    assert without([], b"Not found: /ws?") == b"Not found: /ws?"
