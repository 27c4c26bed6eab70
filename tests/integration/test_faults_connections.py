"""Connections that break: a verdict is reported at most once, and nothing is left."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.faults import (
    BROKEN,
    PAGE,
    observed_server,
    on_every_server,
    read,
    reset,
    send,
)
from tests.support.handshakes import VALID

if TYPE_CHECKING:
    from tests.support.faults import Setup

pytestmark = on_every_server

KEYLESS = BROKEN["key_missing"].wire()
CODES = [(code,) for code in BROKEN]


def test_a_reset_before_the_end_of_the_head_is_reported_as_no_other_violation(
    setup: Setup,
) -> None:
    with observed_server(setup) as server:
        for handshake in (VALID, *BROKEN.values()):
            for length in (0, 1, 60):
                connection = server.call()
                connection.sendall(handshake.wire()[:length])
                reset(connection)
        server.wait_until_idle()
        assert set(server.recorder.codes) <= {("head_malformed",)}


def test_a_reset_after_the_head_is_reported_as_at_most_one_rejection(
    setup: Setup,
) -> None:
    with observed_server(setup) as server:
        for handshake in BROKEN.values():
            for _ in range(10):
                connection = server.call()
                connection.sendall(handshake.wire())
                reset(connection)
        server.wait_until_idle()
        reported = server.recorder.codes
        assert set(reported) <= set(CODES)
        assert max(map(reported.count, CODES)) <= 10
        assert server.echo.scopes == []


def test_a_rejection_is_reported_once_though_the_client_resets_within_the_response(
    setup: Setup,
) -> None:
    with observed_server(setup) as server:
        for handshake in BROKEN.values():
            connection = server.call()
            connection.sendall(handshake.wire())
            assert connection.recv(10) == b"HTTP/1.1 4"
            reset(connection)
        server.wait_until_idle()
        assert server.recorder.codes == CODES


def test_a_reset_after_a_valid_handshake_is_no_rejection(setup: Setup) -> None:
    with observed_server(setup) as server:
        for _ in range(20):
            connection = server.call()
            connection.sendall(VALID.wire())
            reset(connection)
        server.wait_until_idle()
        assert set(server.recorder.codes) <= {()}


def test_a_client_that_has_closed_its_half_gets_the_same_response(setup: Setup) -> None:
    with observed_server(setup) as server:
        for handshake in BROKEN.values():
            whole = server.ask(handshake.wire())
            with server.call() as connection:
                connection.sendall(handshake.wire())
                connection.shutdown(socket.SHUT_WR)
                half = read(connection)
            assert half.status == whole.status
            assert half.body == whole.body != b""
        assert server.recorder.codes == [code for code in CODES for _ in range(2)]


def test_a_half_closed_within_the_head_gets_no_response_and_is_reported_once(
    setup: Setup,
) -> None:
    with observed_server(setup) as server:
        with server.call() as connection:
            connection.sendall(KEYLESS[:-1])
            connection.shutdown(socket.SHUT_WR)
            assert read(connection).raw == b""
        server.wait_until_idle()
        assert server.recorder.codes == [("head_malformed",)]


def test_byte_by_byte_the_verdict_is_the_same(setup: Setup) -> None:
    with observed_server(setup) as server:
        for code, handshake in BROKEN.items():
            with server.call() as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for byte in handshake.wire():
                    send(connection, bytes([byte]))
                    time.sleep(0.002)  # each byte is a segment of its own
                assert read(connection).codes == (code,)
        assert server.recorder.codes == CODES


def test_slow_clients_delay_no_other_client(setup: Setup) -> None:
    with observed_server(setup) as server:
        slow = [server.call() for _ in range(100)]
        for connection in slow:
            connection.sendall(KEYLESS[:-1])
        assert server.ask(VALID.wire()).status == 101
        assert server.ask(KEYLESS).codes == ("key_missing",)
        for connection in slow:
            connection.sendall(KEYLESS[-1:])
            assert read(connection).codes == ("key_missing",)
            connection.close()
        assert server.recorder.codes.count(("key_missing",)) == 101


@pytest.mark.parametrize("segments", [1, 2])
def test_what_is_pipelined_after_a_rejected_handshake_is_never_served(
    setup: Setup, segments: int
) -> None:
    pipelined = [PAGE * 3, VALID.wire(), KEYLESS]
    with observed_server(setup) as server:
        for handshake in BROKEN.values():
            for more in pipelined:
                with server.call() as connection:
                    if segments == 1:
                        connection.sendall(handshake.wire() + more)
                    else:
                        connection.sendall(handshake.wire())
                        send(connection, more)
                    response = read(connection)
                assert response.raw.count(b"HTTP/1.1 ") == 1
        assert server.echo.scopes == []
        assert server.recorder.codes == [code for code in CODES for _ in pipelined]
