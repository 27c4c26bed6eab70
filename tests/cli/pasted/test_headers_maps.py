from __future__ import annotations

from functools import partial

import pytest

from tests.support.handshakes import VALID
from tests.support.stopwatch import is_linear
from ws_handshake import judge
from ws_handshake.cli.pasted.headers import HOST_ELSEWHERE, read_map
from ws_handshake.cli.pasted.request import NO_REQUEST_LINE

FIELDS = [(n.decode().title(), v.decode()) for n, v in VALID.headers if n != b"host"]
GO = "map[" + " ".join(f"{name}:[{value}]" for name, value in FIELDS) + "]"


@pytest.mark.parametrize(
    "text",
    [
        GO,
        f"2026/11/21 10:12:44 headers: {GO}",
        "{" + ", ".join(f"{name.lower()}=[{value}]" for name, value in FIELDS) + "}",
        "\n".join(f"{name}={value}" for name, value in FIELDS),
        "\n".join(f"{name} [{value}]" for name, value in FIELDS),
        "\n".join(f'{name} = ["{value}"]' for name, value in FIELDS),
        "Array\n(\n" + "\n".join(f"  [{n}] => {v}" for n, v in FIELDS) + "\n)",
    ],
    ids=["Go", "in a log", "Java", "lines", "Println", "Printf", "PHP"],
)
def test_a_map_is_read_and_not_blamed_for_the_host(text: str) -> None:
    pasted = read_map(text.encode())
    assert pasted is not None
    assert pasted.notes == (NO_REQUEST_LINE, HOST_ELSEWHERE)
    assert judge(pasted.completed()).accepted


def test_of_a_request_of_go_the_request_line_is_read() -> None:
    text = "&{GET /ws HTTP/1.0 1 0 map[Host:[a] Sec-Websocket-Key:[b]] {} 0}"
    pasted = read_map(text.encode())
    assert pasted is not None
    assert (pasted.request.target, pasted.request.http_version) == (b"/ws", "1.0")
    assert pasted.notes == ()


def test_a_request_of_go_may_have_the_names_of_its_members() -> None:
    text = (
        f"&{{Method:GET URL:/ws Proto:HTTP/1.1 ProtoMajor:1 Header:{GO} Body:{{}} "
        "TransferEncoding:[] Host:a.example Form:map[] RemoteAddr:192.0.2.1:5}"
    )
    pasted = read_map(text.encode())
    assert pasted is not None
    assert pasted.request.headers[0] == (b"host", b"a.example")
    assert len(pasted.request.headers) == len(VALID.headers)
    assert judge(pasted.request).accepted


@pytest.mark.parametrize(
    "text", ["", "a=b\nc=d", "map[Host:[a] Connection:[close]]", "{upgrade: ['a']}"]
)
def test_what_is_no_map_of_a_handshake_is_none(text: str) -> None:
    assert read_map(text.encode()) is None


def test_the_variables_of_php_are_an_environ() -> None:
    text = b"[HTTP_HOST] => a\n[HTTP_SEC_WEBSOCKET_KEY] => b\n[REQUEST_URI] => /ws"
    pasted = read_map(text)
    assert pasted is not None
    assert pasted.request.target == b"/ws"
    assert pasted.request.headers == [(b"host", b"a"), (b"sec-websocket-key", b"b")]


@pytest.mark.parametrize(
    "piece",
    [
        b"| a ",
        b"a  ",
        b'"a" = ";',
        b'["a"]=> ',
        b"a:[",
        b"a",
        b"a=",
        b"-",
        b" \t",
        b"a=[b] ",
    ],
)
def test_it_takes_linear_time(piece: bytes) -> None:
    small, large = piece * 200, piece * 3200
    assert is_linear(partial(read_map, small), partial(read_map, large))
