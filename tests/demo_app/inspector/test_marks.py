"""Which lines of a request head a violation is about."""

from __future__ import annotations

import pytest

from demo_app.inspector.marks import lines_of
from ws_handshake.core.policy import Limits
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.core.violation import Violation

REASONS = {reason.code: reason for reason in CATALOGUE}

HEAD = """\
GET /ws HTTP/1.1
Host: a
Upgrade: websocket
UPGRADE : h2c
Content-Length: 5
Transfer-Encoding: chunked

Upgrade: this is a body
"""


def marked(
    text: str, code: str, received: str | None = None, lines: int = 128
) -> object:
    violation = Violation(REASONS[code], received)
    return lines_of(violation, text, Limits(lines=lines))


@pytest.mark.parametrize(
    "code",
    ["method_not_get", "http_version_too_old", "http1_handshake_over_http2"],
)
def test_a_violation_of_the_request_line_marks_it(code: str) -> None:
    assert marked(HEAD, code) == [0]


def test_a_header_is_marked_in_every_line_where_it_stands() -> None:
    assert marked(HEAD, "upgrade_not_websocket") == [2, 3]
    assert marked(HEAD, "host_malformed") == [1]


def test_what_is_missing_has_no_line() -> None:
    assert marked(HEAD, "key_missing") == []
    assert marked(HEAD, "server_did_not_upgrade") == []
    assert marked("", "method_not_get") == []


def test_a_body_is_announced_by_either_of_two_headers() -> None:
    assert marked(HEAD, "body_unexpected") == [4, 5]


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("GET /ws HTTP/1.1\nHost: a\nOdd Name: b\nX: c\n folded", [2, 4]),
        ("GET /ws\nHost: a", [0]),
        ("GET /ws HTTP/1.1\nHost: a\x00b", [1]),
        ("GET /ws HTTP/1.1\nHost: a", []),
    ],
)
def test_what_is_not_valid_http_is_marked_line_by_line(
    head: str, lines: list[int]
) -> None:
    assert marked(head, "head_malformed", "a header name") == lines


def test_a_malformed_target_marks_the_request_line() -> None:
    assert marked("GET ws HTTP/1.1", "head_malformed", "the request target") == [0]


def test_of_too_long_lines_the_longest_is_marked() -> None:
    head = "GET /ws HTTP/1.1\nHost: a\nCookie: aaaaaaaaaaaaaaaaaaaaaaaa\nX: b"
    assert marked(head, "headers_too_large") == [2]
    assert marked("GET /long-path HTTP/1.1\nHost: a", "headers_too_large") == [0]


def test_of_too_many_lines_those_beyond_the_limit_are_marked() -> None:
    assert marked(HEAD, "headers_too_large", lines=3) == [4, 5]


def test_lines_are_numbered_as_they_are_typed() -> None:
    assert marked("\n\r\n" + HEAD, "host_missing") == [3]
    assert marked(HEAD.replace("\n", "\r\n"), "upgrade_not_websocket") == [2, 3]
