from __future__ import annotations

from functools import partial

import pytest

from tests.support.handshakes import ACCEPT, VALID
from tests.support.stopwatch import is_linear
from ws_handshake import judge
from ws_handshake.cli.pasted.text import find_heads
from ws_handshake.cli.pasted.wire import read_request

HEAD = VALID.wire().decode().rstrip().split("\r\n")


def heads(text: str) -> list[bytes]:
    return [found.head for found in find_heads(text.encode())]


def is_whole(text: str) -> bool:
    """Return whether the one head in `text` is the valid one, line by line."""
    return heads(text) == ["\r\n".join(HEAD).encode()]


PREFIXES = {
    "none": "",
    "indent": "    ",
    "curl": "> ",
    "mail": "> > ",
    "websockets": "2022-03-22 16:49:47 DEBUG (MainThread) [websockets.server] < ",
    "uvicorn": "DEBUG:    < ",
    "container": "web-1  | DEBUG:    < ",
    "journal": "Nov 21 10:12:44 host app[4711]: < ",
    "Apache HttpClient": "10:12:44.138 [main] DEBUG wire - http-outgoing-0 >> ",
    "bar": "| ",
    "comment": "# ",
}


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
def test_what_stands_before_every_line_is_taken_off(prefix: str) -> None:
    lines = [prefix + line for line in [*HEAD, ""]]
    assert is_whole("\n".join(lines))
    assert is_whole("\n".join(line.rstrip() for line in lines))
    assert is_whole("\n".join(["Something before:", "", *lines, "and after."]))


ENDINGS = ["\r", "\\r\\n", ".", "^M", "[\\r][\\n]"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_a_tool_writes_for_a_line_end_is_taken_off(ending: str) -> None:
    for prefix in ("", "    ", "http-outgoing-0 >> "):
        lines = [f"{prefix}{line}{ending}" for line in [*HEAD, ""]]
        assert is_whole("\n".join(lines))


def test_time_stamps_differ_from_line_to_line() -> None:
    lines = [f"17:18:{9 + n}.4{n}0 -> [{n}f] {line}" for n, line in enumerate(HEAD)]
    assert is_whole("\n".join(lines))


def test_the_request_line_may_have_more_before_it_than_the_others() -> None:
    first = f"17:18:37.440 -> [WS] [sendHeader] Handshake:{HEAD[0]}"
    rest = [f"17:18:37.441 -> {line}" for line in HEAD[1:]]
    assert is_whole("\n".join([first, *rest, "17:18:37.500 ->", "17:18:37.6 -> x: y"]))
    assert is_whole("\n".join(["..A...A." + HEAD[0], *HEAD[1:], "", "x: y"]))


def test_of_nginx_the_lines_in_quotes_are_read() -> None:
    before = "2026/11/21 10:12:44 [debug] 31#31: *7 http "
    lines = [f'{before}header: "{line}"' for line in HEAD[1:]]
    text = "\n".join([f'{before}request line: "{HEAD[0]}"', *lines])
    assert is_whole(text)


def test_a_name_that_no_one_knows_is_a_field_too() -> None:
    found = heads("-> GET /ws HTTP/1.1\nHost: a\nX-Mine: b\nX-Other:c\n")
    assert found == [b"GET /ws HTTP/1.1\r\nHost: a\r\nX-Mine: b"]


def test_lines_of_another_direction_are_not_the_requests() -> None:
    mixed = [f"< {line}\n> Server: a\n% other" for line in HEAD]
    assert is_whole("\n".join(mixed))


def test_a_known_field_behind_the_same_mark_is_the_requests() -> None:
    lines = [f"[worker] < {line}" for line in HEAD]
    lines[3] = f"[other worker] < {HEAD[3]}"
    assert is_whole("\n".join(lines))


def test_a_malformed_line_of_a_log_is_kept_if_its_name_is_known() -> None:
    (head,) = heads("< GET /ws HTTP/1.1\n< Host: a\n< Upgrade websocket\n< say what")
    assert head == b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade websocket"


def test_after_many_other_lines_nothing_belongs_to_the_head() -> None:
    between = "\n".join(["else"] * 30)
    (head,) = heads(f"x GET /ws HTTP/1.1\nHost: a\n{between}\nOrigin: b\n")
    assert head == b"GET /ws HTTP/1.1\r\nHost: a"


@pytest.mark.parametrize(
    "end",
    ["", "\n", "-----", "HTTP/1.1 404 Not Found\nUpgrade: h2c", "It says 400 now"],
)
def test_the_head_ends_where_something_else_begins(end: str) -> None:
    assert is_whole("\n".join([*HEAD, end]))
    assert is_whole("\n".join([f"x {HEAD[0]}", *HEAD[1:], end]))


def test_a_malformed_line_at_the_end_is_no_sentence() -> None:
    (head,) = heads("\n".join([*HEAD, "Upgrade now or never"]))
    assert head.endswith(b"\r\nUpgrade now or never")
    (head,) = heads("\n".join([*HEAD, "nocolon"]))
    assert head.endswith(b"\r\nnocolon")


def test_every_other_line_may_be_empty() -> None:
    assert is_whole("\n\n".join(HEAD))


def test_header_lines_may_be_indented_more_or_less() -> None:
    assert is_whole("\n".join([HEAD[0], *("    " + line for line in HEAD[1:])]))
    assert is_whole("\n".join(["    " + HEAD[0], *HEAD[1:]]))
    assert is_whole("\n".join([HEAD[0], "  " + HEAD[1], *HEAD[2:]]))


def test_a_continued_line_stays_one() -> None:
    (head,) = heads("GET /ws HTTP/1.1\nHost: a\n b\nUpgrade: websocket")
    assert read_request(head).flaw is not None


@pytest.mark.parametrize(
    "around", ["{}", "b'{}'", '"{}"', "  send: b'{}' to it", "{}\\r\\n"]
)
def test_line_ends_that_are_written_out_are_line_ends(around: str) -> None:
    (found,) = find_heads(around.format(r"\r\n".join([*HEAD, "", ""])).encode())
    assert judge(read_request(found.head).request).accept_token == ACCEPT


def test_all_requests_are_found_with_the_response_to_each() -> None:
    text = (
        "* Trying\n> GET /ws HTTP/1.1\n> Host: a\n>\n< HTTP/1.1 302 Found\n"
        "< Upgrade: h2c\n<\n> GET /login HTTP/2\n> Host: a\n>\n< HTTP/2 200\n"
    )
    found = find_heads(text.encode())
    assert [one.status for one in found] == [302, 200]
    assert [one.before for one in found] == [b"> ", b"> "]
    assert not any(one.is_first for one in found)


def test_the_line_of_the_proxy_protocol_belongs_to_the_head() -> None:
    line = "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443"
    (found,) = find_heads("\n".join([line, *HEAD]).encode())
    assert found.head.startswith(b"PROXY TCP4 ")
    assert found.is_first


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("get /ws HTTP/1.1\n", True),
        ("GET /ws\nHost: a", True),
        ("POST  /ws\nHost: a", True),
        ("POST  /ws", False),
        ("FETCH /ws HTTP/1.1", True),
        ("GET ws", False),
        ("Get well soon", False),
        ("Host: a", False),
        ("", False),
        ('"GET /ws HTTP/1.1" 404', False),
        ('request: "GET /ws HTTP/1.1"', False),
        ('request: "GET /ws HTTP/1.1"\nit: failed', False),
        ("Request Version: HTTP/1.0\nHost: a", False),
        ("HTTP/1.1 404 Not Found\nUpgrade: websocket", False),
        ("> Dear all\n> GET well\n", False),
    ],
)
def test_not_all_that_names_http_is_a_request(text: str, *, is_one: bool) -> None:
    assert bool(find_heads(text.encode())) is is_one


def test_a_very_long_beginning_is_not_compared() -> None:
    (head,) = heads(f"{'long ' * 200}{HEAD[0]}\nHost: a\n")
    assert head == f"{HEAD[0]}\r\nHost: a".encode()


@pytest.mark.parametrize(
    "piece", ["GET / HTTP/1.1\n", "GET ", "< GET / HTTP/1.1\n< a\n", "a:\n\n", "Host: "]
)
def test_it_takes_linear_time(piece: str) -> None:
    for before in ("", "x GET / HTTP/1.1\nHost: a\n"):
        small, large = (before + piece * n for n in (100, 1600))
        assert is_linear(
            partial(find_heads, small.encode()), partial(find_heads, large.encode())
        )


def test_only_so_many_heads_are_read() -> None:
    assert len(heads("GET / HTTP/1.1\nHost: a\n\n" * 600)) == 500


def test_a_head_from_which_lines_were_left_out_is_not_whole() -> None:
    (whole,) = find_heads(b"GET / HTTP/1.1\nHost: a\nUpgrade: b")
    (cut,) = find_heads(b"GET / HTTP/1.1\nHost: a\n...\nUpgrade: b")
    assert (whole.is_whole, cut.is_whole) == (True, False)
    assert whole.head == cut.head


def test_a_target_may_be_missing() -> None:
    (found,) = find_heads(b"x: GET  HTTP/1.1\nHost: a\nUpgrade: b")
    assert found.head.startswith(b"GET  HTTP/1.1")


def test_what_wireshark_shows_again_is_no_field() -> None:
    (found,) = find_heads(
        b"  GET / HTTP/1.1\\r\\n\n  Cookie: a=b\\r\\n\n"
        b"    Cookie pair: a=b\n  Host: a\\r\\n"
    )
    assert found.head.split(b"\r\n")[1:] == [b"Cookie: a=b", b"Host: a"]
