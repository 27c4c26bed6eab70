"""A request to send: as text, and as a line for the shell."""

from __future__ import annotations

from dataclasses import replace

from demo_app.inspector.trials.request import VALID, Head

HERE = "127.0.0.1:8000"
ADDRESS = "http://127.0.0.1:8000"


def test_a_head_is_written_as_a_person_reads_it() -> None:
    assert VALID.text(HERE) == (
        "GET /ws HTTP/1.1\n"
        "Host: 127.0.0.1:8000\n"
        "Upgrade: websocket\n"
        "Connection: Upgrade\n"
        "Sec-WebSocket-Version: 13\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
        "\n"
    )


def test_it_can_be_bent_in_every_part() -> None:
    bent = replace(
        VALID.but("Upgrade: h2c")
        .without("Sec-WebSocket-Version", "Sec-WebSocket-Key")
        .plus("Accept: */*"),
        method="POST",
        path="/",
        version="HTTP/1.0",
        hosts=("a", "b"),
        body="hello",
    )
    assert bent.text(HERE) == (
        "POST / HTTP/1.0\nHost: a\nHost: b\n"
        "Upgrade: h2c\nConnection: Upgrade\nAccept: */*\n\nhello"
    )
    assert Head() == VALID


def test_curl_is_given_what_it_does_not_make_by_itself() -> None:
    assert Head(headers=("Upgrade: websocket",)).line(ADDRESS, "--max-time 1") == (
        "curl -i http://127.0.0.1:8000/ws --max-time 1 \\\n  -H 'Upgrade: websocket'"
    )
    assert Head((), hosts=()).line(ADDRESS) == (
        "curl -i http://127.0.0.1:8000/ws \\\n  -H Host:"
    )
    assert Head((), hosts=("two words",), version="HTTP/1.0").line(ADDRESS) == (
        "curl -i http://127.0.0.1:8000/ws --http1.0 \\\n  -H 'Host: two words'"
    )
    assert Head((), method="POST").line(ADDRESS) == (
        "curl -i http://127.0.0.1:8000/ws -X POST"
    )
    assert Head(("Content-Length: 5",), body="hello").line(ADDRESS) == (
        "curl -i http://127.0.0.1:8000/ws -X GET --data hello"
    )


def test_a_header_that_is_too_long_to_type_is_left_to_the_shell() -> None:
    long = replace(VALID.plus("X-Long: 1,2,3"), typed='-H "X-Long: $(seq -s, 3)"')
    assert long.line(ADDRESS).startswith(
        'curl -i http://127.0.0.1:8000/ws -H "X-Long: $(seq -s, 3)" \\\n  -H '
    )
    assert "1,2,3" not in long.line(ADDRESS)


def test_what_curl_would_change_is_piped_through_it_byte_by_byte() -> None:
    exact = Head(("Upgrade: it's",), hosts=("{host}", "elsewhere"), exact=True)
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


def test_what_stands_behind_a_head_is_piped_too() -> None:
    preface = Head((), "PRI", "*", "HTTP/2.0", (), "SM\n\n", exact=True)
    assert preface.line(ADDRESS).startswith(
        "printf '%s\\r\\n' \\\n  'PRI * HTTP/2.0' \\\n  '' \\\n  SM \\\n  '' |\n"
    )
