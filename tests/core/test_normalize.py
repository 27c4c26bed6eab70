from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import bending
from tests.support.handshakes import VALID, Handshake
from ws_handshake import RequestHead, judge
from ws_handshake.core.authority import is_host
from ws_handshake.core.normalize import (
    AbsoluteForm,
    Handover,
    absolute_form,
    handed_over,
)

_EXTENSIONS = b"sec-websocket-extensions"
_PROTOCOL = b"sec-websocket-protocol"


def handed(handshake: Handshake) -> Handover:
    return handed_over(handshake.head())


def values(handshake: Handshake, name: bytes) -> list[bytes]:
    return [value for key, value in handed(handshake).headers if key == name]


def test_what_every_implementation_reads_is_handed_over_unchanged() -> None:
    usual = (
        VALID.but(b"connection", b"keep-alive, Upgrade")
        .plus(b"cookie", b"a=b")
        .plus(_PROTOCOL, b"v2.chat, chat")
        .plus(_EXTENSIONS, b"permessage-deflate; client_max_window_bits, x")
        .plus(b"cookie", b"c=d")
    )

    assert handed(usual) == (list(usual.headers), b"/ws", None)


def test_a_body_of_no_bytes_is_not_announced() -> None:
    empty = VALID.plus(b"content-length", b"00").plus(b"content-length", b"0")

    assert handed(empty).headers == list(VALID.headers)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([b"WebSocket"], b"WebSocket"),
        ([b" websocket\t"], b" websocket\t"),
        ([b"h2c, websocket"], b"websocket"),
        ([b",WebSocket"], b"websocket"),
        ([b"h2c", b"websocket"], b"websocket"),
        ([b"websocket", b""], b"websocket"),
        ([b"websocket", b"websocket"], b"websocket"),
    ],
)
def test_a_list_in_upgrade_becomes_websocket(
    lines: list[bytes], expected: bytes
) -> None:
    handshake = VALID.without(b"upgrade")
    for line in lines:
        handshake = handshake.plus(b"upgrade", line)

    assert values(handshake, b"upgrade") == [expected]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([b"upgrade"], b"upgrade"),
        ([b"close, ,Upgrade,"], b"close, ,Upgrade,"),
        ([b"keep-alive", b"Upgrade"], b"Upgrade"),
        ([b"Upgrade", b"keep-alive", b""], b"Upgrade"),
    ],
)
def test_several_lines_of_connection_become_upgrade(
    lines: list[bytes], expected: bytes
) -> None:
    handshake = VALID.without(b"connection")
    for line in lines:
        handshake = handshake.plus(b"connection", line)

    assert values(handshake, b"connection") == [expected]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([b"a"], b"a"),
        ([b"a ,\tb"], b"a ,\tb"),
        ([b"a,,b"], b"a,b"),
        ([b", a, b ,"], b"a,b"),
        ([b"a", b"b, c"], b"a,b,c"),
        ([b"a", b""], b"a"),
    ],
)
def test_subprotocols_are_one_list_without_empty_elements(
    lines: list[bytes], expected: bytes
) -> None:
    handshake = VALID
    for line in lines:
        handshake = handshake.plus(_PROTOCOL, line)

    assert values(handshake, _PROTOCOL) == [expected]


def test_one_line_stands_where_the_first_of_several_stood() -> None:
    handshake = Handshake(
        headers=(
            *((b"a", b"1"), (b"connection", b"x"), (b"b", b"2")),
            *((b"connection", b"Upgrade"), (b"c", b"3")),
        )
    )

    assert handed(handshake).headers == [
        *((b"a", b"1"), (b"connection", b"Upgrade"), (b"b", b"2"), (b"c", b"3"))
    ]


@pytest.mark.parametrize(
    ("target", "expected", "host"),
    [
        (b"/ws?a=b", b"/ws?a=b", b"127.0.0.1"),
        (b"*", b"*", b"127.0.0.1"),
        (b"", b"", b"127.0.0.1"),
        (b"http://example.com/ws?a=b#c", b"/ws?a=b#c", b"example.com"),
        (b"https://example.com:8443/ws", b"/ws", b"example.com:8443"),
        (b"ws://example.com/ws", b"/ws", b"example.com"),
        (b"wss://example.com/ws", b"/ws", b"example.com"),
        (b"HTTP://Example.com", b"/", b"Example.com"),
        (b"http://example.com?a=/b", b"/?a=/b", b"example.com"),
        (b"http://example.com#/b", b"/#/b", b"example.com"),
        (b"http://user:secret@example.com/a@b", b"/a@b", b"example.com"),
        (b"http://[::1]:80/ws", b"/ws", b"[::1]:80"),
        (b"http:///ws", b"/ws", b"127.0.0.1"),
        (b"http://a b/ws", b"/ws", b"127.0.0.1"),
        (b"http://a:99999/ws", b"/ws", b"127.0.0.1"),
        (b"http://u@v@w/ws", b"http://u@v@w/ws", b"127.0.0.1"),
        (b"ftp://example.com/ws", b"ftp://example.com/ws", b"127.0.0.1"),
        (b"/http://example.com/ws", b"/http://example.com/ws", b"127.0.0.1"),
        (b"http:/ws", b"http:/ws", b"127.0.0.1"),
    ],
)
def test_the_host_of_an_absolute_target_replaces_host(
    target: bytes, expected: bytes, host: bytes
) -> None:
    handover = handed(VALID.asked(target=target))
    changed = host != b"127.0.0.1"

    assert handover.target == expected
    assert dict(handover.headers)[b"host"] == host
    assert handover.host == (host if changed else None)
    assert changed or handover.headers == list(VALID.headers)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (b"http://h.ex", AbsoluteForm(None, b"h.ex", b"")),
        (b"WSS://@h.ex:80?a#b", AbsoluteForm(b"", b"h.ex:80", b"?a#b")),
        (b"https://u:p@/a@b\n", AbsoluteForm(b"u:p", b"", b"/a@b\n")),
        (b"/ws", None),
        (b"ftp://h.ex", None),
        (b"http://u@v@w", None),
    ],
)
def test_an_absolute_form_is_split_whether_it_is_valid_or_not(
    target: bytes, expected: AbsoluteForm | None
) -> None:
    assert absolute_form(target) == expected


@pytest.mark.parametrize(
    ("host", "written"),
    [
        (b"xn--fa-hia.example", b"xn-%2Dfa-hia.example"),
        (b"XN--0.example:80", b"XN-%2D0.example:80"),
        (b"a.xn--b.xn--c", b"a.xn-%2Db.xn-%2Dc"),
        (b"axn--b", b"axn-%2Db"),
    ],
)
def test_a_labels_are_written_so_that_no_implementation_decodes_them(
    host: bytes, written: bytes
) -> None:
    handover = handed(VALID.but(b"host", host))

    assert dict(handover.headers)[b"host"] == written
    assert handover.host == host
    assert is_host(written)


def test_the_host_to_put_back_is_that_of_an_absolute_target() -> None:
    handover = handed(VALID.asked(target=b"http://xn--fa-hia.example/ws"))

    assert dict(handover.headers)[b"host"] == b"xn-%2Dfa-hia.example"
    assert handover.host == b"xn--fa-hia.example"


def test_without_a_host_there_is_none_to_put_back() -> None:
    handover = handed(VALID.without(b"host").asked(target=b"http://example.com/ws"))

    assert handover == (list(VALID.without(b"host").headers), b"/ws", None)


def longest_line(handover: Handover) -> int:
    lines = [len(name) + len(value) + 4 for name, value in handover.headers]
    return max(len(handover.target) + 15, *lines)


FILLERS = st.sampled_from(
    [b"a", b"a,", b",", b"x;a=b,", b'x;a="\\b",', b"xn--a.", b" "]
)


@settings(max_examples=100, deadline=None)
@given(
    bending.valid(),
    FILLERS,
    st.sampled_from([b"upgrade", b"connection", _PROTOCOL, _EXTENSIONS]),
    st.integers(8000, 8200),
)
def test_no_line_handed_over_is_longer_than_the_limit(
    handshake: Handshake, filler: bytes, name: bytes, length: int
) -> None:
    filled = handshake.plus(name, (filler * 8200)[:length])
    verdict = judge(filled.head())
    for start in (handshake, filled) if verdict.accepted else (handshake,):
        assert longest_line(handed(start)) <= 8192


def test_a_host_of_255_bytes_grows_and_stays_short() -> None:
    longest = b".".join([b"xn--"] * 51)[:255]

    assert judge(VALID.but(b"host", longest).head()).accepted
    assert longest_line(handed(VALID.but(b"host", longest))) < 400


@settings(max_examples=100, deadline=None)
@given(bending.valid())
def test_what_is_handed_over_is_as_valid_and_offers_the_same(
    handshake: Handshake,
) -> None:
    before = judge(handshake.head())
    handover = handed(handshake)
    after = judge(RequestHead("GET", "1.1", handover.headers, handover.target))

    assert after.accepted
    assert after.accept_token == before.accept_token
    assert after.subprotocols == before.subprotocols
    assert set(after.extensions) <= set(before.extensions)
    for name in (b"upgrade", b"connection", _PROTOCOL, _EXTENSIONS):
        assert len([key for key, _ in handover.headers if key == name]) <= 1


@settings(max_examples=100, deadline=None)
@given(bending.valid())
def test_what_is_handed_over_needs_no_second_change(handshake: Handshake) -> None:
    once = handed(handshake)
    twice = handed_over(RequestHead("GET", "1.1", once.headers, once.target))

    assert (twice.headers, twice.target) == (once.headers, once.target)
