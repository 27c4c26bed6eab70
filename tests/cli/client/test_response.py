"""The acceptance, checked as a client must check it."""

from __future__ import annotations

import pytest

from tests.support.handshakes import ACCEPT, VALID
from ws_handshake.cli.client.response import Response, check

UPGRADE = (b"Upgrade", b"websocket")
CONNECTION = (b"Connection", b"Upgrade")
TOKEN = (b"Sec-WebSocket-Accept", ACCEPT.encode())
WHOLE = (UPGRADE, CONNECTION, TOKEN)

OFFERED = VALID.plus(b"sec-websocket-protocol", b"chat, superchat").plus(
    b"sec-websocket-extensions", b"permessage-deflate; client_max_window_bits"
)


def _found(
    *headers: tuple[bytes, bytes], version: str = "1.1"
) -> list[tuple[str, str | None]]:
    status = 200 if version == "2" else 101
    response = Response(version, status, headers=headers)
    return [(f.kind.code, f.seen) for f in check(OFFERED.head(), response)]


VALID_RESPONSES = [
    WHOLE,
    ((b"upgrade", b" WebSocket\t"), (b"connection", b"keep-alive, UPGRADE"), TOKEN),
    (UPGRADE, (b"Connection", b"close"), CONNECTION, TOKEN),
    (*WHOLE, (b"Sec-WebSocket-Protocol", b"superchat")),
    (*WHOLE, (b"Sec-WebSocket-Extensions", b"permessage-deflate; x=1")),
]


@pytest.mark.parametrize("headers", VALID_RESPONSES)
def test_a_valid_acceptance_has_no_failures(
    headers: tuple[tuple[bytes, bytes], ...],
) -> None:
    assert _found(*headers) == []


def test_all_failures_are_reported_at_once() -> None:
    assert _found(version="1.0") == [
        ("response_version_too_old", "HTTP/1.0"),
        ("response_upgrade_missing", None),
        ("response_connection_missing", None),
        ("accept_missing", None),
    ]


FAULTY = [
    (
        ((b"Upgrade", b"h2c"), CONNECTION, TOKEN),
        ("response_upgrade_not_websocket", "h2c"),
    ),
    (
        ((b"Upgrade", b"websocket, foo"), CONNECTION, TOKEN),
        ("response_upgrade_not_websocket", "websocket, foo"),
    ),
    (
        (UPGRADE, (b"Connection", b"upgrade2"), TOKEN),
        ("response_connection_not_upgrade", "upgrade2"),
    ),
    (
        (UPGRADE, CONNECTION, (b"Sec-WebSocket-Accept", b"\x1b[2J")),
        ("accept_wrong", f"\\x1b[2J, expected {ACCEPT}"),
    ),
    (
        (UPGRADE, CONNECTION, (b"Sec-WebSocket-Accept", ACCEPT.lower().encode())),
        ("accept_wrong", f"{ACCEPT.lower()}, expected {ACCEPT}"),
    ),
    ((*WHOLE, TOKEN), ("accept_duplicated", "2 lines")),
    (
        (*WHOLE, (b"Sec-WebSocket-Protocol", b"Chat")),
        ("subprotocol_not_offered", "Chat"),
    ),
    (
        (*WHOLE, (b"Sec-WebSocket-Protocol", b"t" * 40)),
        ("subprotocol_not_offered", "a name of 40 characters"),
    ),
    (
        (*WHOLE, *[(b"Sec-WebSocket-Protocol", b"chat")] * 2),
        ("subprotocol_duplicated", "2 lines"),
    ),
    (
        (*WHOLE, (b"Sec-WebSocket-Extensions", b"permessage-deflate, x-webkit")),
        ("extension_not_offered", "x-webkit"),
    ),
    (
        (*WHOLE, (b"Sec-WebSocket-Extensions", b"")),
        ("response_extensions_malformed", "0 characters"),
    ),
]


@pytest.mark.parametrize(("headers", "found"), FAULTY)
def test_what_a_client_must_not_take_is_found(
    headers: tuple[tuple[bytes, bytes], ...], found: tuple[str, str]
) -> None:
    assert _found(*headers) == [found]


def test_a_token_is_wrong_where_no_key_was_sent() -> None:
    request = VALID.without(b"sec-websocket-key").head()
    (failure,) = check(request, Response("1.1", 101, headers=WHOLE))

    assert failure.kind.code == "accept_wrong"
    assert failure.seen == f"{ACCEPT}, although no key was sent"


def test_over_http2_only_extensions_and_subprotocol_are_checked() -> None:
    assert _found(version="2") == []
    assert _found((b"sec-websocket-protocol", b"made-up"), version="2") == [
        ("subprotocol_not_offered", "made-up")
    ]


@pytest.mark.parametrize(
    ("version", "status", "accepts"),
    [
        ("1.1", 101, True),
        ("1.1", 200, False),
        ("2", 200, True),
        ("2", 204, True),
        ("2", 101, False),
        ("2", 404, False),
    ],
)
def test_an_acceptance_is_101_and_over_http2_any_2xx(
    version: str, status: int, *, accepts: bool
) -> None:
    assert Response(version, status).accepts is accepts


def test_the_media_type_has_no_parameters() -> None:
    headers = ((b"Content-Type", b" Text/HTML ; charset=utf-8"),)

    assert Response("1.1", 200, headers=headers).media_type == b"text/html"
    assert Response("1.1", 200).media_type == b""


def test_a_body_is_put_in() -> None:
    assert Response("1.1", 200).with_body(b"x") == Response("1.1", 200, body=b"x")


def test_its_lines_are_shown_as_they_may_be() -> None:
    headers = (
        (b"Set-Cookie", b"session=secret"),
        (b"Location", b"https://u:p@example.com/login?next=secret"),
        (b"X-Odd\x1b", b"\x1b[2J\xff"),
    )

    assert Response("1.1", 302, b"Fo\x07und", headers).lines() == (
        "HTTP/1.1 302 Fo\\x07und",
        "Set-Cookie: <14 bytes>",
        "Location: https://example.com/login?...",
        "X-Odd\\x1b: \\x1b[2J\\xff",
    )
    assert Response("2", 200).lines() == ("HTTP/2 200",)
