from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.handshakes import KEY, VALID, Handshake
from ws_handshake import RequestHead
from ws_handshake.core.request import EVIDENCE

PLAIN = VALID.without(
    b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version"
)
SIGNS = [
    *(b"sec-websocket-key", b"sec-websocket-version", b"sec-websocket-protocol"),
    *(b"sec-websocket-extensions", b"sec-websocket-key1", b"sec-websocket-key2"),
]


def test_values_are_those_of_all_lines_with_the_name() -> None:
    request = VALID.but(b"x", b"1").plus(b"y", b"2").plus(b"x", b"").head()

    assert request.values(b"x") == [b"1", b""]
    assert request.values(b"z") == []


def test_values_have_no_space_or_tab_around_but_what_else_there_is() -> None:
    request = VALID.plus(b"x", b" \t1 2\t ").plus(b"x", b"\xa0\x0b3\x85\x0c").head()

    assert request.values(b"x") == [b"1 2", b"\xa0\x0b3\x85\x0c"]


def test_names_are_found_in_any_case() -> None:
    request = VALID.plus(b"X-Name", b"1").plus(b"x-name", b"2").head()

    assert request.values(b"x-name") == [b"1", b"2"]


def test_tokens_are_the_elements_of_all_lines_in_lower_case() -> None:
    request = (
        VALID.but(b"upgrade", b" h2c ,, WebSocket").plus(b"upgrade", b",A/1").head()
    )

    assert request.tokens(b"upgrade") == [b"h2c", b"websocket", b"a/1"]
    assert request.tokens(b"x") == []


def test_tokens_are_folded_in_ascii_only() -> None:
    request = VALID.but(b"upgrade", b"WEBSOC\xe2\x84\xaaET, \xc4").head()

    assert request.tokens(b"upgrade") == [b"websoc\xe2\x84\xaaet", b"\xc4"]


def test_fields_are_what_the_rules_look_at_line_by_line() -> None:
    request = (
        VALID.plus(b"Origin", b" null ")
        .plus(b"origin", b"x")
        .plus(b"cookie", b"a=b")
        .plus(b"content-length", b"0")
        .plus(b"transfer-encoding", b"")
        .plus(b"sec-websocket-protocol", b"chat")
        .plus(b"sec-websocket-extensions", b"x;a")
    )

    assert request.head().fields() == {
        b"host": [b"127.0.0.1"],
        b"upgrade": [b"websocket"],
        b"connection": [b"Upgrade"],
        b"sec-websocket-key": [KEY],
        b"sec-websocket-version": [b"13"],
        b"origin": [b"null", b"x"],
        b"content-length": [b"0"],
        b"transfer-encoding": [b""],
        b"sec-websocket-protocol": [b"chat"],
        b"sec-websocket-extensions": [b"x;a"],
    }


def test_only_spaces_and_tabs_around_a_value_are_white_space() -> None:
    request = VALID.but(b"sec-websocket-version", b" \t\x0b13\x0c\x0b\t ")

    assert request.head().fields()[b"sec-websocket-version"] == [b"\x0b13\x0c\x0b"]


def test_a_head_needs_no_more_than_method_version_and_headers() -> None:
    request = RequestHead("GET", "1.1", [])

    assert (request.target, request.scheme, request.upgraded) == (b"", "", False)
    assert not request.is_attempt()


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2", True),
        ("2.0", True),
        ("3", True),
        ("1.1", False),
        ("1", False),
        ("", False),
    ],
)
def test_http_2_and_3_are_one_kind(version: str, *, expected: bool) -> None:
    assert RequestHead("GET", version, []).is_http2() is expected


def test_the_repr_of_a_head_shows_only_its_number_of_lines() -> None:
    bent = VALID.plus(b"cookie", b"secret").asked(method="secret", version="1.secret")
    request = bent.asked(target=b"/ws?token=secret").head()

    assert repr(request) == "<RequestHead of 6 lines>"
    assert str(request) == "<RequestHead of 6 lines>"


@pytest.mark.parametrize("name", SIGNS)
@pytest.mark.parametrize("method", ["GET", "POST", "CONNECT"])
def test_a_field_that_only_handshakes_have_shows_an_attempt(
    name: bytes, method: str
) -> None:
    assert PLAIN.asked(method=method).plus(name, b"").head().is_attempt()
    assert PLAIN.asked(method=method).plus(name.title(), b"").head().is_attempt()


@pytest.mark.parametrize(
    "value",
    [b"websocket", b"WebSocket", b"h2c, websocket", b"websocket ,", b"\twebsocket"],
)
def test_websocket_among_the_upgrade_tokens_shows_an_attempt(value: bytes) -> None:
    assert PLAIN.plus(b"upgrade", value).head().is_attempt()
    assert PLAIN.plus(b"upgrade", b"h2c").plus(b"Upgrade", value).head().is_attempt()


@pytest.mark.parametrize(
    "value",
    [
        b"h2c",
        b"",
        b"websocket/13",
        b"websocket2",
        b"websocket foo",
        b"websoc\xe2\x84\xaaet",
    ],
)
def test_another_upgrade_shows_none(value: bytes) -> None:
    assert not PLAIN.plus(b"upgrade", value).head().is_attempt()


def test_connection_upgrade_alone_shows_none() -> None:
    assert not PLAIN.plus(b"connection", b"upgrade").head().is_attempt()


def test_a_plain_request_has_none_of_the_names_that_may_show_an_attempt() -> None:
    assert {*SIGNS, b"upgrade"} == EVIDENCE


@pytest.mark.parametrize("version", ["2", "3"])
def test_over_http2_a_get_is_an_attempt_with_a_key_only(version: str) -> None:
    over_http2 = PLAIN.asked(version=version)

    assert over_http2.plus(b"sec-websocket-key", KEY).head().is_attempt()
    for name in (*SIGNS[1:], b"upgrade"):
        assert not over_http2.plus(name, b"websocket").head().is_attempt()


@pytest.mark.parametrize("version", ["2", "3"])
def test_over_http2_a_connect_is_an_attempt_with_a_handshakes_field(
    version: str,
) -> None:
    connect = PLAIN.asked(version=version, method="CONNECT")

    assert connect.plus(b"sec-websocket-version", b"13").head().is_attempt()
    assert not connect.head().is_attempt()


def test_over_http2_no_other_method_is_an_attempt() -> None:
    assert not VALID.asked(version="2", method="POST").head().is_attempt()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=30), st.binary(max_size=30)), max_size=6))
def test_arbitrary_headers_are_read(headers: list[tuple[bytes, bytes]]) -> None:
    request = Handshake(headers=tuple(headers)).head()

    assert isinstance(request.is_attempt(), bool)
    assert all(name == name.lower() for name in request.fields())


@pytest.mark.parametrize("version", ["2", "2.0", "3", "3.0"])
def test_over_http2_a_version_alone_is_no_attempt_however_http_writes_its_own(
    version: str,
) -> None:
    handshake = VALID.without(b"sec-websocket-key")

    assert handshake.head().is_attempt()
    assert not handshake.head(http_version=version).is_attempt()


@pytest.mark.parametrize("name", ["host", "origin", "x"])
def test_names_that_are_text_raise(name: Any) -> None:
    """A wrapper could make text of them, and no rule would see an Origin."""
    head = VALID.head(headers=[*VALID.headers, (name, b"a")])

    with pytest.raises(TypeError, match="doesn't apply to a 'str' object"):
        head.fields()
