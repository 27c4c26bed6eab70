"""A ping, messages and a close over a connection that is open."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import VALID
from ws_handshake.cli.client.dial import Deadline, Wire
from ws_handshake.cli.client.exchange import Http1Exchange
from ws_handshake.cli.probe import frames
from ws_handshake.cli.probe.frames import (
    Opened,
)
from ws_handshake.cli.probe.track import Track

if TYPE_CHECKING:
    from ws_handshake.cli.probe.track import Step


PAYLOAD = b"12345678"


PONG = b"\x8a\x08" + PAYLOAD


ACCEPTED = b"HTTP/1.1 101 x\r\n\r\n"


CLOSE = b"\x88\x02\x03\xe8"


@dataclass(frozen=True)
class Outcome:
    """The failures, the notes and the steps."""

    codes: list[str]
    seen: list[str | None]
    notes: list[str]
    steps: list[Step]
    broke: bool = False
    silently: bool = False


def _opened(*responses: bytes, ends: bool = False, seconds: float = 10) -> Outcome:
    """Open a WebSocket whose other end sends one response for each frame."""
    ours, theirs = socket.socketpair()
    exchange = Http1Exchange(VALID.head())
    exchange.to_send()
    exchange.receive(ACCEPTED)
    stop = threading.Event()

    def play() -> None:
        with suppress(OSError), theirs:
            for response in responses:
                theirs.recv(65536)
                theirs.sendall(response)
            if not ends:
                stop.wait(20)

    player = threading.Thread(target=play, daemon=True)
    player.start()
    steps: list[Step] = []
    track = Track(lambda: 0.0, lambda _: None, steps.append)
    with Wire(ours, Deadline(seconds)) as wire:
        websocket = Opened(wire, exchange, PAYLOAD)
        found = list(websocket.steps(track))
        notes = [note.code for note in websocket.notes()]
        stop.set()
    player.join(20)
    codes, seen = [f.kind.code for f in found], [f.seen for f in found]
    how = {"broke": websocket.broke, "silently": websocket.closed_silently}
    return Outcome(codes, seen, notes, steps, **how)


def test_a_ping_and_a_close_that_get_a_response() -> None:
    outcome = _opened(PONG, CLOSE)

    assert (outcome.codes, outcome.notes) == ([], [])
    assert [(s.name, s.result, s.ok) for s in outcome.steps] == [
        ("ping", "pong", True),
        ("close", "1000", True),
    ]
    assert outcome.steps[1].facts == {"code": 1000}


def test_the_bytes_of_both_directions_are_kept_for_a_person() -> None:
    ping, close = _opened(PONG, CLOSE).steps

    assert ping.lines[0].startswith("> 89 88 ")
    assert ping.lines[1] == "< 8a 08 31 32 33 34 35 36 37 38"
    assert close.lines[0].startswith("> 88 82 ")
    assert close.lines[1] == "< 88 02 03 e8"


def test_of_many_bytes_only_the_first_are_kept() -> None:
    long = b"\x82\x32" + bytes(50)

    assert _opened(long + PONG, CLOSE).steps[0].lines[1] == (
        "< 82 32" + " 00" * 22 + " ..."
    )


def test_messages_that_the_server_sends_first_are_noted() -> None:
    outcome = _opened(b"\x81\x01a" + PONG, b"\x81\x01b" + CLOSE)

    assert outcome.notes == ["messages_came"]
    assert outcome.steps[0].result == "pong, after 1 message"
    assert outcome.steps[1].facts == {"messages": 2, "code": 1000}


def test_a_pong_that_does_not_come_leaves_time_for_the_close() -> None:
    outcome = _opened(b"", CLOSE, seconds=1)

    assert outcome.codes == ["pong_missing"]
    assert outcome.seen == ["nothing was received in time"]
    assert [(s.result, s.ok) for s in outcome.steps] == [
        ("nothing was received in time", False),
        ("1000", True),
    ]


def test_a_connection_that_ends_without_a_pong() -> None:
    outcome = _opened(b"", ends=True)

    assert outcome.codes == ["pong_missing"]
    assert outcome.seen == ["the connection ended"]
    assert len(outcome.steps) == 1


def test_a_connection_that_ends_without_a_close() -> None:
    outcome = _opened(PONG, b"", ends=True)

    assert (outcome.codes, outcome.seen) == (
        ["close_missing"],
        ["the connection ended"],
    )


def test_a_close_frame_from_the_server() -> None:
    outcome = _opened(b"\x88\x02\x03\xf0")

    assert (outcome.codes, outcome.seen) == (["closed_at_once"], ["1008"])
    assert outcome.steps[0].facts == {"code": 1008}
    assert outcome.steps[0].lines[2].startswith("> 88 82 ")


def test_a_server_that_sends_without_end_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frames, "_MOST", 100)
    outcome = _opened(b"\x81\x64" + b"a" * 100)

    assert (outcome.codes, outcome.seen) == (
        ["pong_missing"],
        ["too much was received"],
    )
    assert len(outcome.steps) == 1


BREAKING = [
    ((b"",), True, True),  # the connection ends at the first frame
    ((b"\x88\x02\x03\xea",), False, True),  # 1002, protocol error
    ((b"HTTP/1.1 400",), False, True),
    ((b"\x88\x02\x0f\xa1",), False, False),  # 4001, of an application
    ((PONG, CLOSE), True, False),
    ((PONG, b""), True, False),
]


@pytest.mark.parametrize(("responses", "ends", "broke"), BREAKING)
def test_it_shows_whether_the_websocket_broke_off(
    responses: tuple[bytes, ...], *, ends: bool, broke: bool
) -> None:
    assert _opened(*responses, ends=ends).broke is broke


CLOSING = [
    ((b"\x88\x02\x03\xf0",), False, True),
    ((b"\x88\x00",), False, True),
    ((b"\x88\x03\x03\xf0a",), False, False),
    ((b"\x88\x02\x03\xf3",), False, False),
    ((PONG, CLOSE), False, False),
    ((PONG, b"\x88\x02\x11\x33"), False, True),
    ((b"",), True, True),
    ((PONG, b""), True, False),
    ((b"HTTP/1.1 400",), True, False),
]


@pytest.mark.parametrize(("responses", "ends", "silently"), CLOSING)
def test_it_shows_whether_the_server_closed_and_did_not_say_why(
    responses: tuple[bytes, ...], *, ends: bool, silently: bool
) -> None:
    assert _opened(*responses, ends=ends).silently is silently
