from __future__ import annotations

import json

import pytest

from tests.support.handshakes import VALID
from ws_handshake import judge
from ws_handshake.cli.explain.explained import explain
from ws_handshake.cli.pasted.copied import LEFT_OUT, fetch_calls, read_fetch

COPIED = ("sec-websocket-key", "sec-websocket-version")


def call(url: str, **options: object) -> bytes:
    headers = {n.decode(): v.decode() for n, v in VALID.headers if n.decode() in COPIED}
    given = {"headers": headers, "body": None, "method": "GET", **options}
    return f"fetch({json.dumps(url)}, {json.dumps(given, indent=2)});".encode()


def test_what_the_browser_leaves_out_is_no_ones_fault() -> None:
    pasted = read_fetch(call("wss://chat.example.com/ws?token=a"))
    assert pasted.notes == (LEFT_OUT,)
    assert pasted.request.target == b"/ws?token=a"
    assert explain(pasted).valid
    assert judge(pasted.completed()).accepted


def test_what_is_there_and_wrong_is_blamed() -> None:
    pasted = read_fetch(call("wss://a/ws", method="POST"))
    assert judge(pasted.completed()).codes == ("method_not_get",)
    pasted = read_fetch(call("wss://a/ws", headers={"sec-websocket-version": "8"}))
    assert judge(pasted.completed()).codes == ("key_missing", "version_unsupported")


def test_options_that_are_cut_off_have_no_headers() -> None:
    assert read_fetch(b'fetch("wss://a/ws", 5').request.headers == [(b"host", b"a")]
    assert read_fetch(b"fetch").request.headers == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (b'await fetch("wss://a/", {', True),
        (b"fetch('https://a/',\n {", True),
        (b'fetch("https://a/")', False),
        (b"prefetch(url, {", False),
    ],
)
def test_only_a_call_with_options_is_one(text: bytes, *, is_one: bool) -> None:
    assert bool(fetch_calls(text)) is is_one


def test_each_of_several_calls_is_one() -> None:
    text = b'fetch("https://a/", {}); ;\nfetch("wss://a/ws", {"method": "GET"});'
    assert [read_fetch(one).request.target for one in fetch_calls(text)] == [
        b"/",
        b"/ws",
    ]
