from __future__ import annotations

from functools import partial

import pytest

from tests.support.stopwatch import is_linear
from ws_handshake.cli.pasted.access import read_access

COMBINED = '192.0.2.1 - - [x] "GET /ws HTTP/1.1" {} 12 "-" "Mozilla/5.0"'
HAPROXY = (
    "haproxy[14]: 10.0.1.2:33317 [21/Nov/2026:10:12:44.655] http-in be/srv1 "
    '10/0/30/69/109 {} 2750 - - {} 1/1/1/1/0 0/0 {{a}} {{}} "GET /ws?t=s HTTP/1.1"'
)
UVICORN = "an access log line of uvicorn"
WEB = "an access log line of nginx, Apache or another"
CHANNELS = "a log line of Channels"
CLOSED = "The application rejected the handshake"
PLAIN = "If this is the handshake, it arrived as a plain request"
ACCEPTED = "The handshake was accepted"


@pytest.mark.parametrize(
    ("line", "kind", "status", "sentence"),
    [
        ("('192.0.2.1', 5) - \"WebSocket /ws?t=s\" 403", UVICORN, 403, CLOSED),
        ('192.0.2.1:5 - "WebSocket /ws" [accepted]', UVICORN, 101, ACCEPTED),
        ("INFO:     connection rejected (403 Forbidden)", UVICORN, 403, CLOSED),
        (
            '192.0.2.1:5 - "GET /ws HTTP/1.0" 404 Not Found',
            UVICORN,
            404,
            f"{PLAIN} over HTTP/1.0: a proxy",
        ),
        (
            '192.0.2.1:5 - "GET /ws HTTP/1.1" 404 Not Found',
            UVICORN,
            404,
            f"{PLAIN}: Upgrade",
        ),
        (COMBINED.format(400), WEB, 400, ""),
        (COMBINED.format(101), WEB, 101, ACCEPTED),
        (HAPROXY.format(400, "----"), "a log line of HAProxy", 400, ""),
        (HAPROXY.format(101, "----"), "a log line of HAProxy", 101, ACCEPTED),
        (HAPROXY.format(-1, "CD--"), "a log line of HAProxy", None, "The connection"),
        (
            '192.0.2.1:4 - - [x] "GET /ws 1.1" 403 0 "-" "-"',
            "an access log line of Hypercorn",
            403,
            "",
        ),
        ("GET /ws 404 1.234 ms - 150", "a log line of Express", 404, "If this is the"),
        (
            "WARNING:tornado.access:403 GET /ws (127.0.0.1) 1.00ms",
            "an access log line of Tornado",
            403,
            "",
        ),
        ("WebSocket HANDSHAKING /ws/ [x]", CHANNELS, None, "The application neither"),
        ('f f/<NOSRV> 400 0 "<BADREQ>"', "a log line of HAProxy", None, "HAProxy rej"),
        ("it said HTTP/1.1 502 Bad Gateway", "a response", 502, ""),
        (" GET /ws 404 in 12ms", "a log line of Express", 404, "If this is the"),
        ("WebSocket REJECT /ws/ [192.0.2.1:4]", CHANNELS, None, CLOSED),
        ('192.0.2.1:4 - - [x] "WSCONNECT /ws/" - -', CHANNELS, 101, ACCEPTED),
        (
            "GET http://localhost:5000/socket.io/?EIO=4&transport=polling 400 (BAD)",
            "a line of a browser's console",
            400,
            "",
        ),
    ],
)
def test_a_line_of_an_access_log_has_its_sentence(
    line: str, kind: str, status: int | None, sentence: str
) -> None:
    message = read_access(f"before\n{line}\n".encode())
    assert message is not None
    assert (message.kind, message.status) == (kind, status)
    assert message.what.startswith(sentence)
    assert bool(message.what) is bool(sentence)


def test_what_is_no_line_of_a_log_is_none() -> None:
    assert read_access(b"GET /ws HTTP/1.1\nHost: a\n") is None


@pytest.mark.parametrize("piece", [b'"GET ', b"1/1/1/1/", b"11", b' - "GET /"'])
def test_it_takes_linear_time(piece: bytes) -> None:
    small, large = piece * 100, piece * 1600
    assert is_linear(partial(read_access, small), partial(read_access, large))
