"""Origin: at most one, and one that the operator allows."""

from __future__ import annotations

import pytest

from tests.support.handshakes import VALID, Handshake, measured
from ws_handshake import Policy, judge
from ws_handshake.core.authority_flaws import ORIGIN_SLASH

LISTED = Policy(allowed_origins=["https://example.com", "null"])
REQUIRED = Policy(allow_missing_origin=False)
SAME = Policy(allowed_origins=["same-origin"])


def found(
    handshake: Handshake, policy: Policy, scheme: str = "http"
) -> list[tuple[str, str | None]]:
    violations = judge(handshake.head(scheme=scheme), policy).violations
    return [measured(violation) for violation in violations]


@pytest.mark.parametrize(
    "origin", [b"https://evil.example", b"null", b"x y", b"", b"\xff"]
)
def test_without_a_policy_any_one_origin_is_valid(origin: bytes) -> None:
    assert found(VALID.plus(b"origin", origin), Policy()) == []
    assert found(VALID.plus(b"origin", origin), REQUIRED) == []


@pytest.mark.parametrize(
    "origin", [b"https://example.com", b" https://example.com\t", b"null"]
)
def test_an_origin_that_is_listed_is_valid(origin: bytes) -> None:
    assert found(VALID.plus(b"origin", origin), LISTED) == []


@pytest.mark.parametrize(
    ("origin", "length"),
    [
        (b"https://evil.example", "20 characters"),
        (b"https://example.com\xa0", "20 characters"),
        (b"https://example.com,", "20 characters"),
        (b"file://", "7 characters"),
        (b"", "0 characters"),
    ],
)
def test_any_other_origin_is_not_allowed_and_only_its_length_is_shown(
    origin: bytes, length: str
) -> None:
    assert found(VALID.plus(b"origin", origin), LISTED) == [
        ("origin_not_allowed", length)
    ]


def test_a_missing_origin_is_a_violation_where_the_operator_requires_one() -> None:
    strict = Policy(allowed_origins=["null"], allow_missing_origin=False)

    assert found(VALID, LISTED) == []
    assert found(VALID, REQUIRED) == [("origin_missing", None)]
    assert found(VALID, strict) == [("origin_missing", None)]


@pytest.mark.parametrize("policy", [Policy(), LISTED, REQUIRED, SAME])
def test_two_origins_are_one_too_many_even_if_both_are_allowed(policy: Policy) -> None:
    once = VALID.plus(b"origin", b"https://example.com")

    for second in (b"https://example.com", b"null", b""):
        assert found(once.plus(b"origin", second), policy) == [
            ("origin_duplicated", "2 lines")
        ]


@pytest.mark.parametrize("policy", [Policy(), LISTED, REQUIRED, SAME])
@pytest.mark.parametrize("merged", [b"null, null", b"https://example.com,null"])
def test_two_origins_that_a_proxy_merged_are_still_two(
    policy: Policy, merged: bytes
) -> None:
    assert found(VALID.plus(b"origin", merged), policy) == [
        ("origin_duplicated", "a list")
    ]


def test_the_same_origin_is_that_of_host_and_scheme() -> None:
    page = VALID.plus(b"origin", b"http://127.0.0.1")

    assert found(page, SAME) == []
    assert found(page, SAME, scheme="ws") == []
    assert found(page, SAME, scheme="") == []
    assert found(page, SAME, scheme="wss") == [("origin_not_allowed", "16 characters")]
    assert found(page.but(b"host", b"127.0.0.1:80"), SAME) == []
    assert found(page.but(b"host", b"127.0.0.1:8000"), SAME) == [
        ("origin_not_allowed", "16 characters")
    ]


def test_without_a_valid_host_no_origin_is_the_same_origin() -> None:
    page = VALID.plus(b"origin", b"http://127.0.0.1")

    assert found(page.without(b"host"), SAME) == [
        *(("host_missing", None), ("origin_not_allowed", "16 characters"))
    ]
    assert found(page.but(b"host", b"u@127.0.0.1"), SAME) == [
        *(("host_malformed", "11 characters"), ("origin_not_allowed", "16 characters"))
    ]


def test_of_two_hosts_the_first_decides() -> None:
    page = VALID.plus(b"origin", b"http://127.0.0.1").plus(b"host", b"evil.example")

    assert found(page, SAME) == [("host_duplicated", "2 lines")]
    assert found(page.but(b"origin", b"http://evil.example"), SAME) == [
        *(("host_duplicated", "2 lines"), ("origin_not_allowed", "19 characters"))
    ]


def test_an_origin_with_a_slash_at_its_end_is_called_so() -> None:
    handshake = VALID.plus(b"origin", b"https://example.com/")
    (violation,) = judge(handshake.head(), LISTED).violations

    assert violation.flaw == ORIGIN_SLASH
