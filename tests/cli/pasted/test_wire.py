from __future__ import annotations

import pytest

from tests.support.handshakes import ACCEPT, VALID
from ws_handshake import judge
from ws_handshake.cli.pasted.wire import (
    is_request,
    is_verbose,
    read_request,
    read_verbose,
)
from ws_handshake.core import flaws

HEADS = VALID.wire().decode("ascii")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (b"GET /ws HTTP/1.1\n", True),
        (b"get /ws HTTP/1.1\n", True),
        (b"GET /ws\nHost: a", True),
        (b"POST  /ws", True),
        (b"GET ws", False),
        (b"Get well soon", False),
        (b"Host: a", False),
    ],
)
def test_a_request_begins_with_something_like_a_request_line(
    text: bytes, *, wanted: bool
) -> None:
    assert is_request(text) is wanted


@pytest.mark.parametrize("cut", [0, 2, 4])
def test_the_empty_line_at_the_end_may_be_missing(cut: int) -> None:
    data = VALID.wire()
    pasted = read_request(data[: len(data) - cut])

    assert pasted.flaw is None
    assert judge(pasted.head).accept_token == ACCEPT


def test_a_fault_of_form_is_reported() -> None:
    pasted = read_request(VALID.wire().replace(b"host:", b"host :"))
    assert pasted.flaw == flaws.SPACE_BEFORE_COLON


@pytest.mark.parametrize("around", ["{}", "b'{}'", '"{}"', "  b'{}'"])
def test_line_ends_that_are_written_out_are_line_ends(around: str) -> None:
    text = around.format(HEADS.replace("\r\n", r"\r\n")).encode()
    assert judge(read_request(text).head).accept_token == ACCEPT


@pytest.mark.parametrize(
    ("version", "wanted"),
    [(b"2", "2"), (b"3", "3"), (b"2.0", "2"), (b"1.1", "1.1"), (b"1.0", "1.0")],
)
def test_a_browser_shows_a_request_line_over_http2_too(
    version: bytes, wanted: str
) -> None:
    text = VALID.wire().replace(b"HTTP/1.1", b"HTTP/" + version)
    pasted = read_request(text)

    assert pasted.flaw is None
    assert pasted.head.http_version == wanted


def test_the_response_below_a_request_is_seen() -> None:
    below = VALID.wire() + b"HTTP/1.1 403 Forbidden\r\n\r\n"
    assert read_request(below).responded == 403
    assert read_request(VALID.wire()).responded is None


VERBOSE = b"""* Connected to example.com port 443
* ALPN: server accepted http/1.1
> GET /ws HTTP/1.1
> Host: example.com
> Upgrade: websocket
>
* Request completely sent off
< HTTP/1.1 302 Found
< Upgrade: h2c
<
> GET /login HTTP/1.1
> Host: example.com
"""


def test_of_curls_output_the_first_request_is_read_and_its_response() -> None:
    assert is_verbose(VERBOSE)
    pasted = read_verbose(VERBOSE)

    assert pasted.head.target == b"/ws"
    assert pasted.head.headers == [
        (b"host", b"example.com"),
        (b"upgrade", b"websocket"),
    ]
    assert pasted.responded == 302


def test_the_output_may_end_within_the_request() -> None:
    pasted = read_verbose(VERBOSE.partition(b">\n")[0])
    assert len(pasted.head.headers) == 2
    assert pasted.responded is None


def test_a_quoted_mail_is_no_output_of_curl() -> None:
    assert not is_verbose(b"> Dear all\n> GET well\n")
