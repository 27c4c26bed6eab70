from __future__ import annotations

import pytest

from tests.support.handshakes import VALID, Handshake
from ws_handshake.cli.explain.explained import explain
from ws_handshake.cli.explain.report import Line, marked_lines
from ws_handshake.cli.pasted.request import PastedRequest

REST = [
    Line("Host: (9 characters)"),
    Line("Upgrade: websocket"),
    Line("Connection: Upgrade"),
    Line("Sec-WebSocket-Key: (24 characters)"),
    Line("Sec-WebSocket-Version: 13"),
]


def lines(handshake: Handshake) -> list[Line]:
    return list(marked_lines(explain(PastedRequest(handshake.head()))))


def test_of_most_values_only_the_length_is_shown() -> None:
    handshake = VALID.plus(b"cookie", b"a=b").plus(b"te", b"x").plus(b"x-mine", b"y")
    assert lines(handshake) == [
        Line("GET /ws HTTP/1.1"),
        *REST,
        Line("Cookie: (3 characters)"),
        Line("TE: (1 character)"),
        Line("(1 other header line)"),
    ]


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (b"/ws?token=a", "GET /ws?... HTTP/1.1"),
        (b"/ws#a", "GET /ws HTTP/1.1"),
        (b"http://u:p@h/ws", "GET /ws HTTP/1.1"),
        (b"http://h", "GET / HTTP/1.1"),
        (b"/\x1b[31m", "GET /\\x1b[31m HTTP/1.1"),
    ],
)
def test_of_the_target_only_the_path_is_shown(target: bytes, shown: str) -> None:
    assert lines(VALID.asked(target=target))[0].text == shown


def test_a_line_has_the_codes_of_what_is_wrong_in_it() -> None:
    handshake = (
        VALID.asked(method="POST", version="1.0")
        .but(b"upgrade", b"h2c\x00")
        .plus(b"transfer-encoding", b"chunked")
        .without(b"connection")
    )
    assert lines(handshake) == [
        Line("POST /ws HTTP/1.0", ("method_not_get", "http_version_too_old")),
        REST[0],
        Line("Upgrade: (4 characters)", ("upgrade_not_websocket",)),
        *REST[3:],
        Line("Transfer-Encoding: (7 characters)", ("body_unexpected",)),
        Line("Connection: (missing)", ("connection_missing",)),
    ]


def test_a_body_is_marked_where_it_is_announced() -> None:
    shown = lines(VALID.plus(b"content-length", b"5"))
    assert shown[-1] == Line("Content-Length: (1 character)", ("body_unexpected",))


def test_every_line_of_a_duplicated_header_is_marked() -> None:
    shown = lines(VALID.plus(b"sec-websocket-key", b"a"))
    marked = [line.text for line in shown if line.codes == ("key_duplicated",)]
    assert marked == [
        "Sec-WebSocket-Key: (24 characters)",
        "Sec-WebSocket-Key: (1 character)",
    ]


def test_of_a_plain_request_no_line_is_wrong() -> None:
    plain = Handshake(headers=((b"host", b"a"),))
    assert lines(plain) == [Line("GET /ws HTTP/1.1"), Line("Host: (1 character)")]


def test_of_very_many_lines_only_those_that_are_wrong_are_shown() -> None:
    handshake = VALID.without(b"upgrade")
    for number in range(60):
        handshake = handshake.plus(b"origin" if number % 30 == 0 else b"cookie", b"a")
    assert lines(handshake) == [
        Line("GET /ws HTTP/1.1"),
        Line("Origin: (1 character)", ("origin_duplicated",)),
        Line("Origin: (1 character)", ("origin_duplicated",)),
        Line("Upgrade: (missing)", ("upgrade_missing",)),
        Line("(62 other header lines)"),
    ]


def test_where_another_field_may_have_got_into_a_value_nothing_is_shown() -> None:
    handshake = VALID.asked(method="X=1", target=b"/u:secret@host/ws")
    handshake = handshake.but(b"connection", b"Upgrade -b session=secret")
    shown = [line.text for line in lines(handshake)]
    assert shown[0] == "(method) /ws HTTP/1.1"
    assert shown[3] == "Connection: (25 characters)"


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (b"", "/"),
        (b"/a=b", "/..."),
        (b"session=secret", "/..."),
        (b"user:secret@host", "/..."),
        (b"/ws%253Ftoken=secret", "/ws"),
        (b"/ws?token=secret", "/ws?..."),
    ],
)
def test_of_a_target_only_a_path_is_shown(target: bytes, shown: str) -> None:
    assert lines(VALID.asked(target=target))[0].text == f"GET {shown} HTTP/1.1"


def test_an_invalid_version_of_http_is_not_shown() -> None:
    text = lines(VALID.asked(version="1.secret"))[0].text

    assert text == "GET /ws HTTP/?"


def test_an_empty_value_has_no_characters() -> None:
    assert lines(VALID.but(b"upgrade", b""))[2].text == "Upgrade: (0 characters)"
