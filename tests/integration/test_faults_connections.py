"""Connections that break: the verdict stands, reported once at most; nothing is left."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.faults import BROKEN, PAGE, on_every_server, read, reset, say, staged
from tests.support.handshakes import VALID

if TYPE_CHECKING:
    from tests.support.faults import Setup

pytestmark = on_every_server

KEYLESS = BROKEN["key_missing"].wire()
CODES = [(code,) for code in BROKEN]


def test_a_reset_before_the_end_of_the_head_tells_nothing(setup: Setup) -> None:
    with staged(setup) as stage:
        for handshake in (VALID, *BROKEN.values()):
            for length in (0, 1, 60):
                connection = stage.call()
                connection.sendall(handshake.wire()[:length])
                reset(connection)
        stage.wait_until_idle()
        assert stage.ear.codes == []


def test_a_reset_behind_the_head_tells_one_rejection_at_most(setup: Setup) -> None:
    with staged(setup) as stage:
        for handshake in BROKEN.values():
            for _ in range(10):
                connection = stage.call()
                connection.sendall(handshake.wire())
                reset(connection)
        stage.wait_until_idle()
        reported = stage.ear.codes
        assert set(reported) <= set(CODES)
        assert max(map(reported.count, CODES)) <= 10
        assert stage.echo.scopes == []


def test_a_reset_in_the_middle_of_the_response_leaves_its_one_rejection_reported(
    setup: Setup,
) -> None:
    with staged(setup) as stage:
        for handshake in BROKEN.values():
            connection = stage.call()
            connection.sendall(handshake.wire())
            assert connection.recv(10) == b"HTTP/1.1 4"
            reset(connection)
        stage.wait_until_idle()
        assert stage.ear.codes == CODES


def test_a_reset_behind_a_valid_handshake_is_no_rejection(setup: Setup) -> None:
    with staged(setup) as stage:
        for _ in range(20):
            connection = stage.call()
            connection.sendall(VALID.wire())
            reset(connection)
        stage.wait_until_idle()
        assert set(stage.ear.codes) <= {()}


def test_who_has_closed_its_half_gets_the_same_response(setup: Setup) -> None:
    with staged(setup) as stage:
        for handshake in BROKEN.values():
            whole = stage.ask(handshake.wire())
            with stage.call() as connection:
                connection.sendall(handshake.wire())
                connection.shutdown(socket.SHUT_WR)
                half = read(connection)
            assert half.status == whole.status
            assert half.body == whole.body != b""
        assert stage.ear.codes == [code for code in CODES for _ in range(2)]


def test_who_closes_its_half_within_the_head_gets_no_response_and_is_not_reported(
    setup: Setup,
) -> None:
    with staged(setup) as stage:
        with stage.call() as connection:
            connection.sendall(KEYLESS[:-1])
            connection.shutdown(socket.SHUT_WR)
            assert read(connection).raw == b""
        assert stage.ear.codes == []


def test_byte_by_byte_the_verdict_is_the_same(setup: Setup) -> None:
    with staged(setup) as stage:
        for code, handshake in BROKEN.items():
            with stage.call() as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for byte in handshake.wire():
                    say(connection, bytes([byte]))
                    time.sleep(0.002)  # each byte is a segment of its own
                assert read(connection).codes == (code,)
        assert stage.ear.codes == CODES


def test_who_takes_its_time_hinders_nobody_else(setup: Setup) -> None:
    with staged(setup) as stage:
        slow = [stage.call() for _ in range(100)]
        for connection in slow:
            connection.sendall(KEYLESS[:-1])
        assert stage.ask(VALID.wire()).status == 101
        assert stage.ask(KEYLESS).codes == ("key_missing",)
        for connection in slow:
            connection.sendall(KEYLESS[-1:])
            assert read(connection).codes == ("key_missing",)
            connection.close()
        assert stage.ear.codes.count(("key_missing",)) == 101


@pytest.mark.parametrize("segments", [1, 2])
def test_what_is_pipelined_behind_a_rejected_handshake_is_never_served(
    setup: Setup, segments: int
) -> None:
    behind = [PAGE * 3, VALID.wire(), KEYLESS]
    with staged(setup) as stage:
        for handshake in BROKEN.values():
            for more in behind:
                with stage.call() as connection:
                    if segments == 1:
                        connection.sendall(handshake.wire() + more)
                    else:
                        connection.sendall(handshake.wire())
                        say(connection, more)
                    response = read(connection)
                assert response.raw.count(b"HTTP/1.1 ") == 1
        assert stage.echo.scopes == []
        assert stage.ear.codes == [code for code in CODES for _ in behind]
