"""Upgrade and Connection: lists in one line or several."""

from __future__ import annotations

import pytest

from tests.support.bending import NO_SPACE
from tests.support.handshakes import VALID, Handshake
from ws_handshake import judge


def found(handshake: Handshake) -> list[tuple[str, str | None]]:
    violations = judge(handshake.head()).violations
    return [(violation.reason.code, violation.received) for violation in violations]


def lines(name: bytes, *values: bytes) -> Handshake:
    handshake = VALID.without(name)
    for value in values:
        handshake = handshake.plus(name, value)
    return handshake


@pytest.mark.parametrize(
    "values",
    [
        *([b"websocket"], [b"WebSocket"], [b"WEBSOCKET"], [b" websocket\t"]),
        *([b"h2c, websocket"], [b"websocket,h2c"], [b"a ,\twebsocket ,b"]),
        *([b"HTTP/2.0, websocket"], [b"websocket/13, websocket"]),
        *([b",websocket"], [b"websocket,"], [b", ,, websocket ,,"]),
        *([b"websocket, websocket"], [b"websocket", b"websocket"]),
        *([b"h2c", b"websocket"], [b"websocket", b"h2c"], [b"", b"websocket"]),
        *([b"websocket", b","], [b"a,", b",b", b"WebSocket"]),
    ],
)
def test_a_list_with_websocket_in_it_is_valid(values: list[bytes]) -> None:
    assert found(lines(b"upgrade", *values)) == []


@pytest.mark.parametrize(
    "value",
    [
        *(b"websocket/13", b"websocket2", b"websockets", b"xwebsocket", b"h2c", b"web"),
        *(b"TLS/1.0", b"web,socket", b"HTTP/2.0, h2c"),
    ],
)
def test_an_upgrade_that_names_no_websocket_is_shown(value: bytes) -> None:
    assert found(lines(b"upgrade", value)) == [
        ("upgrade_not_websocket", value.decode())
    ]


@pytest.mark.parametrize(
    "value",
    [
        *(b"websocket foo", b"websocket; q=1", b'"websocket"', b"websocket:13"),
        *(b"", b",", b"websocket/", b"/websocket", b"websocket//13", b"websocket, a b"),
        *(
            b"websocket,@",
            b"web socket",
            b"(websocket)",
            b"a" * 60,
            b"h2c, " + b"a" * 17,
        ),
        *(b"websocket Cookie: session=secret", b"websocket Authorization: Bearer a"),
    ],
)
def test_of_an_upgrade_that_is_no_list_of_short_names_only_the_length_is_shown(
    value: bytes,
) -> None:
    length = "1 character" if len(value) == 1 else f"{len(value)} characters"

    assert found(lines(b"upgrade", value)) == [("upgrade_not_websocket", length)]


def test_letters_fold_in_ascii_only() -> None:
    kelvin = b"websoc\xe2\x84\xaaet"
    long_s = b"web\xc5\xbfocket"

    assert found(lines(b"upgrade", kelvin)) == [
        ("upgrade_not_websocket", "11 characters")
    ]
    assert found(lines(b"upgrade", long_s)) == [
        ("upgrade_not_websocket", "10 characters")
    ]


@pytest.mark.parametrize("odd", NO_SPACE)
def test_only_space_and_tab_are_white_space(odd: bytes) -> None:
    assert found(lines(b"upgrade", b"websocket" + odd)) == [
        ("upgrade_not_websocket", "10 characters")
    ]
    assert found(lines(b"connection", odd + b"Upgrade")) == [
        ("connection_not_upgrade", "8 characters")
    ]
    assert found(lines(b"connection", b"close," + odd + b"Upgrade")) == [
        ("connection_not_upgrade", "14 characters")
    ]


def test_one_broken_line_makes_the_whole_list_unreadable() -> None:
    assert found(lines(b"upgrade", b"a b", b"websocket")) == [
        ("upgrade_not_websocket", "2 lines")
    ]
    assert found(lines(b"connection", b"Upgrade", b"a/b")) == [
        ("connection_not_upgrade", "Upgrade, a/b")
    ]


def test_lines_are_joined_by_a_comma_and_not_by_nothing() -> None:
    assert found(lines(b"upgrade", b"web", b"socket")) == [
        ("upgrade_not_websocket", "web, socket")
    ]
    assert found(lines(b"connection", b"Up", b"grade")) == [
        ("connection_not_upgrade", "Up, grade")
    ]


@pytest.mark.parametrize(
    "values",
    [
        *([b"Upgrade"], [b"upgrade"], [b"UPGRADE"], [b"\tupgrade "]),
        *([b"keep-alive, Upgrade"], [b"Upgrade,close"], [b"a ,\tupgrade ,b"]),
        *([b",upgrade"], [b"upgrade,"], [b", ,, upgrade ,,"], [b"upgrade,upgrade"]),
        *([b"keep-alive", b"Upgrade"], [b"Upgrade", b"keep-alive"]),
        *([b"", b"upgrade"], [b"upgrade", b" , "]),
    ],
)
def test_a_list_with_upgrade_in_it_is_valid(values: list[bytes]) -> None:
    assert found(lines(b"connection", *values)) == []


@pytest.mark.parametrize(
    "value",
    [
        *(b"close", b"keep-alive", b"keep-alive, close", b"upgrades", b"up"),
        b"xupgrade",
        *(b"upgrade/1", b"close\t, TE"),
    ],
)
def test_a_connection_that_names_no_upgrade_is_shown(value: bytes) -> None:
    shown = value.decode().replace("\t", r"\t")

    assert found(lines(b"connection", value)) == [("connection_not_upgrade", shown)]


@pytest.mark.parametrize(
    "value",
    [
        *(
            b"keep-alive Upgrade",
            b"Upgrade; close",
            b'"upgrade"',
            b"Upgrade=1",
            b"",
            b",",
        ),
        *(b"keep-alive\tUpgrade", b"keep-alive, " + b"a" * 17, b"Upgrade Cookie: a=b"),
    ],
)
def test_of_a_connection_that_is_no_list_of_short_names_only_the_length_is_shown(
    value: bytes,
) -> None:
    length = "1 character" if len(value) == 1 else f"{len(value)} characters"

    assert found(lines(b"connection", value)) == [("connection_not_upgrade", length)]


def test_a_missing_field_and_a_wrong_one_are_different_violations() -> None:
    assert found(VALID.without(b"upgrade")) == [("upgrade_missing", None)]
    assert found(VALID.without(b"connection")) == [("connection_missing", None)]


def test_of_a_long_list_only_the_length_is_shown() -> None:
    assert found(lines(b"upgrade", b"a, " * 40 + b"a")) == [
        ("upgrade_not_websocket", "121 characters")
    ]
