"""What we accept, websockets and wsproto accept; every exception is a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.headers import parse_connection, parse_extension, parse_subprotocol

from tests import bending
from tests.handshakes import ACCEPT, KEY, SOUND, Handshake
from tests.peers import PEERS, as_handed_over
from ws_handshake import judge
from ws_handshake.grammar import elements, is_field_value, parse_extensions
from ws_handshake.handover import handed_over

if TYPE_CHECKING:
    from collections.abc import Callable

LISTS = (
    *(b"upgrade", b"connection", b"sec-websocket-protocol"),
    b"sec-websocket-extensions",
)
_EXTENSIONS = b"sec-websocket-extensions"


@dataclass(frozen=True)
class Row:
    """A difference: they accept what we refuse with `code`, or refuse what is `code`.

    `always` says that it is one even for the request as it is handed over.
    """

    who: str
    code: str
    rfc: str
    example: Handshake
    always: bool = False

    def __str__(self) -> str:
        return f"{self.who}, {self.code}"


def lines(name: bytes, *values: bytes) -> Handshake:
    handshake = SOUND.without(name)
    for value in values:
        handshake = handshake.plus(name, value)
    return handshake


THEY_ACCEPT = [
    Row("websockets", "host_missing", "RFC 9112 section 3.2", SOUND.without(b"host")),
    Row(
        *("websockets", "host_malformed", "RFC 9112 section 3.2"),
        SOUND.but(b"host", b"a/b?c="),
    ),
    Row(
        *("websockets", "host_duplicated", "RFC 9112 section 3.2"),
        SOUND.plus(b"host", b"other.example"),
    ),
    Row(
        *("websockets", "origin_duplicated", "RFC 6454 section 7.3"),
        SOUND.plus(b"origin", b"null, null"),
    ),
    Row(
        *("wsproto", "http_version_too_old", "RFC 9110 section 7.8"),
        SOUND.asked(version="1.0"),
    ),
    Row("wsproto", "host_missing", "RFC 9112 section 3.2", SOUND.but(b"host", b"")),
    Row(
        *("wsproto", "host_malformed", "RFC 9112 section 3.2"),
        SOUND.but(b"host", b"a/b?c="),
    ),
    Row(
        *("wsproto", "upgrade_not_websocket", "RFC 9110 section 5.3"),
        lines(b"upgrade", b"a b", b"websocket"),
    ),
    Row(
        *("wsproto", "connection_not_upgrade", "RFC 9110 section 7.6.1"),
        SOUND.but(b"connection", b"a/b, Upgrade"),
    ),
    Row(
        *("wsproto", "key_malformed", "RFC 6455 section 4.2.1(5)"),
        SOUND.but(b"sec-websocket-key", b"x"),
    ),
    Row(
        *("wsproto", "key_duplicated", "RFC 6455 section 11.3.1"),
        SOUND.plus(b"sec-websocket-key", KEY),
    ),
    Row(
        *("wsproto", "version_duplicated", "RFC 6455 section 11.3.5"),
        SOUND.plus(b"sec-websocket-version", b"13"),
    ),
    Row(
        *("wsproto", "subprotocol_malformed", "RFC 6455 section 4.1(10)"),
        SOUND.plus(b"sec-websocket-protocol", b"a b"),
    ),
    Row(
        *("wsproto", "extensions_malformed", "RFC 6455 section 9.1"),
        SOUND.plus(_EXTENSIONS, b"x;"),
    ),
    Row(
        *("wsproto", "origin_duplicated", "RFC 6454 section 7.3"),
        SOUND.plus(b"origin", b"null").plus(b"origin", b"null"),
    ),
    Row(
        *("wsproto", "body_unexpected", "RFC 9110 section 9.3.1"),
        SOUND.plus(b"content-length", b"5"),
    ),
]

THEY_REFUSE = [
    Row(
        *("websockets", "another protocol in Upgrade", "RFC 9110 section 7.8"),
        SOUND.but(b"upgrade", b"h2c, websocket"),
    ),
    Row(
        *("websockets", "a line without an element", "RFC 9110 section 5.6.1.2"),
        lines(b"connection", b"Upgrade", b","),
    ),
    Row(
        *("websockets", "a body of 00 bytes", "RFC 9110 section 8.6"),
        SOUND.plus(b"content-length", b"00"),
    ),
    Row(
        *("websockets", "a control character", "RFC 9110 section 5.5"),
        SOUND.plus(b"origin", b"a\x01b"),
        always=True,
    ),
    Row(
        *("wsproto", "another protocol in Upgrade", "RFC 9110 section 7.8"),
        SOUND.but(b"upgrade", b"h2c, websocket"),
    ),
    Row(
        *("wsproto", "several lines of a list", "RFC 9110 section 5.3"),
        lines(b"connection", b"Upgrade", b"keep-alive"),
    ),
    Row(
        *("wsproto", "an A-label that IDNA 2003 has not", "RFC 5891 section 5.4"),
        SOUND.but(b"host", b"xn--fa-hia.example"),
    ),
    Row(
        *("wsproto", "an offer it falls over", "RFC 7692 section 7.1"),
        SOUND.plus(_EXTENSIONS, b"permessage-deflate; server_max_window_bits=foo"),
    ),
    Row(
        *("wsproto", "two bodies of 0 and of 00 bytes", "RFC 9110 section 8.6"),
        SOUND.plus(b"content-length", b"0").plus(b"content-length", b"00"),
    ),
    Row(
        *("wsproto", "a control character", "RFC 9110 section 5.5"),
        SOUND.plus(b"origin", b"a\x00b"),
        always=True,
    ),
]
EXCEPTIONS = [*THEY_ACCEPT, *THEY_REFUSE]


def has_others(handshake: Handshake) -> bool:
    return len(handshake.head().tokens(b"upgrade")) > 1


def is_split(handshake: Handshake) -> bool:
    head = handshake.head()
    return any(len(head.values(name)) > 1 for name in (b"upgrade", b"connection"))


def has_empty_line(handshake: Handshake) -> bool:
    head = handshake.head()
    return any(not elements(v) for name in LISTS for v in head.values(name))


def has_odd_offer(handshake: Handshake) -> bool:
    """Say whether we would not hand all offers for compression over as they are."""
    before = handshake.head().values(_EXTENSIONS)
    after = handed_over(handshake.head()).headers
    return before != [value.strip() for name, value in after if name == _EXTENSIONS]


APPLIES: dict[str, Callable[[Handshake], bool]] = {
    "another protocol in Upgrade": lambda h: (
        has_others(h) or h.head().values(b"upgrade")[-1].lower() != b"websocket"
    ),
    "several lines of a list": is_split,
    "a line without an element": has_empty_line,
    "a body of 00 bytes": lambda h: b"00" in h.head().values(b"content-length"),
    "two bodies of 0 and of 00 bytes": lambda h: (
        len(set(h.head().values(b"content-length"))) > 1
    ),
    "a control character": lambda h: any(
        not is_field_value(value) for _, value in h.headers
    ),
    "an A-label that IDNA 2003 has not": lambda h: (
        b"xn--" in h.head().values(b"host")[0].lower()
    ),
    "an offer it falls over": has_odd_offer,
}


def allowed(who: str, handshake: Handshake, *, handed: bool) -> bool:
    """Say whether a row knows that `who` refuses a request which is sound."""
    return any(
        row.who == who and APPLIES[row.code](handshake) and (row.always or not handed)
        for row in THEY_REFUSE
    )


@pytest.mark.parametrize("who", PEERS)
def test_the_same_token_is_made_of_the_key_of_section_1_3(who: str) -> None:
    assert PEERS[who](SOUND.wire()) == ACCEPT
    assert judge(SOUND.head()).accept_token == ACCEPT


@pytest.mark.parametrize("row", EXCEPTIONS, ids=str)
def test_every_exception_is_one_and_has_an_rfc_clause(row: Row) -> None:
    verdict = judge(row.example.head())
    theirs = PEERS[row.who](row.example.wire())

    assert row.rfc.startswith("RFC ")
    if row in THEY_ACCEPT:
        assert (verdict.codes, theirs is None) == ((row.code,), False)
    else:
        assert (verdict.accepted, theirs) == (True, None)
        assert APPLIES[row.code](row.example)
        handed = PEERS[row.who](as_handed_over(row.example))
        assert (handed is None) is row.always


@settings(max_examples=300, deadline=None)
@given(bending.sound())
def test_what_the_rfcs_allow_all_three_accept_with_the_same_token(
    handshake: Handshake,
) -> None:
    ours = judge(handshake.head()).accept_token
    data = as_handed_over(handshake)

    assert ours is not None
    assert {who: peer(data) for who, peer in PEERS.items()} == dict.fromkeys(
        PEERS, ours
    )


@settings(max_examples=300, deadline=None)
@given(bending.bent())
def test_what_we_accept_they_accept_as_it_is_handed_over(handshake: Handshake) -> None:
    ours = judge(handshake.head()).accept_token
    for who, peer in PEERS.items() if ours else ():
        theirs = peer(as_handed_over(handshake))

        assert theirs == ours or (
            theirs is None and allowed(who, handshake, handed=True)
        )


@settings(max_examples=300, deadline=None)
@given(bending.bent())
def test_what_they_say_of_a_request_as_it_came_differs_by_a_row_only(
    handshake: Handshake,
) -> None:
    verdict = judge(handshake.head())
    for who, peer in PEERS.items():
        theirs = peer(handshake.wire())
        known = {row.code for row in THEY_ACCEPT if row.who == who}

        if verdict.accepted and theirs is None:
            assert allowed(who, handshake, handed=False)
        elif verdict.accepted:
            assert theirs == verdict.accept_token
        elif theirs is not None:
            assert known.issuperset(verdict.codes)


@settings(max_examples=300, deadline=None)
@given(st.lists(bending.tokens, min_size=1), st.data())
def test_lists_read_as_websockets_reads_them(
    names: list[bytes], data: st.DataObject
) -> None:
    for value in data.draw(bending.listed(names)):
        text = value.strip(b" \t").decode()
        parts = [part.decode() for part in elements(value)]
        if parts:
            assert list(parse_connection(text)) == parts
            assert list(parse_subprotocol(text)) == parts


@settings(max_examples=300, deadline=None)
@given(bending.extensions())
def test_offers_read_as_websockets_reads_them(offer: bytes) -> None:
    ours = [(name, list(parameters)) for name, parameters in parse_extensions(offer)]

    assert parse_extension(offer.strip(b" \t").decode()) == ours
