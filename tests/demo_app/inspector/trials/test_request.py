"""A request to send to the demo: as text, as bytes, and as a line for a shell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demo_app.inspector.trials.request import VALID, Request, encoded, shown, wire

HERE = "127.0.0.1:8000"
ADDRESS = "http://127.0.0.1:8000"


def test_a_request_is_written_as_a_person_reads_it() -> None:
    assert VALID.text(HERE) == (
        "GET /ws HTTP/1.1\n"
        "Host: 127.0.0.1:8000\n"
        "Upgrade: websocket\n"
        "Connection: Upgrade\n"
        "Sec-WebSocket-Version: 13\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
        "\n"
    )


def test_every_part_of_it_can_be_changed() -> None:
    changed = replace(
        VALID.but("Upgrade: h2c")
        .without("Sec-WebSocket-Version", "Sec-WebSocket-Key")
        .plus("Accept: */*"),
        method="POST",
        path="/",
        version="HTTP/1.0",
        hosts=("a", "b"),
        body="hello",
    )
    assert changed.text(HERE) == (
        "POST / HTTP/1.0\nHost: a\nHost: b\n"
        "Upgrade: h2c\nConnection: Upgrade\nAccept: */*\n\nhello"
    )
    assert Request() == VALID


def test_curl_gets_what_it_does_not_write_by_itself() -> None:
    assert Request(headers=("Upgrade: websocket",)).line(ADDRESS, "--max-time 1") == (
        "curl -i http://127.0.0.1:8000/ws --max-time 1 \\\n  -H 'Upgrade: websocket'"
    )
    assert Request((), hosts=()).line(ADDRESS) == (
        "curl -i http://127.0.0.1:8000/ws \\\n  -H Host:"
    )
    assert Request((), hosts=("two words",), version="HTTP/1.0").line(ADDRESS) == (
        "curl -i http://127.0.0.1:8000/ws --http1.0 \\\n  -H 'Host: two words'"
    )
    assert Request((), method="POST").line(ADDRESS) == (
        "curl -i http://127.0.0.1:8000/ws -X POST"
    )
    assert Request(("Content-Length: 5",), body="hello").line(ADDRESS) == (
        "curl -i http://127.0.0.1:8000/ws -X GET --data hello"
    )


def test_a_header_that_is_too_long_to_type_is_left_to_the_shell() -> None:
    long = replace(VALID.plus("X-Long: 1,2,3"), typed='-H "X-Long: $(seq -s, 3)"')
    assert long.line(ADDRESS).startswith(
        'curl -i http://127.0.0.1:8000/ws -H "X-Long: $(seq -s, 3)" \\\n  -H '
    )
    assert "1,2,3" not in long.line(ADDRESS)


def test_what_curl_would_change_is_piped_through_it_byte_by_byte() -> None:
    exact = Request(("Upgrade: it's",), hosts=("{host}", "elsewhere"), exact=True)
    assert exact.line(ADDRESS) == (
        "printf '%s\\r\\n' \\\n"
        "  'GET /ws HTTP/1.1' \\\n"
        "  'Host: 127.0.0.1:8000' \\\n"
        "  'Host: elsewhere' \\\n"
        "  'Upgrade: it'\"'\"'s' \\\n"
        "  '' |\n"
        "  curl -s telnet://127.0.0.1:8000"
    )
    assert exact.line(ADDRESS, "--max-time 1").endswith(
        "curl -s --max-time 1 telnet://127.0.0.1:8000"
    )


def test_what_follows_a_head_is_piped_too() -> None:
    preface = Request((), "PRI", "*", "HTTP/2.0", (), "SM\n\n", exact=True)
    assert preface.line(ADDRESS).startswith(
        "printf '%s\\r\\n' \\\n  'PRI * HTTP/2.0' \\\n  '' \\\n  SM \\\n  '' |\n"
    )


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("GET / HTTP/1.1", b"GET / HTTP/1.1\r\n\r\n"),
        ("GET / HTTP/1.1\nHost: a\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("\n\nGET / HTTP/1.1\n\nhello", b"\r\n\r\nGET / HTTP/1.1\r\n\r\nhello"),
        ("X: \u00e9\r\ud800", b"X: \xc3\xa9\r\xed\xa0\x80\r\n\r\n"),
        ("", b"\r\n\r\n"),
    ],
)
def test_what_is_typed_is_sent_with_the_ends_of_line_that_http_has(
    text: str, sent: bytes
) -> None:
    assert wire(text) == sent
    assert encoded("\ud800") == b"\xed\xa0\x80"


def test_bytes_are_shown_as_ascii_and_all_others_by_number() -> None:
    seen = shown(b"a\r\nb\rc\td\x00\xff<b>\x7f\n", 100)
    assert seen == "a\nb\\x0dc\\x09d\\x00\\xff<b>\\x7f\n"


def test_bytes_are_cut_if_there_are_too_many() -> None:
    assert shown(b"x" * 5000, 4) == "xxxx\n... and 4,996 bytes more"
    assert shown(b"xxxx", 4) == "xxxx"
