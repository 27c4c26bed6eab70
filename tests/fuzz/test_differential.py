"""What we accept, peers accept; every exception is a row."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.headers import parse_connection, parse_extension, parse_subprotocol

from tests.fuzz.differences import THEY_ACCEPT
from tests.fuzz.differences_strict import APPLIES, THEY_READ, THEY_REJECT
from tests.fuzz.differential_rows import as_read, judged, why_accepted, why_rejected
from tests.support import bending
from tests.support.effort import examples
from tests.support.handshakes import ACCEPT, VALID, Handshake
from tests.support.peers import PARSERS, PEERS, as_handed_over, parsed
from tests.support.peers_sockets import serving_aiohttp, serving_ws, token_from
from ws_handshake import judge
from ws_handshake.core.grammar import elements, parse_extensions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.differences import Row

    Asked = Callable[[bytes], object]


@pytest.fixture(scope="module", name="all_peers")
def _all_peers() -> Iterator[dict[str, Asked]]:
    """All six, each asked for a token or for what it parses; None is a rejection."""
    with ExitStack() as servers:
        ws = servers.enter_context(serving_ws())
        aiohttp = servers.enter_context(serving_aiohttp())
        yield {
            **PEERS,
            **PARSERS,
            "ws": partial(token_from, ws),
            "aiohttp": partial(token_from, aiohttp),
        }


@pytest.mark.parametrize("who", PEERS)
def test_the_same_token_is_made_of_the_key_of_section_1_3(who: str) -> None:
    assert PEERS[who](VALID.wire()) == ACCEPT
    assert judge(VALID.head()).accept_token == ACCEPT


@pytest.mark.parametrize("row", THEY_ACCEPT, ids=str)
def test_what_they_accept_and_we_do_not_has_an_rfc_clause(
    row: Row, all_peers: dict[str, Asked]
) -> None:
    ours = judged(row.example)

    assert row.rfc.startswith("RFC ")
    assert ours.codes == (row.code,)
    assert all_peers[row.who](row.example) is not None


@pytest.mark.parametrize("row", THEY_REJECT, ids=str)
def test_what_they_reject_and_we_do_not_has_an_rfc_clause(
    row: Row, all_peers: dict[str, Asked]
) -> None:
    ours = judged(row.example)

    assert row.rfc.startswith("RFC ")
    assert ours.codes == ()
    assert APPLIES[row.code](ours.head, ours.data)
    assert all_peers[row.who](row.example) is None
    handed = all_peers[row.who](as_handed_over(as_read(ours)))
    assert (handed is None) is row.always


@pytest.mark.parametrize("row", THEY_READ, ids=str)
def test_what_they_read_otherwise_has_an_rfc_clause(row: Row) -> None:
    ours = judged(row.example)

    assert row.rfc.startswith("RFC ")
    assert APPLIES[row.code](ours.head, ours.data)
    theirs = PARSERS[row.who](row.example)
    assert theirs is not None
    assert theirs != parsed(ours.head)


def test_no_row_is_there_twice_and_every_predicate_has_its_row() -> None:
    rows = [str(row) for row in (*THEY_ACCEPT, *THEY_REJECT, *THEY_READ)]

    assert len(rows) == len(set(rows))
    assert APPLIES.keys() == {row.code for row in (*THEY_REJECT, *THEY_READ)}


@settings(max_examples=examples(1_000), deadline=None)
@given(bending.valid())
def test_what_the_rfcs_allow_all_three_accept_with_the_same_token(
    handshake: Handshake,
) -> None:
    ours = judge(handshake.head()).accept_token
    data = as_handed_over(handshake)

    assert ours is not None
    assert {who: peer(data) for who, peer in PEERS.items()} == dict.fromkeys(
        PEERS, ours
    )


@settings(max_examples=examples(1_000), deadline=None)
@given(bending.bent())
def test_what_we_accept_they_accept_as_it_is_handed_over(handshake: Handshake) -> None:
    ours = judged(handshake.wire())
    for who, peer in PEERS.items() if ours.token else ():
        theirs = peer(as_handed_over(as_read(ours)))

        assert theirs == ours.token or (
            theirs is None and why_rejected(who, ours, handed=True) is not None
        )


@settings(max_examples=examples(1_000), deadline=None)
@given(bending.bent())
def test_every_difference_on_a_request_as_it_was_sent_has_a_row(
    handshake: Handshake,
) -> None:
    ours = judged(handshake.wire())
    for who, peer in PEERS.items():
        theirs = peer(ours.data)

        if ours.token and theirs is None:
            assert why_rejected(who, ours) is not None
        elif ours.token:
            assert theirs == ours.token
        elif theirs is not None:
            assert why_accepted(who, ours.codes) is not None


@settings(max_examples=examples(1_000), deadline=None)
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


@settings(max_examples=examples(1_000), deadline=None)
@given(bending.extensions())
def test_offers_read_as_websockets_reads_them(offer: bytes) -> None:
    ours = [(name, list(parameters)) for name, parameters in parse_extensions(offer)]

    assert parse_extension(offer.strip(b" \t").decode()) == ours
