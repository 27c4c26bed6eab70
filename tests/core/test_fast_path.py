"""What the fast path recognises, and what it leaves to the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import bending
from tests.support.client_handshakes import CLIENTS
from tests.support.effort import examples
from tests.support.handshakes import KEY, VALID, Handshake
from ws_handshake import Policy, judge
from ws_handshake.core.fast_path import plainly_valid_key
from ws_handshake.core.normalize import handed_over
from ws_handshake.core.policy import Limits
from ws_handshake.core.rules import RULES
from ws_handshake.uvicorn.http_flaws import flaw_of

if TYPE_CHECKING:
    from ws_handshake import RequestHead


def recognises(handshake: Handshake, policy: Policy | None = None) -> bool:
    return plainly_valid_key(handshake.head(), policy or Policy()) is not None


@pytest.mark.parametrize("client", CLIENTS)
def test_what_browsers_and_libraries_send_is_recognised(client: str) -> None:
    request = CLIENTS[client].head()
    within = request._replace(upgraded=True, target=b"")

    assert plainly_valid_key(request, Policy()) == KEY
    assert plainly_valid_key(within, Policy()) == KEY


USUAL = {
    "an upgrade as in the RFC": VALID.but(b"upgrade", b"websocket"),
    "an upgrade in capitals": VALID.but(b"upgrade", b"WebSocket"),
    "a connection as in the RFC": VALID.but(b"connection", b"Upgrade"),
    "a connection in small letters": VALID.but(b"connection", b"upgrade"),
    "a connection of Firefox": VALID.but(b"connection", b"keep-alive, Upgrade"),
    "a host of one letter": VALID.but(b"host", b"a"),
    "a host with hyphens": VALID.but(b"host", b"a-b.c-d-e.example"),
    "a host with a port": VALID.but(b"host", b"example.com:59999"),
    "the longest host": VALID.but(b"host", b"a" * 255),
    "one subprotocol": VALID.plus(b"sec-websocket-protocol", b"chat"),
    "subprotocols": VALID.plus(b"sec-websocket-protocol", b"v2.chat, a,b_c-d"),
    "compression": VALID.plus(b"sec-websocket-extensions", b"permessage-deflate"),
    "an origin": VALID.plus(b"origin", b"https://example.com"),
    "an origin that is none": VALID.plus(b"origin", b""),
    "a name of digits": VALID.plus(b"1", b""),
    "a tab and bytes above 0x7f": VALID.plus(b"cookie", b"a\t\x80\xff"),
    "a path of one letter": VALID.asked(target=b"/"),
    "a query": VALID.asked(target=b"/ws?a=b&c=http://d"),
}


@pytest.mark.parametrize("name", USUAL)
def test_the_usual_spelling_of_a_field_is_recognised(name: str) -> None:
    assert recognises(USUAL[name])


# Valid or not: the rules decide.
UNUSUAL = {
    "another method": VALID.asked(method="POST"),
    "an old version": VALID.asked(version="1.0"),
    "HTTP/2": VALID.asked(version="2"),
    "nothing": Handshake(headers=()),
    "no host": VALID.without(b"host"),
    "no key": VALID.without(b"sec-websocket-key"),
    "no upgrade": VALID.without(b"upgrade"),
    "no connection": VALID.without(b"connection"),
    "no version": VALID.without(b"sec-websocket-version"),
    "a short key": VALID.but(b"sec-websocket-key", b"short"),
    "space around the key": VALID.but(b"sec-websocket-key", KEY + b" "),
    "a list in Upgrade": VALID.but(b"upgrade", b"h2c, websocket"),
    "a list in Connection": VALID.but(b"connection", b"a, Upgrade"),
    "another version of the protocol": VALID.but(b"sec-websocket-version", b"8"),
    "an empty host": VALID.but(b"host", b""),
    "a host in brackets": VALID.but(b"host", b"[::1]"),
    "a host with an A-label": VALID.but(b"host", b"xn--nxasmq6b.example"),
    "a host that is too long": VALID.but(b"host", b"a" * 256),
    "a port that is too high": VALID.but(b"host", b"a:65536"),
    "broken subprotocols": VALID.plus(b"sec-websocket-protocol", b"a b"),
    "no subprotocol at all": VALID.plus(b"sec-websocket-protocol", b""),
    "a gap in the subprotocols": VALID.plus(b"sec-websocket-protocol", b"a,,b"),
    "broken extensions": VALID.plus(b"sec-websocket-extensions", b"x;"),
    "an unusual offer": VALID.plus(b"sec-websocket-extensions", b"x"),
    "an origin with a comma": VALID.plus(b"origin", b"a, b"),
    "a name in capitals": VALID.plus(b"Cookie", b"a=b"),
    "two names in other capitals": VALID.plus(b"Host", b"a"),
    "a name that is there twice": VALID.plus(b"cookie", b"").plus(b"cookie", b""),
    "a body": VALID.plus(b"content-length", b"0"),
    "a transfer coding": VALID.plus(b"transfer-encoding", b"chunked"),
    "a control character": VALID.plus(b"cookie", b"a\x01"),
    "a long value": VALID.plus(b"cookie", b"a" * 8192),
    "a long name": VALID.plus(b"x" * 9000, b"1"),
    "a long target": VALID.asked(target=b"/" * 8192),
    "no target": VALID.asked(target=b""),
    "an absolute target": VALID.asked(target=b"http://127.0.0.1/ws"),
    "a target with a fragment": VALID.asked(target=b"/ws#a"),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_is_unusual_is_left_to_the_rules(name: str) -> None:
    assert recognises(VALID)
    assert not recognises(UNUSUAL[name])


def test_of_a_long_head_each_line_may_be_as_long_as_the_limit() -> None:
    long = VALID
    for number in range(60):
        long = long.plus(b"x-token-%d" % number, b"a" * 1000)

    assert recognises(long)
    assert recognises(long.plus(b"x" * 8000, b"a" * (192 - 15)))
    assert not recognises(long.plus(b"x" * 8000, b"a" * (192 - 14)))
    assert recognises(long.asked(target=b"/" + b"a" * (8191 - 15)))
    assert not recognises(long.asked(target=b"/" + b"a" * (8192 - 15)))
    assert not recognises(long, Policy(limits=Limits(line_bytes=1020)))


@pytest.mark.parametrize("more", range(-20, 21))
def test_a_head_that_is_as_long_as_a_line_may_be_is_recognised(more: int) -> None:
    size = sum(len(name) + len(value) for name, value in VALID.headers)
    padding = [len(f"x-{number}") + 1000 for number in range(7)]
    long = VALID.plus(b"x", b"a" * (8192 + more - size - sum(padding) - 4))
    for number in range(7):
        long = long.plus(b"x-%d" % number, b"a" * 1000)

    assert recognises(long)


def test_the_limits_and_the_origins_of_the_policy_are_kept() -> None:
    page = VALID.plus(b"origin", b"https://example.com")
    lines = len(VALID.headers)

    assert recognises(page, Policy(allow_missing_origin=False))
    assert not recognises(VALID, Policy(allow_missing_origin=False))
    assert recognises(VALID, Policy(allowed_origins=["https://example.com"]))
    assert not recognises(page, Policy(allowed_origins=["https://example.com"]))
    assert recognises(VALID, Policy(limits=Limits(lines=lines)))
    assert not recognises(VALID, Policy(limits=Limits(lines=lines - 1)))
    assert not recognises(VALID, Policy(limits=Limits(line_bytes=40)))


POLICIES = [
    Policy(),
    Policy(allow_missing_origin=False),
    Policy(allowed_origins=["https://example.com"]),
    Policy(allowed_origins=["same-origin", "null"], allow_missing_origin=False),
    Policy(limits=Limits(line_bytes=60, lines=6)),
    Policy(limits=Limits(line_bytes=100_000, lines=1000)),
]
starts = st.sampled_from([VALID, VALID, *CLIENTS.values()])


@st.composite
def heads(draw: st.DrawFn) -> RequestHead:
    """Draw a head close to what clients send: many are plainly valid."""
    handshake = draw(st.one_of(starts, bending.bent(starts=starts), bending.valid()))
    case = draw(st.sampled_from([bytes.lower, bytes.lower, bytes.lower, bytes.title]))
    fields = [(case(name), value) for name, value in handshake.headers]
    padding = draw(st.sampled_from([0, 0, 0, 7600, 8050, 8080, 8085, 8165, 8190]))
    fields += [(b"x-padding", b"a" * padding)] if padding else []
    fields += [
        (b"x-more-%d" % n, b"a" * 900) for n in range(draw(st.sampled_from([0, 0, 9])))
    ]
    return handshake.head(
        headers=draw(st.permutations(fields)), upgraded=draw(st.booleans())
    )


@settings(max_examples=examples(3_000), deadline=None)
@given(heads(), st.sampled_from(POLICIES))
def test_what_is_recognised_violates_no_rule_and_is_handed_over_unchanged(
    request: RequestHead, policy: Policy
) -> None:
    key = plainly_valid_key(request, policy)
    fields = request.fields()
    violations = tuple(f for rule in RULES if (f := rule(request, fields, policy)))
    verdict = judge(request, policy)

    assert verdict.violations == violations
    if key is not None:
        assert violations == ()
        assert fields.get(b"sec-websocket-key") == [key]
        assert verdict.nonce == key
        assert flaw_of(request, strict=False) is None
        assert handed_over(request) == (list(request.headers), request.target, None)
