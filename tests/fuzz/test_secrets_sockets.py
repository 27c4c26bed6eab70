"""What the campaign over sockets complains of, and what it calls an end."""

from __future__ import annotations

import logging
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.fuzz import campaigns as fuzz
from tests.fuzz import secrets as fuzz_secrets
from tests.fuzz import secrets_sockets as fuzz_secrets_sockets
from tests.fuzz.secrets_sockets import ask_in_pieces, judge
from tests.fuzz.tally import Tally
from tests.support.canaries import PLACES
from tests.support.faults import reset
from tests.support.handshakes import VALID
from tests.support.wires import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


def complaints(response: Response, logged: str = "") -> list[str]:
    tally = Tally()
    judge(response, b"sent", logged, tally)
    return [line.split(":")[0] for line in tally.unexplained]


def test_silence_an_open_connection_and_a_traceback_are_unexplained() -> None:
    assert complaints(Response(b"HTTP/1.1 400 Bad Request\r\n\r\n", "closed")) == []
    assert complaints(Response(SWITCHED, "upgraded")) == []
    assert complaints(Response(b"", "closed")) == ["no response"]
    assert complaints(Response(b"HTTP/1.1 400 Bad Request\r\n\r\n", "open")) == [
        "left open"
    ]
    assert complaints(Response(SWITCHED, "upgraded"), "Traceback (most") == [
        "a traceback"
    ]


@contextmanager
def serving(respond: Callable[[socket.socket], None]) -> Iterator[int]:
    """Respond to one connection, and keep it until the block ends."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                respond(connection)
                ended.wait(10)

        server = threading.Thread(target=serve)
        server.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            server.join(10)


def _reset_when_asked(connection: socket.socket) -> None:
    connection.recv(1)  # before that the client may still be connecting
    reset(connection)


@pytest.mark.parametrize(
    ("respond", "expected"),
    [
        (lambda c: c.sendall(SWITCHED), Response(SWITCHED, "upgraded")),
        (lambda c: c.sendall(b"HTTP/1.1 "), Response(b"HTTP/1.1 ", "open")),
        (lambda c: c.shutdown(socket.SHUT_WR), Response(b"", "closed")),
        (_reset_when_asked, Response(b"", "reset")),
    ],
    ids=["upgraded", "open", "closed", "reset"],
)
def test_a_connection_has_one_of_four_ends(
    respond: Callable[[socket.socket], None],
    expected: Response,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fuzz_secrets_sockets, "_SECONDS", 0.3)
    with serving(respond) as port:
        assert ask_in_pieces(port, [b"GET / HTTP/1.1\r\n", b"\r\n"]) == expected


def test_a_secret_in_a_line_of_uvicorns_is_unexplained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # without the filter of the page about logs
    monkeypatch.setattr(logging.Logger, "addFilter", lambda *_: None)
    places = dict.fromkeys("abcd", PLACES["query"])
    monkeypatch.setattr(fuzz_secrets, "PLACES", places)
    tally = fuzz.campaign("secrets-sockets", seed=1, count=3, seconds=60)

    assert tally.counts["unexplained"] >= 1
    assert all(line.startswith("log contains ") for line in tally.unexplained)


def test_the_loggers_of_uvicorn_are_left_as_they_were() -> None:
    loggers = [logging.getLogger(name) for name in ("uvicorn.access", "uvicorn.error")]
    before = [list(logger.filters) for logger in loggers]
    fuzz.campaign("secrets-sockets", seed=1, count=1, seconds=60)

    assert [list(logger.filters) for logger in loggers] == before


def test_each_place_is_found_again_in_what_is_sent() -> None:
    secret = b"S3CR3T-of-the-place"
    for name, place in PLACES.items():
        assert secret in place(VALID, secret).wire(), name
