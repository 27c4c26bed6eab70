"""Hypercorn and gunicorn with our classes, under the attacks that uvicorn stands."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.support.apps_other import CASE, SEEN
from tests.support.faults import read, reset, send
from tests.support.handshakes import VALID, Handshake
from tests.support.other_servers import GUNICORN_OURS, HYPERCORN_OURS, SETUPS, need
from tests.support.waiting import wait_until
from tests.support.wires import Response, ask, serving
from ws_handshake.structlog import REJECTED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tests.support.wires import Server

KEYLESS = VALID.without(b"sec-websocket-key")
#: By the code of the rejection: what each server hands on, with our class.
BROKEN = {
    "key_missing": KEYLESS,
    "upgrade_missing": VALID.without(b"upgrade"),
    "connection_not_upgrade": VALID.but(b"connection", b"keep-alive"),
    "version_unsupported": VALID.but(b"sec-websocket-version", b"8"),
    "subprotocol_malformed": VALID.plus(b"sec-websocket-protocol", b"a b"),
}
#: No HTTP: the server's parser rejects it, and there is no place for a class of ours.
SPACED = VALID.plus(b"x note", b"1")
PLAIN = VALID.without(
    b"upgrade", b"connection", b"sec-websocket-key", b"sec-websocket-version"
)

_SETTINGS = b"AAMAAABkAARAAAAAAAIAAAAA"
_marks = count()


@dataclass(frozen=True)
class Attacked:
    """A server; its log knows a request by its mark."""

    title: str
    server: Server

    def ask(self, data: bytes) -> Response:
        """Send bytes, and read until the end."""
        return ask(self.server.port, data, 20)

    def call(self) -> socket.socket:
        """Return a connection to the server."""
        address = ("127.0.0.1", self.server.port)
        connection = socket.create_connection(address, 20)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def logged(self, event: str, mark: str) -> list[dict[str, Any]]:
        """Return the events of one request."""
        lines = self.server.logged().splitlines(keepends=True)
        events = [json.loads(line) for line in lines if line[:1] + line[-2:] == "{}\n"]
        return [e for e in events if (e["event"], e.get("case")) == (event, mark)]

    def wait_for_one(self, event: str, mark: str) -> None:
        """Wait until there is one event of a request, for no response says so."""
        wait_until(lambda: len(self.logged(event, mark)) == 1, self.server.logged, 20)


@pytest.fixture(scope="module", name="running", params=[HYPERCORN_OURS, GUNICORN_OURS])
def _running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Attacked]:
    setup = SETUPS[request.param]
    need(setup)
    log = tmp_path_factory.mktemp("attacked") / "log"
    with serving(setup.command, log) as server:
        yield Attacked(setup.title, server)


@pytest.fixture(name="attacked")
def _attacked(running: Attacked) -> Iterator[Attacked]:
    """After each attack a valid client is served, and nothing has gone wrong."""
    yield running
    assert running.ask(VALID.wire()).status == 101
    wrong = ("Traceback", "[ERROR]", "[CRITICAL]", "never retrieved")
    lines = running.server.logged().splitlines()
    assert [line for line in lines if any(word in line for word in wrong)] == []


def test_what_is_pipelined_after_a_rejected_handshake_is_never_served(
    attacked: Attacked,
) -> None:
    for code, handshake in BROKEN.items():
        for more in (PLAIN, VALID, KEYLESS):
            for at_once in (True, False):
                (first, data), (behind, rest) = marked(handshake), marked(more)
                with attacked.call() as connection:
                    connection.sendall(data + rest * 3 if at_once else data)
                    if not at_once:
                        send(connection, rest)
                    response = read(connection)
                assert response.codes == (code,)
                assert response.raw.count(b"HTTP/1.1 ") == 1
                assert len(attacked.logged(REJECTED, first)) == 1
                assert attacked.logged(SEEN, behind) == []


def test_what_is_pipelined_after_a_request_that_the_parser_rejects_is_never_served(
    attacked: Attacked,
) -> None:
    behind, rest = marked(PLAIN)
    response = attacked.ask(SPACED.wire() + rest)
    assert (response.status, response.ending) == (400, "closed")
    assert response.raw.count(b"HTTP/1.1 ") == 1
    assert attacked.logged(SEEN, behind) == []


def test_a_rejection_ends_the_connection_also_where_the_client_would_keep_it(
    attacked: Attacked,
) -> None:
    for code, handshake in BROKEN.items():
        response = attacked.ask(handshake.plus(b"connection", b"keep-alive").wire())
        assert (response.ending, response.codes) == ("closed", (code,))
        names = [name for name, _ in response.headers]
        assert names.count(b"content-length") + names.count(b"transfer-encoding") == 1


def test_byte_by_byte_the_verdict_is_the_same(attacked: Attacked) -> None:
    for code, handshake in BROKEN.items():
        mark, data = marked(handshake)
        response = one_by_one(attacked, data)
        assert response.codes == (code,)
        assert response.body == attacked.ask(data).body != b""
        assert len(attacked.logged(REJECTED, mark)) == 2
    assert one_by_one(attacked, SPACED.wire()).status == 400


def test_a_long_or_a_crowded_head_gets_a_response(attacked: Attacked) -> None:
    # what gunicorn's parser finds too large it rejects itself; hypercorn takes 64 KiB
    parser = attacked.title == GUNICORN_OURS
    expected = (431, ()) if parser else (400, ("key_missing",))
    crowded = KEYLESS
    for number in range(200):
        crowded = crowded.plus(b"x-%d" % number, b"1")
    for handshake in (KEYLESS.plus(b"cookie", b"a" * 60_000), crowded):
        response = attacked.ask(handshake.wire())
        assert (response.status, response.codes) == expected
        assert len(response.raw) < 2800


def test_a_head_that_never_ends_is_cut_off(attacked: Attacked) -> None:
    with attacked.call() as connection:
        connection.sendall(KEYLESS.wire()[:-2])
        for _ in range(100):
            send(connection, b"x-note: " + b"a" * 8000 + b"\r\n")
        response = read(connection)
    assert response.status in {400, 431, None}  # a reset may overtake the response
    assert response.codes == ()


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ((b"content-length", b"5"), b"hello"),
        ((b"content-length", b"100000"), b"a" * 100_000),
        ((b"transfer-encoding", b"chunked"), b"5\r\nhello\r\n0\r\n\r\n"),
    ],
    ids=["short", "long", "chunked"],
)
def test_a_body_gets_the_response_at_once_and_is_no_request(
    attacked: Attacked, field: tuple[bytes, bytes], body: bytes
) -> None:
    for code, handshake in {**BROKEN, "body_unexpected": VALID}.items():
        (mark, data), (behind, rest) = marked(handshake.plus(*field)), marked(PLAIN)
        with attacked.call() as connection:
            connection.sendall(data)
            assert connection.recv(12) == b"HTTP/1.1 400"
            send(connection, body + rest)
            read(connection)
        (rejection,) = attacked.logged(REJECTED, mark)
        assert code in rejection["websocket.handshake.violations"]
        assert attacked.logged(SEEN, behind) == []


@pytest.mark.parametrize(
    "fields",
    [
        [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")],
        [(b"content-length", b"0"), (b"content-length", b"5")],
        [(b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"identity")],
        [(b"transfer-encoding", b"\x0bchunked")],
    ],
    ids=["both", "two-lengths", "two-encodings", "odd-encoding"],
)
def test_a_body_whose_length_is_disputed_smuggles_nothing(
    attacked: Attacked, fields: list[tuple[bytes, bytes]]
) -> None:
    for handshake in BROKEN.values():
        disputed = handshake.asked(headers=(*handshake.headers, *fields))
        behind, rest = marked(PLAIN)
        response = attacked.ask(disputed.wire() + b"0\r\n\r\n" + rest)
        assert response.status in {400, 501}
        assert response.raw.count(b"HTTP/1.1 ") == 1
        assert attacked.logged(SEEN, behind) == []


def test_a_reset_anywhere_is_logged_at_most_once_and_leaves_no_traceback(
    attacked: Attacked,
) -> None:
    for handshake in (VALID, SPACED, *BROKEN.values()):
        mark, data = marked(handshake)
        for length in (0, 1, 60, len(data) - 1, len(data)):
            connection = attacked.call()
            connection.sendall(data[:length])
            reset(connection)
        assert attacked.ask(VALID.wire()).status == 101
        assert len(attacked.logged(REJECTED, mark)) <= 1


def test_a_reset_within_the_response_is_logged_once(attacked: Attacked) -> None:
    for handshake in BROKEN.values():
        mark, data = marked(handshake)
        connection = attacked.call()
        connection.sendall(data)
        assert connection.recv(10) == b"HTTP/1.1 4"
        reset(connection)
        assert len(attacked.logged(REJECTED, mark)) == 1


def test_a_client_that_has_closed_its_half_is_logged_once(attacked: Attacked) -> None:
    # gunicorn closes the connection at that, hypercorn a WebSocket, also a valid one;
    # the response comes whole, if it is sent before the server knows, or not at all
    for code, handshake in BROKEN.items():
        mark, data = marked(handshake)
        with attacked.call() as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            response = read(connection)
        if response.raw:
            assert response.codes == (code,)
            assert json.loads(response.body)["status"] == response.status
        attacked.wait_for_one(REJECTED, mark)


def test_a_half_closed_within_the_head_is_never_served(attacked: Attacked) -> None:
    mark, data = marked(KEYLESS)
    with attacked.call() as connection:
        connection.sendall(data[:-1])
        connection.shutdown(socket.SHUT_WR)
        assert read(connection).codes == ()
    assert attacked.logged(SEEN, mark) == []


def test_h2c_is_upgraded_by_hypercorn_alone(attacked: Attacked) -> None:
    upgrade = VALID.but(b"upgrade", b"h2c")
    upgrade = upgrade.but(b"connection", b"Upgrade, HTTP2-Settings")
    response = attacked.ask(upgrade.plus(b"http2-settings", _SETTINGS).wire())
    if attacked.title == HYPERCORN_OURS:
        # it changes to HTTP/2 by itself, before it asks any class or application
        assert (response.status, dict(response.headers)[b"upgrade"]) == (101, b"h2c")
    else:
        assert response.codes == ("upgrade_not_websocket",)


def test_slow_clients_delay_no_other_client(attacked: Attacked) -> None:
    _, data = marked(KEYLESS)
    slow = [attacked.call() for _ in range(100)]
    for connection in slow:
        connection.sendall(data[:-1])
    assert attacked.ask(VALID.wire()).status == 101
    assert attacked.ask(KEYLESS.wire()).codes == ("key_missing",)
    for connection in slow:
        connection.sendall(data[-1:])
        assert read(connection).codes == ("key_missing",)
        connection.close()


def marked(handshake: Handshake) -> tuple[str, bytes]:
    """Return a mark of its own, and the request that has it."""
    mark = f"attack-{next(_marks)}"
    return mark, handshake.plus(CASE, mark.encode()).wire()


def one_by_one(attacked: Attacked, data: bytes) -> Response:
    """Send each byte in a segment of its own, as far as the server takes them."""
    with attacked.call() as connection:
        with suppress(OSError):
            for byte in data:
                connection.sendall(bytes([byte]))
                time.sleep(0.001)
        return read(connection)
