"""How large a head may be: exactly at the edges."""

from __future__ import annotations

import pytest

from tests.support.handshakes import VALID, Handshake
from ws_handshake import Policy, judge
from ws_handshake.core.policy import Limits

SMALL = Policy(limits=Limits(line_bytes=100, lines=8))


def found(handshake: Handshake, policy: Policy = SMALL) -> list[tuple[str, str | None]]:
    violations = judge(handshake.head(), policy).violations
    return [(violation.reason.code, violation.received) for violation in violations]


def too_large(received: str) -> list[tuple[str, str | None]]:
    return [("headers_too_large", received)]


@pytest.mark.parametrize(("policy", "limit"), [(Policy(), 8192), (SMALL, 100)])
def test_a_line_has_its_name_colon_space_and_line_end_in_it(
    policy: Policy, limit: int
) -> None:
    room = limit - len("cookie: \r\n")

    assert found(VALID.plus(b"cookie", b"a" * room), policy) == []
    assert found(VALID.plus(b"cookie", b"a" * (room + 1)), policy) == too_large(
        f"a line of {limit + 1:,} bytes"
    )


@pytest.mark.parametrize(("policy", "limit"), [(Policy(), 8192), (SMALL, 100)])
def test_the_request_line_is_a_line_too(policy: Policy, limit: int) -> None:
    room = limit - len("GET  HTTP/1.1\r\n")

    assert found(VALID.asked(target=b"/" * room), policy) == []
    assert found(VALID.asked(target=b"/" * (room + 1)), policy) == too_large(
        f"a line of {limit + 1:,} bytes"
    )


def test_a_long_method_makes_the_request_line_long() -> None:
    assert found(VALID.asked(method="G" * 200)) == [
        ("method_not_get", "200 characters"),
        ("headers_too_large", "a line of 215 bytes"),
    ]


@pytest.mark.parametrize(("policy", "limit"), [(Policy(), 128), (SMALL, 8)])
def test_more_lines_than_the_limit_are_a_violation(policy: Policy, limit: int) -> None:
    handshake = VALID
    while len(handshake.headers) < limit:
        handshake = handshake.plus(b"x", b"")

    assert found(handshake, policy) == []
    assert found(handshake.plus(b"x", b""), policy) == too_large(
        f"{limit + 1} header lines"
    )


def test_white_space_around_a_value_is_part_of_its_line() -> None:
    assert found(VALID.plus(b"cookie", b" " * 91)) == too_large("a line of 101 bytes")


LISTS = {
    b"upgrade": (b"websocket", b"h2c"),
    b"connection": (b"upgrade", b"close"),
    b"sec-websocket-protocol": (b"chat", b"chat"),
    b"sec-websocket-extensions": (b"x;a=b", b"y"),
}


@pytest.mark.parametrize("name", LISTS)
def test_lines_of_one_list_count_together(name: bytes) -> None:
    first, second = LISTS[name]
    # ": ", CRLF, and a comma between the two
    room = 100 - len(name) - 4 - len(first) - 1
    full = VALID.without(name).plus(name, first)

    assert found(full.plus(name, second.ljust(room, b"z"))) == []
    assert found(full.plus(name, second.ljust(room + 1, b"z"))) == too_large(
        "a line of 101 bytes"
    )


def test_the_lines_of_other_fields_count_separately() -> None:
    assert found(VALID.plus(b"cookie", b"a" * 90).plus(b"cookie", b"b" * 90)) == []


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_too_long_is_not_read(name: bytes) -> None:
    room = 100 - len(name) - 4

    assert found(VALID.but(name, b"@" * 101)) == too_large(
        f"a line of {101 + len(name) + 4} bytes"
    )
    assert [code for code, _ in found(VALID.but(name, b"@" * room))] != [
        "headers_too_large"
    ]


@pytest.mark.parametrize("name", LISTS)
def test_between_the_two_limits_a_list_is_read_and_too_long(name: bytes) -> None:
    codes = [code for code, _ in found(VALID.but(name, b"@" * 100))]

    assert len(codes) == 2
    assert codes[1] == "headers_too_large"


def test_too_many_lines_are_reported_before_a_long_one() -> None:
    handshake = VALID.plus(b"cookie", b"a" * 200)
    while len(handshake.headers) < 9:
        handshake = handshake.plus(b"x", b"")

    assert found(handshake) == too_large("9 header lines")


def test_once_upgraded_any_size_is_valid() -> None:
    large = VALID.plus(b"cookie", b"a" * 200).head(upgraded=True)

    assert judge(large, SMALL).accepted
