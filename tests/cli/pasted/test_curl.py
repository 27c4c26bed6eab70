from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import ACCEPT, KEY
from ws_handshake import judge
from ws_handshake.cli.pasted.curl import (
    ADDED,
    AGREES_ON_HTTP2,
    curl_commands,
    read_curl,
    read_options,
)
from ws_handshake.core import flaws

if TYPE_CHECKING:
    from ws_handshake.core.flaws import Flaw

GIVEN = b"-H 'Upgrade: websocket' -H 'Connection: Upgrade' -H 'Sec-WebSocket-Key: %s' "
WHOLE = GIVEN % KEY + b"-H 'Sec-WebSocket-Version: 13'"


def field(command: bytes, name: bytes) -> bytes | None:
    return dict(read_curl(command).request.headers).get(name)


@pytest.mark.parametrize(
    "before",
    [
        *(b"", b"$ ", b"% ", b"# ", b"  ", b"PS C:\\> ", b"C:\\Users\\me> "),
        *(b"me@host:~/src$ ", b"[root@host ~]# ", b"$ sudo ", b"\xe2\x9d\xaf "),
    ],
)
@pytest.mark.parametrize("name", [b"curl", b"curl.exe"])
def test_curl_may_stand_behind_a_prompt(before: bytes, name: bytes) -> None:
    command = b"what I did:\n" + before + name + b" http://a/ws\n"
    assert curl_commands(command)
    assert field(command, b"host") == b"a"


def test_each_of_several_commands_is_one() -> None:
    text = b"curl http://a/ ;\ncurl ws://a/ws \\\n  -H 'X-A: curl'\n"
    assert [read_curl(one).request.target for one in curl_commands(text)] == [
        b"/",
        b"/ws",
    ]


def test_the_status_of_the_response_below_is_kept() -> None:
    pasted = read_curl(b"curl -i http://a/ws\nHTTP/1.1 400 Bad Request\nServer: b")
    assert pasted.server_status == 400
    assert read_curl(b"curl http://a/ws").server_status is None


def test_curl_within_a_sentence_is_no_command() -> None:
    assert not curl_commands(b"I asked with curl http://a/ws")
    assert not curl_commands(b"curls http://a/ws")


def test_a_whole_handshake_is_judged_as_it_is_sent() -> None:
    pasted = read_curl(b"curl --http1.1 " + WHOLE + b" https://a:8443/ws?x=y#z")

    assert pasted.notes == ()
    assert pasted.request.target == b"/ws?x=y"
    assert field(b"curl https://a:8443/ws", b"host") == b"a:8443"
    assert judge(pasted.request).accept_token == ACCEPT


def test_curl_adds_what_is_missing_for_a_websocket_address() -> None:
    pasted = read_curl(b"curl ws://a/ws -H 'Sec-WebSocket-Version: 8'")

    assert pasted.notes == (ADDED,)
    assert pasted.made_up == {b"sec-websocket-key"}
    assert judge(pasted.request).codes == ("version_unsupported",)


def test_what_is_taken_out_is_not_added() -> None:
    pasted = read_curl(b"curl ws://a/ws -H Upgrade: -H 'host:' -H 'Sec-WebSocket-Key:'")
    assert pasted.made_up == frozenset()
    assert judge(pasted.request).codes == (
        "host_missing",
        "upgrade_missing",
        "key_missing",
    )


@pytest.mark.parametrize(
    ("options", "version", "notes"),
    [
        (b"https://a", "1.1", (AGREES_ON_HTTP2,)),
        (b"https://a --http1.1", "1.1", ()),
        (b"https://a --http2", "2", ()),
        (b"http://a --http2", "1.1", ()),
        (b"http://a --http2-prior-knowledge", "2", ()),
        (b"https://a --http3", "3", (AGREES_ON_HTTP2,)),
        (b"http://a -0", "1.0", ()),
        (b"http://a --http1.0", "1.0", ()),
        (b"wss://a --http2", "1.1", (ADDED,)),
    ],
)
def test_the_version_is_the_one_that_curl_is_asked_for(
    options: bytes, version: str, notes: tuple[str, ...]
) -> None:
    pasted = read_curl(b"curl " + options)
    assert pasted.request.http_version == version
    assert pasted.notes == (notes if b"http3" not in options else pasted.notes)


@pytest.mark.parametrize(
    ("options", "method", "body"),
    [
        (b"", "GET", False),
        (b"-X POST", "POST", False),
        (b"-XPUT", "PUT", False),
        (b"-I", "HEAD", False),
        (b"-d a=b", "POST", True),
        (b"--data-raw a", "POST", True),
        (b"-G -d a=b", "GET", False),
        (b"-T file", "PUT", True),
        (b"-F a=b -X GET", "GET", True),
    ],
)
def test_method_and_body_follow_from_the_options(
    options: bytes, method: str, *, body: bool
) -> None:
    command = b"curl http://a/ws " + options
    assert read_curl(command).request.method == method
    assert (field(command, b"content-length") is not None) is body


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        (b"-u me:secret", b"authorization", b"Basic " + base64.b64encode(b"me:secret")),
        (b"--oauth2-bearer t", b"authorization", b"Bearer t"),
        (b"-A mine", b"user-agent", b"mine"),
        (b"", b"user-agent", b"curl"),
        (b"", b"authorization", None),
        (b"-b a=b", b"cookie", b"a=b"),
        (b"-b jar.txt", b"cookie", None),
        (b"-e http://b", b"referer", b"http://b"),
        (b"--compressed", b"accept-encoding", b"gzip"),
        (b"-H 'Accept: text/html'", b"accept", b"text/html"),
        (b"-H 'X-Empty;'", b"x-empty", b""),
        (b"-H @file", b"@file", None),
    ],
)
def test_the_fields_are_those_that_curl_makes(
    options: bytes, name: bytes, value: bytes | None
) -> None:
    assert field(b"curl http://a/ws " + options, name) == value


def test_user_and_password_of_the_url_are_no_part_of_the_host() -> None:
    command = b"curl http://me:secret@a/ws"
    assert field(command, b"host") == b"a"
    assert field(command, b"authorization") == b"Basic " + base64.b64encode(
        b"me:secret"
    )


def test_brackets_that_are_escaped_from_curl_are_brackets() -> None:
    command = rb"curl 'http://\[::1\]:8000/ws'"
    assert field(command, b"host") == b"[::1]:8000"


@pytest.mark.parametrize(
    ("command", "flaw"),
    [
        (b"curl http://a -H 'a b: c'", flaws.HEADER_NAME),
        (b"curl http://a -H $'a: \\x01'", flaws.CONTROL_CHARACTER),
        (b"curl http://a -H 'a: b'", None),
    ],
)
def test_a_field_that_is_not_valid_http_is_reported(
    command: bytes, flaw: Flaw | None
) -> None:
    assert read_curl(command).flaw == flaw


def test_curl_without_a_url_has_no_host() -> None:
    assert "host_missing" in judge(read_curl(b"curl -s ").request).codes


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["http://a"], {"url": ["http://a"]}),
        (["-sS", "http://a"], {"s": [""], "S": [""], "url": ["http://a"]}),
        (["-iXPOST", "-"], {"i": [""], "X": ["POST"], "url": ["-"]}),
        (["-X", "POST"], {"X": ["POST"]}),
        (["-X"], {"X": [""]}),
        (["-H", "a: b", "--header", "c: d"], {"H": ["a: b", "c: d"]}),
        (["--max-time", "3", "--url", "b"], {"max-time": ["3"], "url": ["b"]}),
        (["--compressed", "x"], {"compressed": [""], "url": ["x"]}),
        (["-o", "f", "--json", "{}"], {"o": ["f"], "d": ["{}"]}),
        (["-k", "--no-such-option"], {"k": [""], "no-such-option": [""]}),
    ],
)
def test_arguments_are_sorted_by_option(
    arguments: list[str], wanted: dict[str, list[str]]
) -> None:
    assert read_options(arguments) == {"H": [], "url": [], **wanted}
