from __future__ import annotations

import codecs
import json

import pytest

from ws_handshake.cli.pasted.cleaned import cleaned, logged, unescaped

HEAD = b"GET /ws HTTP/1.1\nHost: a\nConnection: close"


@pytest.mark.parametrize(
    "spoilt",
    [
        HEAD.replace(b"\n", b"\r"),
        HEAD.replace(b"\n", b"^M\n") + b"^M",
        HEAD.replace(b" ", b"\xc2\xa0"),
        b"\xe2\x80\x8b" + HEAD,
        b"\x1b[1mGET\x1b[0m" + HEAD[3:],
        codecs.BOM_UTF16_LE + HEAD.decode().encode("utf-16-le"),
        b"```http\n" + HEAD + b"\n```\n",
        b"  " + HEAD.replace(b"\n", b"\n  "),
        HEAD.replace(b"\n", b"<br>\n"),
        b"<pre><code>" + HEAD + b"</code></pre>",
        b"`" + HEAD.replace(b"\n", b"`\n`") + b"`",
    ],
)
def test_what_copying_adds_is_taken_off(spoilt: bytes) -> None:
    assert cleaned(spoilt) == HEAD


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (b"**Host**: a", b"Host: a"),
        (b"- **Host:** a", b"- Host: a"),
        ("\u201ca\u201d \u2018b\u2019".encode(), b"\"a\" 'b'"),
        (b"{&quot;host&quot;: 1}", b'{"host": 1}'),
        (b"<p>a=1&amp;b=2</p>", b"a=1&b=2"),
    ],
)
def test_markdown_and_html_show_what_a_reader_sees(text: bytes, plain: bytes) -> None:
    assert cleaned(text) == plain


@pytest.mark.parametrize(
    "text",
    [b"GET /ws?a=1&amp;b=2 HTTP/1.1", b"X: a\xc2\xa0b", b"X-A: <b", b"a ** b"],
)
def test_what_may_have_been_sent_stays(text: bytes) -> None:
    assert cleaned(text) == text


def test_the_lines_in_json_objects_are_those_that_the_program_wrote() -> None:
    entries = [{"log": "GET / HTTP/1.1\n"}, {"level": 1}, {"message": "Host: a"}]
    text = "\n".join(["", *map(json.dumps, entries)]).encode()
    assert logged(text) == b"GET / HTTP/1.1\n\nHost: a"


@pytest.mark.parametrize("text", [b"Host: a", b'{"a": 1}', b"{", b'{"message": ""}'])
def test_other_json_holds_no_lines(text: bytes) -> None:
    assert logged(text) is None


def test_json_within_a_string_is_taken_out_of_it() -> None:
    assert unescaped(b'Request="{\\"a\\": 1}"') == b'{"a": 1}"'
    assert unescaped(b'{"a": 1}') is None
