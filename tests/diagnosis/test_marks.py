"""Marks by themselves: every one of the catalogue, with every client, blames no one."""

from __future__ import annotations

from itertools import chain, product
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.diagnosed import agent_of, named
from tests.support.handshakes import VALID, Handshake, Header
from ws_handshake import judge
from ws_handshake.diagnosis.clients import CLIENTS
from ws_handshake.diagnosis.proxies import PROXIES

if TYPE_CHECKING:
    from random import Random


AGENTS = [*(agent_of(client) for client in CLIENTS.values()), b"", b"who/1.0"]
GROUPS: list[tuple[Header, ...]] = [
    *(
        tuple((name, b"1") for name in fields)
        for proxy in PROXIES.values()
        for fields in (*proxy.request_fields, proxy.go_fields)
        if fields
    ),
    *(((b"via", b"1.1 " + word + b")"),) for p in PROXIES.values() for word in p.via),
    ((b"via", b"2.0 front"),),
    ((b"proxy-connection", b"keep-alive"),),
    ((b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")),
    ((b"sec-fetch-mode", b"navigate"), (b"accept", b"text/html")),
]
# What is wrong with these is no proxy's doing.
BROKEN = (
    (b"sec-websocket-key", b"short"),
    (b"sec-websocket-version", b"14"),
    (b"sec-websocket-extensions", b"; x"),
    (b"host", b"a b"),
)


def written(marks: tuple[Header, ...], agent: bytes) -> Handshake:
    """Return a valid handshake with these marks, from this client."""
    headers = (*VALID.headers, (b"user-agent", agent), *marks)
    return VALID.asked(headers=headers)


def test_every_mark_with_every_client_on_a_valid_handshake_blames_no_one() -> None:
    for marks, agent in product(GROUPS, AGENTS):
        handshake = written(marks, agent)
        assert judge(handshake.head()).accepted
        assert named(handshake) == []


def test_every_mark_with_every_client_blames_no_one_for_the_clients_mistake() -> None:
    for marks, agent in product(GROUPS, AGENTS):
        for name, value in BROKEN:
            assert named(written(marks, agent).but(name, value)) == []


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(GROUPS), max_size=5, unique=True),
    st.sampled_from(AGENTS),
    st.randoms(use_true_random=False),
)
def test_many_marks_in_any_order_blame_no_one_either(
    groups: list[tuple[Header, ...]], agent: bytes, random: Random
) -> None:
    headers = list(written(tuple(chain.from_iterable(groups)), agent).headers)
    random.shuffle(headers)

    assert named(VALID.asked(headers=tuple(headers))) == []
