"""What holds for all rules together; each rule has a file of its own subject."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import bending
from tests.support.handshakes import VALID, Handshake
from ws_handshake import Policy, RequestHead, judge
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.core.rules import RULES
from ws_handshake.core.violation import Violation, in_order

ORDER = [reason.code for reason in CATALOGUE]

# One bend for each code that the rules know, alone and together with the others.
BENDS: dict[str, Any] = {
    "method_not_get": lambda h: h.asked(method="POST"),
    "http_version_too_old": lambda h: h.asked(version="1.0"),
    "host_missing": lambda h: h.without(b"host"),
    "upgrade_missing": lambda h: h.without(b"upgrade"),
    "connection_not_upgrade": lambda h: h.but(b"connection", b"close"),
    "key_malformed": lambda h: h.but(b"sec-websocket-key", b"secret"),
    "version_unsupported": lambda h: h.but(b"sec-websocket-version", b"8"),
    "subprotocol_malformed": lambda h: h.plus(b"sec-websocket-protocol", b"a b"),
    "extensions_malformed": lambda h: h.plus(b"sec-websocket-extensions", b"x;"),
    "origin_not_allowed": lambda h: h.plus(b"origin", b"https://evil.example"),
    "body_unexpected": lambda h: h.plus(b"content-length", b"5"),
    "headers_too_large": lambda h: h.plus(b"cookie", b"a" * 9000),
}
STRICT = Policy(allowed_origins=["https://example.com"])


def codes(handshake: Handshake, policy: Policy = STRICT) -> tuple[str, ...]:
    return judge(handshake.head(), policy).codes


def test_a_valid_handshake_has_no_violations() -> None:
    assert codes(VALID) == ()


@pytest.mark.parametrize("code", BENDS)
def test_one_broken_requirement_is_one_violation(code: str) -> None:
    assert codes(BENDS[code](VALID)) == (code,)


@pytest.mark.parametrize("pair", list(itertools.combinations(BENDS, 2)), ids="+".join)
def test_two_broken_requirements_are_two_violations_in_catalogue_order(
    pair: tuple[str, ...],
) -> None:
    first, second = pair

    assert codes(BENDS[first](BENDS[second](VALID))) == pair
    assert codes(BENDS[second](BENDS[first](VALID))) == pair


def test_all_violations_are_found_at_once() -> None:
    handshake = VALID
    for bend in BENDS.values():
        handshake = bend(handshake)

    assert codes(handshake) == tuple(BENDS)


def test_an_empty_head_misses_every_required_field_at_once() -> None:
    empty = Handshake(headers=())

    assert codes(empty, Policy(allow_missing_origin=False)) == (
        *("host_missing", "upgrade_missing", "connection_missing", "key_missing"),
        *("version_missing", "origin_missing"),
    )


def test_any_of_the_required_fields_may_be_missing_together() -> None:
    missing = {
        b"host": "host_missing",
        b"upgrade": "upgrade_missing",
        b"connection": "connection_missing",
        b"sec-websocket-key": "key_missing",
        b"sec-websocket-version": "version_missing",
    }
    for number in range(len(missing) + 1):
        for names in itertools.combinations(missing, number):
            expected = tuple(missing[name] for name in names)
            assert codes(VALID.without(*names)) == expected


def test_what_was_received_is_shown_as_redaction_allows() -> None:
    bent = (
        VALID.asked(method="P\xd6ST", version="1.0")
        .but(b"host", b"user:secret@h")
        .but(b"upgrade", b"h2c\xa0")
        .but(b"connection", b"close")
        .but(b"sec-websocket-key", b"secret")
        .but(b"sec-websocket-version", b"8")
        .plus(b"sec-websocket-protocol", b"Bearer secret")
        .plus(b"sec-websocket-extensions", b"secret;")
        .plus(b"origin", b"https://secret.example")
        .plus(b"content-length", b"5")
    )

    assert [f.received for f in judge(bent.head(), STRICT).violations] == [
        *("4 characters", "HTTP/1.0", "13 characters, user information"),
        *("4 characters", "close", "6 characters", "8"),
        "13 characters, a space within a name",
        "7 characters, a semicolon or equals sign with nothing behind it",
        "22 characters",
        "Content-Length other than 0",
    ]


def test_what_is_absent_has_nothing_received() -> None:
    empty = judge(Handshake(headers=()).head())

    assert [violation.received for violation in empty.violations] == [None] * 5


@settings(max_examples=100, deadline=None)
@given(bending.bent(), st.data())
def test_neither_the_order_of_lines_nor_the_case_of_names_matters(
    handshake: Handshake, data: st.DataObject
) -> None:
    # lines of one name keep their order: RFC 9110 section 5.3
    waiting: dict[bytes, list[bytes]] = {}
    for name, value in handshake.headers:
        waiting.setdefault(name, []).append(value)
    order = data.draw(st.permutations([name for name, _ in handshake.headers]))
    case = data.draw(st.sampled_from([bytes.lower, bytes.upper, bytes.title]))
    shuffled = [(case(name), waiting[name].pop(0)) for name in order]
    request = handshake.head()

    assert (
        judge(request._replace(headers=shuffled)).violations
        == judge(request).violations
    )


@settings(max_examples=100, deadline=None)
@given(bending.bent())
def test_violations_are_in_catalogue_order_and_none_occurs_twice(
    handshake: Handshake,
) -> None:
    found = codes(handshake)

    assert list(found) == sorted(set(found), key=ORDER.index)


@settings(max_examples=100, deadline=None)
@given(bending.valid())
def test_whatever_the_rfcs_allow_has_no_violations(handshake: Handshake) -> None:
    assert codes(handshake, Policy()) == ()


# A scope that its server is to upgrade: what is absent has been seen to.


def test_once_upgraded_what_is_absent_is_no_violation() -> None:
    nothing = RequestHead("GET", "1.1", [], upgraded=True)

    assert judge(nothing).codes == ()


SEEN_TO = {
    *("method_not_get", "http_version_too_old", "host_missing", "upgrade_missing"),
    "headers_too_large",
}


@pytest.mark.parametrize("code", BENDS)
def test_once_upgraded_what_is_present_must_be_valid(code: str) -> None:
    head = BENDS[code](VALID).head(upgraded=True)

    assert judge(head, STRICT).codes == (() if code in SEEN_TO else (code,))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (b"upgrade", "upgrade_not_websocket"),
        (b"connection", "connection_not_upgrade"),
        (b"sec-websocket-protocol", "subprotocol_malformed"),
        (b"sec-websocket-extensions", "extensions_malformed"),
    ],
)
def test_once_upgraded_a_list_of_any_length_must_be_valid(
    name: bytes, code: str
) -> None:
    long = VALID.but(name, b"a;" * 5000)

    assert judge(long.head(upgraded=True)).codes == (code,)
    assert judge(long.head()).codes == ("headers_too_large",)


def test_the_rules_stand_in_the_order_of_the_catalogue() -> None:
    assert [rule.__name__ for rule in RULES] == [
        *("method", "http_version", "host", "upgrade", "connection", "key", "version"),
        *("subprotocol", "extensions", "origin", "body", "size", "transport"),
    ]


def test_violations_are_put_in_the_order_of_the_catalogue() -> None:
    violations = [Violation(reason) for reason in CATALOGUE]

    assert in_order(*reversed(violations)) == tuple(violations)
