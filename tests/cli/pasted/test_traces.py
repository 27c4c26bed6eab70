from __future__ import annotations

from functools import partial

from tests.support.handshakes import VALID
from tests.support.stopwatch import is_linear
from ws_handshake import judge
from ws_handshake.cli.pasted.text import find_heads
from ws_handshake.cli.pasted.traces import (
    is_okhttp,
    of_ngrep,
    of_okhttp,
    of_websockets,
)
from ws_handshake.cli.pasted.wire import read_request

FIELDS = [f"{n.decode()}: {v.decode()}" for n, v in VALID.headers]
LINES = [
    "--> GET https://chat.example.com/ws http/1.1",
    *FIELDS,
    "--> END GET",
    "<-- 403 Forbidden https://chat.example.com/ws (12ms)",
    "server: nginx",
]


def test_the_log_of_okhttp_gets_first_lines() -> None:
    text = "\n".join(f"I/okhttp.OkHttpClient: {line}" for line in LINES).encode()
    assert is_okhttp(text)
    (head,) = find_heads(of_okhttp(text))
    request = read_request(head.head).request
    assert head.status == 403
    assert request.target == b"/ws"
    assert judge(request).accepted


def test_an_address_may_have_no_path() -> None:
    assert of_okhttp(b"--> GET wss://a") == b"GET / HTTP/1.1"


def test_an_arrow_alone_is_no_log_of_okhttp() -> None:
    assert not is_okhttp(b"--> GET it done")


def ngrep(wire: bytes, width: int, mark: str) -> bytes:
    """Show bytes as ngrep does in a window of some width."""
    shown = wire.replace(b"\r", b".").replace(b"\n", b".").decode()
    rows = [shown[at : at + width] for at in range(0, len(shown), width)]
    lines = [f"  {row:<{width}}" for row in rows]
    return "\n".join(["####", mark, *lines, "##", ""]).encode()


def test_what_ngrep_folds_is_one_packet_in_every_window() -> None:
    bent = VALID.asked(target=b"/a/../b").but(b"sec-websocket-version", b"8")
    for width in range(20, 120):
        for mark in ("T 10.0.0.1:5 -> 10.0.0.2:80 [AP] #4", "T ::1 -> ::1 [A]"):
            text = ngrep(bent.wire(), width, mark)
            for copied in (text, b"\n".join(map(bytes.rstrip, text.split(b"\n")))):
                (head,) = find_heads(of_ngrep(copied))
                request = read_request(head.head).request
                assert request.target == b"/a/../b"
                assert list(request.headers) == list(bent.headers)


def test_any_other_text_is_left_as_it_is() -> None:
    text = b"T a -> b\n  GET /ws HTTP/1.1..Host: a\n"
    assert of_ngrep(text) == text


def test_each_field_of_an_old_websockets_gets_its_line() -> None:
    log = b"""x > Headers([('Host', 'a'), ('Cookie', "b='c'")])\nx > {}"""
    assert of_websockets(log) == b"x > Host: a\nx > Cookie: b='c'\nx > {}"


def test_it_takes_linear_time() -> None:
    piece = b"> Headers([('"
    small, large = piece * 100, piece * 1600
    assert is_linear(partial(of_websockets, small), partial(of_websockets, large))
