"""Both doors: how a handshake arrives, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.doors import guarded, talk
from tests.support.handshakes import SOUND
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol

if TYPE_CHECKING:
    from tests.support.doors import Door
    from tests.support.handshakes import Handshake

pytestmark = pytest.mark.parametrize("door", [H11Protocol, HttpToolsProtocol])

_PLAIN = b"GET /plain HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_FRAME = b"\x81\x85\x00\x00\x00\x00hello"
_GARBAGE = b"\x00\xff" * 40
_NO_KEY = SOUND.without(b"sec-websocket-key")
_NO_CONNECTION = SOUND.without(b"connection")
_NO_HOST = SOUND.without(b"host")
_CHUNKED = SOUND.plus(b"transfer-encoding", b"chunked")


def _bytewise(data: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in data]


@pytest.mark.parametrize("size", [1, 2, 7, 50])
def test_a_sound_head_in_pieces_is_upgraded_once(door: Door, size: int) -> None:
    app, echo, ear = guarded()
    wire = SOUND.wire()
    pieces = [wire[at : at + size] for at in range(0, len(wire), size)]
    assert talk(door, app, *pieces).status == 101
    assert [scope["type"] for scope in echo.scopes] == ["websocket"]
    assert ear.codes == [()]


@pytest.mark.parametrize("broken", [_NO_KEY, _NO_CONNECTION, _NO_HOST])
def test_a_broken_head_byte_by_byte_is_refused_once(
    door: Door, broken: Handshake
) -> None:
    app, echo, ear = guarded()
    answer = talk(door, app, *_bytewise(broken.wire()))
    assert ear.codes == [answer.codes]
    assert len(answer.codes) == 1
    assert answer.raw.count(b"HTTP/1.1 ") == 1
    assert echo.scopes == []


def test_what_the_parser_refuses_before_its_end_is_explained(door: Door) -> None:
    app, _, ear = guarded()
    answer = talk(door, app, *_bytewise(SOUND.plus(b"x note", b"1").wire()))
    assert ear.codes == [answer.codes] == [("head_malformed",)]


@pytest.mark.parametrize(
    ("broken", "codes"),
    [
        (_NO_KEY, ("key_missing",)),
        (_NO_CONNECTION, ("connection_missing",)),
        (_NO_HOST, ("host_missing",)),
        (SOUND.plus(b"x note", b"1"), ("head_malformed",)),
    ],
)
def test_a_broken_handshake_on_a_kept_connection_is_refused(
    door: Door, broken: Handshake, codes: tuple[str, ...]
) -> None:
    app, echo, ear = guarded()
    answer = talk(door, app, _PLAIN, _PLAIN, broken.wire(), _PLAIN)
    plain, _, refusal = answer.raw.rpartition(b"HTTP/1.1 ")
    assert plain.count(b"HTTP/1.1 200 OK") == 2
    assert refusal.startswith(b"400 Bad Request")
    assert ear.codes == [codes]
    assert len(echo.scopes) == 2
    assert answer.ending == "closed"


def test_a_sound_handshake_on_a_kept_connection_is_upgraded(door: Door) -> None:
    app, _, ear = guarded()
    answer = talk(door, app, _PLAIN, SOUND.wire())
    assert b"HTTP/1.1 101 Switching Protocols\r\n" in answer.raw
    assert ear.codes == [()]


@pytest.mark.parametrize("broken", [_NO_KEY, _NO_CONNECTION, _NO_HOST])
@pytest.mark.parametrize(
    "behind",
    [
        *(_PLAIN, _PLAIN * 3, SOUND.wire(), _FRAME, _GARBAGE, b"\r\n"),
        *(_PLAIN + _GARBAGE, _PLAIN + _FRAME, _PLAIN * 2 + _GARBAGE),
    ],
)
def test_nothing_behind_a_refused_head_is_served_or_overtakes_its_refusal(
    door: Door, broken: Handshake, behind: bytes
) -> None:
    app, echo, ear = guarded()
    answer = talk(door, app, broken.wire() + behind, behind)
    assert answer.raw.count(b"HTTP/1.1 ") == 1
    assert ear.codes == [answer.codes]
    assert len(answer.codes) == 1
    assert echo.scopes == []
    assert answer.ending == "closed"


@pytest.mark.parametrize(
    "body",
    [
        *(b"5\r\nhello\r\n0\r\n\r\n", b"0\r\n\r\n", b"", b"5\r\nhel"),
        *(b"hello\r\n\r\n", _FRAME, _GARBAGE, b"5\r\nhello world\r\n"),
        b"0\r\n\r\n" + _PLAIN,
    ],
)
def test_a_chunked_body_whole_or_broken_does_not_swallow_the_refusal(
    door: Door, body: bytes
) -> None:
    app, echo, ear = guarded()
    answer = talk(door, app, _CHUNKED.wire() + body, _PLAIN)
    assert answer.raw.count(b"HTTP/1.1 ") == 1
    assert ear.codes == [answer.codes] == [("body_unexpected",)]
    assert echo.scopes == []


def test_a_pipelined_handshake_is_refused_after_the_answer_before_it(
    door: Door,
) -> None:
    app, echo, ear = guarded()
    answer = talk(door, app, _PLAIN + _NO_CONNECTION.wire() + _PLAIN)
    assert answer.raw.startswith(b"HTTP/1.1 200 OK")
    assert answer.raw.count(b"HTTP/1.1 ") == 2
    assert ear.codes == [("connection_missing",)]
    assert len(echo.scopes) == 1


def test_garbage_in_the_body_of_a_plain_request_is_answered_by_uvicorn(
    door: Door,
) -> None:
    app, _, ear = guarded()
    chunked = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = talk(door, app, chunked + _GARBAGE + SOUND.wire())
    assert b"Invalid HTTP request received." in answer.raw
    assert ear.codes == []


def test_a_head_beyond_every_limit_that_comes_in_pieces_is_too_large(
    door: Door,
) -> None:
    app, _, ear = guarded()
    long = SOUND.plus(b"cookie", b"a" * 300_000).wire()
    pieces = [long[at : at + 9000] for at in range(0, len(long), 9000)]
    answer = talk(door, app, *pieces)
    assert answer.status == 431
    assert ear.codes == [answer.codes] == [("headers_too_large",)]


def test_a_head_of_many_lines_that_comes_in_pieces_is_too_large(door: Door) -> None:
    app, _, ear = guarded()
    many = SOUND.asked(headers=(*SOUND.headers, *[(b"x-line", b"1" * 99)] * 900)).wire()
    pieces = [many[at : at + 1000] for at in range(0, len(many), 1000)]
    answer = talk(door, app, *pieces)
    assert answer.status == 431
    assert ear.codes == [answer.codes] == [("headers_too_large",)]
