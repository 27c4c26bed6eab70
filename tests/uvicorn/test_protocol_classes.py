"""Both protocol classes: how a handshake arrives, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import VALID
from tests.support.protocols import observed_echo, talk
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.handshakes import Handshake
    from tests.support.protocols import ProtocolClass

pytestmark = pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])

_PLAIN = b"GET /plain HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_FRAME = b"\x81\x85\x00\x00\x00\x00hello"
_GARBAGE = b"\x00\xff" * 40
_NO_KEY = VALID.without(b"sec-websocket-key")
_NO_CONNECTION = VALID.without(b"connection")
_NO_HOST = VALID.without(b"host")
_CHUNKED = VALID.plus(b"transfer-encoding", b"chunked")


def _bytewise(data: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in data]


@pytest.mark.parametrize("size", [1, 2, 7, 50])
def test_a_valid_head_in_pieces_is_upgraded_once(
    protocol: ProtocolClass, size: int
) -> None:
    app, echo, recorder = observed_echo()
    wire = VALID.wire()
    pieces = [wire[at : at + size] for at in range(0, len(wire), size)]
    assert talk(protocol, app, *pieces).status == 101
    assert [scope["type"] for scope in echo.scopes] == ["websocket"]
    assert recorder.codes == [()]


@pytest.mark.parametrize("broken", [_NO_KEY, _NO_CONNECTION, _NO_HOST])
def test_a_broken_head_byte_by_byte_is_rejected_once(
    protocol: ProtocolClass, broken: Handshake
) -> None:
    app, echo, recorder = observed_echo()
    response = talk(protocol, app, *_bytewise(broken.wire()))
    assert recorder.codes == [response.codes]
    assert len(response.codes) == 1
    assert response.raw.count(b"HTTP/1.1 ") == 1
    assert echo.scopes == []


def test_what_the_parser_rejects_before_its_end_is_explained(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo()
    response = talk(protocol, app, *_bytewise(VALID.plus(b"x note", b"1").wire()))
    assert recorder.codes == [response.codes] == [("head_malformed",)]


@pytest.mark.parametrize(
    ("broken", "codes"),
    [
        (_NO_KEY, ("key_missing",)),
        (_NO_CONNECTION, ("connection_missing",)),
        (_NO_HOST, ("host_missing",)),
        (VALID.plus(b"x note", b"1"), ("head_malformed",)),
    ],
)
def test_a_broken_handshake_on_a_kept_connection_is_rejected(
    protocol: ProtocolClass, broken: Handshake, codes: tuple[str, ...]
) -> None:
    app, echo, recorder = observed_echo()
    response = talk(protocol, app, _PLAIN, _PLAIN, broken.wire(), _PLAIN)
    plain, _, rejection = response.raw.rpartition(b"HTTP/1.1 ")
    assert plain.count(b"HTTP/1.1 200 OK") == 2
    assert rejection.startswith(b"400 Bad Request")
    assert recorder.codes == [codes]
    assert len(echo.scopes) == 2
    assert response.ending == "closed"


def test_a_valid_handshake_on_a_kept_connection_is_upgraded(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo()
    response = talk(protocol, app, _PLAIN, VALID.wire())
    assert b"HTTP/1.1 101 Switching Protocols\r\n" in response.raw
    assert recorder.codes == [()]


@pytest.mark.parametrize("broken", [_NO_KEY, _NO_CONNECTION, _NO_HOST])
@pytest.mark.parametrize(
    "behind",
    [
        *(_PLAIN, _PLAIN * 3, VALID.wire(), _FRAME, _GARBAGE, b"\r\n"),
        *(_PLAIN + _GARBAGE, _PLAIN + _FRAME, _PLAIN * 2 + _GARBAGE),
    ],
)
def test_nothing_behind_a_rejected_head_is_served_or_overtakes_its_rejection(
    protocol: ProtocolClass, broken: Handshake, behind: bytes
) -> None:
    app, echo, recorder = observed_echo()
    response = talk(protocol, app, broken.wire() + behind, behind)
    assert response.raw.count(b"HTTP/1.1 ") == 1
    assert recorder.codes == [response.codes]
    assert len(response.codes) == 1
    assert echo.scopes == []
    assert response.ending == "closed"


@pytest.mark.parametrize(
    "body",
    [
        *(b"5\r\nhello\r\n0\r\n\r\n", b"0\r\n\r\n", b"", b"5\r\nhel"),
        *(b"hello\r\n\r\n", _FRAME, _GARBAGE, b"5\r\nhello world\r\n"),
        b"0\r\n\r\n" + _PLAIN,
    ],
)
def test_a_chunked_body_whole_or_broken_does_not_swallow_the_rejection(
    protocol: ProtocolClass, body: bytes
) -> None:
    app, echo, recorder = observed_echo()
    response = talk(protocol, app, _CHUNKED.wire() + body, _PLAIN)
    assert response.raw.count(b"HTTP/1.1 ") == 1
    assert recorder.codes == [response.codes] == [("body_unexpected",)]
    assert echo.scopes == []


def test_a_pipelined_handshake_is_rejected_after_the_response_before_it(
    protocol: ProtocolClass,
) -> None:
    app, echo, recorder = observed_echo()
    response = talk(protocol, app, _PLAIN + _NO_CONNECTION.wire() + _PLAIN)
    assert response.raw.startswith(b"HTTP/1.1 200 OK")
    assert response.raw.count(b"HTTP/1.1 ") == 2
    assert recorder.codes == [("connection_missing",)]
    assert len(echo.scopes) == 1


def test_garbage_in_the_body_of_a_plain_request_gets_its_response_from_uvicorn(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo()
    chunked = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    response = talk(protocol, app, chunked + _GARBAGE + VALID.wire())
    assert b"Invalid HTTP request received." in response.raw
    assert recorder.codes == []


def test_a_head_beyond_every_limit_that_comes_in_pieces_is_too_large(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo()
    long = VALID.plus(b"cookie", b"a" * 300_000).wire()
    pieces = [long[at : at + 9000] for at in range(0, len(long), 9000)]
    response = talk(protocol, app, *pieces)
    assert response.status == 431
    assert recorder.codes == [response.codes] == [("headers_too_large",)]


def test_a_head_of_many_lines_that_comes_in_pieces_is_too_large(
    protocol: ProtocolClass,
) -> None:
    app, _, recorder = observed_echo()
    many = VALID.asked(headers=(*VALID.headers, *[(b"x-line", b"1" * 99)] * 900)).wire()
    pieces = [many[at : at + 1000] for at in range(0, len(many), 1000)]
    response = talk(protocol, app, *pieces)
    assert response.status == 431
    assert recorder.codes == [response.codes] == [("headers_too_large",)]
