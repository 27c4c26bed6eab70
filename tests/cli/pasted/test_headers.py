from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ws_handshake import judge
from ws_handshake.cli.pasted.edited import LINES_LEFT_OUT
from ws_handshake.cli.pasted.headers import (
    NOT_COPIED,
    OVER_HTTP2,
    PROVISIONAL,
    read_headers,
)
from ws_handshake.cli.pasted.request import NO_REQUEST_LINE, SENT_ANYWAY
from ws_handshake.core import flaws

if TYPE_CHECKING:
    from ws_handshake.core.flaws import Flaw

CHROME_OVER_HTTP2 = b""":authority:
chat.example.com
:method:
CONNECT
:path:
/ws?token=a
:protocol:
websocket
:scheme:
https
origin:
https://chat.example.com
sec-websocket-extensions:
sec-websocket-version:
13
"""

PANEL = b"""General
Request URL: wss://chat.example.com/ws
Request Method:
GET
Status Code: 101 Switching Protocols
Response Headers (4) View source
Upgrade: websocket
Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
Request Headers
\xe2\x9a\xa0 Provisional headers are shown. Disable cache to see full headers.
Upgrade: websocket
Sec-WebSocket-Version:13
Sec-WebSocket-Protocol:
"""


def names(text: bytes) -> list[tuple[bytes, bytes]]:
    pasted = read_headers(text)
    assert pasted is not None
    return list(pasted.request.headers)


def test_without_a_request_line_it_is_read_as_a_get_over_http11() -> None:
    pasted = read_headers(b"Host: a\nUpgrade:websocket\r\n\tConnection:  Upgrade \n")

    assert pasted is not None
    assert pasted.request.method == "GET"
    assert pasted.request.http_version == "1.1"
    assert pasted.notes == (NO_REQUEST_LINE,)
    assert pasted.request.headers == [
        (b"host", b"a"),
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        CHROME_OVER_HTTP2,
        CHROME_OVER_HTTP2.replace(b":\n", b": ").replace(b": sec", b":\nsec"),
        CHROME_OVER_HTTP2.replace(b"sec-websocket-extensions:\n", b"").replace(
            b":\n", b"\n"
        ),
    ],
    ids=["in turns", "in lines", "without colons"],
)
def test_pseudo_header_fields_make_an_extended_connect(text: bytes) -> None:
    pasted = read_headers(text)

    assert pasted is not None
    assert pasted.notes == (OVER_HTTP2,)
    assert pasted.flaw is None
    assert pasted.bridged
    assert pasted.is_attempt()
    assert pasted.request.headers[0] == (b"host", b"chat.example.com")
    assert (pasted.request.method, pasted.request.target) == ("CONNECT", b"/ws?token=a")
    assert judge(pasted.request).codes == (
        ("extensions_malformed",) if b"-extensions" in text else ()
    )


def test_without_a_method_a_bridged_request_is_a_connect() -> None:
    pasted = read_headers(b":protocol: websocket\n:path: /\n")
    assert pasted is not None
    assert pasted.request.method == "CONNECT"


def test_a_host_beside_the_authority_stays() -> None:
    assert names(b":authority: a\nhost: b\n") == [(b"host", b"b")]


def test_what_the_panel_shows_besides_the_request_is_left_out() -> None:
    pasted = read_headers(PANEL)

    assert pasted is not None
    assert pasted.flaw is None
    assert pasted.notes == (PROVISIONAL,)
    assert pasted.request.target == b"/ws"
    assert pasted.request.headers == [
        (b"upgrade", b"websocket"),
        (b"sec-websocket-version", b"13"),
        (b"sec-websocket-protocol", b""),
    ]


def test_names_in_alternate_lines_may_have_no_value() -> None:
    turns = b"Host:\na\nOrigin:\nSec-WebSocket-Protocol:\nchat\nUpgrade:\n"
    assert names(turns) == [
        (b"host", b"a"),
        (b"origin", b""),
        (b"sec-websocket-protocol", b"chat"),
        (b"upgrade", b""),
    ]
    assert names(b"Host\na\nUpgrade\n") == [(b"host", b"a"), (b"upgrade", b"")]


def test_text_around_the_fields_is_none_of_them() -> None:
    pasted = read_headers(b"I see this here\nHost: a\nUpgrade: b\nWhat is it\n")
    assert pasted is not None
    assert pasted.flaw is None
    assert len(pasted.request.headers) == 2


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        (b"Host: a\nsome other line\nUpgrade: b\n", flaws.HEADER_NAME),
        (b"Host: a\nUpgrade websocket now\n", flaws.HEADER_NAME),
        (b"Host: a\nUpgrade: \x01\n", flaws.CONTROL_CHARACTER),
    ],
)
def test_a_line_that_is_not_a_header_is_reported(text: bytes, flaw: Flaw) -> None:
    pasted = read_headers(text)
    assert pasted is not None
    assert pasted.flaw == flaw


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"Dear: all\nit: works\n",
        b"one\ntwo\nthree\nfour\n",
        b"one:\ntwo:\n",
        b"this is\nno: header at\nall: but\nHost: a\nis\nhere\nand\nthere\n",
        b":status: 101\nupgrade: websocket\n",
    ],
)
def test_lines_without_a_request_are_not_read(text: bytes) -> None:
    assert read_headers(text) is None


@pytest.mark.parametrize(
    "text",
    [
        b"':authority', 'a'\n':path', '/ws'\n':method', 'GET'\n'connection', 'close'",
        b'"host": "a"\n"connection": "close"\n',
        b"'host': 'a',\n'connection': 'close',\n",
    ],
    ids=["Envoy", "actix", "Python"],
)
def test_names_and_values_may_be_in_quotes(text: bytes) -> None:
    pasted = read_headers(text)
    assert pasted is not None
    assert pasted.request.headers == [(b"host", b"a"), (b"connection", b"close")]
    assert pasted.request.http_version == "1.1"


def test_values_in_quotes_alone_are_those_of_postman() -> None:
    text = b'Status Code: "403 Forbidden"\nRequest Headers\nHost: "a"\nUpgrade: "b"'
    pasted = read_headers(text)
    assert pasted is not None
    assert pasted.server_status == 403
    assert pasted.request.headers == [(b"host", b"a"), (b"upgrade", b"b")]


def test_with_a_key_it_is_no_response() -> None:
    assert names(b"sec-websocket-key: a\nserver: b")


def test_a_line_of_a_program_is_no_field() -> None:
    assert read_headers(b"upgrade: websocket: not a handshake") is None


def test_text_between_other_fields_is_no_broken_field() -> None:
    text = b"X-A: 1\nit said\nHost: a\nUpgrade: b\nand then\nX-B: 2"
    pasted = read_headers(text)
    assert pasted is not None
    assert pasted.flaw is None


def test_where_there_is_no_host_it_was_not_copied() -> None:
    pasted = read_headers(b"Upgrade: websocket\nConnection: Upgrade\n...\nOrigin: a")
    assert pasted is not None
    assert pasted.notes == (LINES_LEFT_OUT, NOT_COPIED, NO_REQUEST_LINE)
    assert pasted.left_out == SENT_ANYWAY


def test_a_part_of_a_request_lacks_what_was_not_copied() -> None:
    pasted = read_headers(b"Connection: Upgrade\nUpgrade: websocket")
    assert pasted is not None
    assert pasted.left_out == SENT_ANYWAY


def test_the_net_log_viewer_shows_a_response_below_the_request() -> None:
    text = b"--> :method: CONNECT\n:protocol: websocket\n:path: /ws\n--> :status: 404"
    pasted = read_headers(text)
    assert pasted is not None
    assert pasted.request.target == b"/ws"
    assert pasted.server_status == 404
