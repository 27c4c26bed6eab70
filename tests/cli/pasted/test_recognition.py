from __future__ import annotations

import codecs
from functools import partial

import pytest

from tests.support import pastes
from tests.support.handshakes import ACCEPT, VALID, Handshake
from tests.support.stopwatch import is_linear
from ws_handshake import judge
from ws_handshake.cli.pasted.recognition import (
    IN_TEXT,
    REPEATED,
    TAKEN,
    recognise,
    recognise_message,
    why_unrecognised,
)

BROWSERS = (
    VALID.plus(b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0")
    .plus(b"origin", b"https://chat.example.com")
    .plus(b"cookie", b"session=abc")
    .plus(b"sec-websocket-extensions", b'x; a="b"; c=d')
    .asked(target=b"/ws?token=it%27s&b=[1]")
)
KINDS = {
    "wire": "a request head",
    "wire with LF": "a request head",
    "curl -v": "the output of curl -v",
    "curl in bash": "a curl command",
    "curl in cmd": "a curl command",
    "curl in the old cmd": "a curl command",
    "PowerShell": "a PowerShell command",
    "header lines": "header lines",
    "in turns": "header lines",
    "HAR": "a HAR file",
    "hex dump": "a hex dump",
    "log": "a request head among other lines",
    "ASGI scope": "an ASGI scope",
    "net export": "a net-export log",
}
BENT = {
    "valid": BROWSERS,
    "no version": BROWSERS.without(b"sec-websocket-version"),
    "key": BROWSERS.but(b"sec-websocket-key", b'it\'s "short" % \\ $x `y`'),
    "version": BROWSERS.but(b"sec-websocket-version", b"8"),
    "empty": BROWSERS.but(b"sec-websocket-protocol", b""),
    "loud": BROWSERS.plus(b"x-loud", b"so! ^& <|> (1) {2} #3 ; 4"),
    "two keys": BROWSERS.plus(b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ=="),
}


def read(data: bytes) -> Handshake:
    """Return the one request that is recognised, with its fields in an order."""
    pasted = recognise(data)
    assert pasted is not None
    (only,) = pasted.requests
    assert only.flaw is None
    method, version, headers, target, _, _ = only.request
    return Handshake(method, target, version, tuple(sorted(headers)))


def fields_of(handshake: Handshake) -> set[tuple[bytes, bytes]]:
    return set(handshake.headers) - {(b"accept", b"*/*"), (b"accept-encoding", b"gzip")}


@pytest.mark.parametrize("bent", BENT.values(), ids=BENT)
@pytest.mark.parametrize("form", pastes.FORMS)
def test_a_handshake_is_the_same_in_whichever_form_it_was_copied(
    form: str, bent: Handshake
) -> None:
    if bent is BENT["no version"] and form.startswith("curl in"):
        bent = BROWSERS  # curl adds what is missing where the URL has wss
    pasted = recognise(pastes.FORMS[form](bent))

    assert pasted is not None
    assert pasted.kind == KINDS[form]
    found = read(pastes.FORMS[form](bent))
    assert fields_of(found) == fields_of(bent)
    assert judge(found.head()).codes == judge(bent.head()).codes
    if form not in {"header lines", "in turns"}:
        assert found.target == bent.target


@pytest.mark.parametrize("form", pastes.FORMS)
def test_the_accept_token_is_that_of_the_rfc_in_every_form(form: str) -> None:
    assert judge(read(pastes.FORMS[form](BROWSERS)).head()).accept_token == ACCEPT


@pytest.mark.parametrize(
    "spoilt",
    [
        b"```http\n" + VALID.wire() + b"```\n",
        b"    " + pastes.wire_with_lf(VALID).replace(b"\n", b"\n    "),
        b"\n\r\n" + VALID.wire(),
        codecs.BOM_UTF8 + VALID.wire(),
        VALID.wire().replace(b"GET", b"\x1b[1;31mGET").replace(b"13\r", b"13\x1b[0m\r"),
        codecs.BOM_UTF16_LE + VALID.wire().decode().encode("utf-16-le"),
        codecs.BOM_UTF16_BE + VALID.wire().decode().encode("utf-16-be"),
    ],
    ids=[
        "fence",
        "indent",
        "empty lines",
        "UTF-8",
        "colours",
        "UTF-16 LE",
        "UTF-16 BE",
    ],
)
def test_what_copying_adds_is_taken_off(spoilt: bytes) -> None:
    assert read(spoilt) == read(VALID.wire())


def test_of_a_har_file_every_handshake_is_taken() -> None:
    other = VALID.without(b"sec-websocket-key")
    pasted = recognise(pastes.har(VALID, other, status=400))
    assert pasted is not None
    assert [judge(one.request).codes for one in pasted.requests] == [
        (),
        ("key_missing",),
    ]
    assert [one.server_status for one in pasted.requests] == [400, 400]


def text_of(*handshakes: Handshake, status: int = 400) -> bytes:
    response = f"HTTP/1.1 {status} Some\nServer: a\n\n"
    return b"".join(one.wire() + response.encode() for one in handshakes)


PLAIN = Handshake(headers=((b"host", b"a"),))


def test_of_several_requests_the_handshake_is_taken_and_it_says_which() -> None:
    pasted = recognise(text_of(PLAIN, VALID, PLAIN, status=404))
    assert pasted is not None
    (one,) = pasted.requests
    assert judge(one.request).accepted
    assert one.server_status == 404
    assert one.notes == (TAKEN.format(3, 2),)


def test_if_none_is_a_handshake_the_first_request_is_taken() -> None:
    pasted = recognise(text_of(PLAIN, PLAIN.asked(target=b"/other")))
    assert pasted is not None
    assert [one.request.target for one in pasted.requests] == [b"/ws"]
    pasted = recognise(b"mail\n\nGET / HTTP/1.1\n\nbye")
    assert pasted is None


def test_every_handshake_in_a_text_is_judged_once() -> None:
    other_key = VALID.but(b"sec-websocket-key", b"AAAAAAAAAAAAAAAAAAAAAA==")
    bent = VALID.without(b"upgrade")
    pasted = recognise(text_of(VALID, bent, other_key))
    assert pasted is not None
    assert [judge(one.request).codes for one in pasted.requests] == [
        (),
        ("upgrade_missing",),
    ]
    assert [one.notes for one in pasted.requests] == [(REPEATED.format(2),), ()]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (pastes.verbose(VALID), "the output of curl -v"),
        (b"> " + VALID.wire().replace(b"\n", b"\n> "), IN_TEXT),
        (b"Hello\n\n" + VALID.wire(), IN_TEXT),
        (VALID.wire() + b"HTTP/1.1 404 Not Found\r\n", "a request head"),
        (b'fetch("wss://a/", {"headers": {}})', "a fetch() call"),
        (b"map[Upgrade:[websocket] Connection:[close]]", "a header map"),
        (b"{'upgrade': 'websocket', 'host': 'a'}", "a header object"),
        (b"--> GET https://a/ws\nUpgrade: websocket\n", "the log of OkHttp"),
        (b"[{'host': 'a', 'user-agent': 'b'}]", "a header object"),
    ],
)
def test_it_says_what_it_was_read_as(text: bytes, kind: str) -> None:
    pasted = recognise(text)
    assert pasted is not None
    assert pasted.kind == kind


def test_a_message_is_what_has_no_request() -> None:
    for text in (b"Unexpected server response: 403", b'- "WebSocket /ws" 403'):
        assert recognise(text) is None
        message = recognise_message(b"    " + text)
        assert message is not None
        assert message.status == 403
    assert recognise_message(VALID.wire()) is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b" \r\n", "There is nothing to read."),
        (
            b"\x16\x03\x01\x02\x00",
            "This is TLS, and the request in it is encrypted.",
        ),
        (
            b"HTTP/1.1 400 Bad Request\nUpgrade: websocket\n",
            "This is a response; paste its request.",
        ),
        (
            b'{"event": "websocket.handshake.rejected"}',
            "This is JSON, but not a HAR file; for a log use ws-handshake watch.",
        ),
        (b"Dear all,\n\nit works locally.\n", "No request was recognised."),
    ],
)
def test_what_is_not_a_request_is_not_read_as_one(data: bytes, sentence: str) -> None:
    assert recognise(data) is None
    assert why_unrecognised(data) == sentence


HOSTILE = [
    *(b"'", b'"', b"\\", b'\\"', b"$'", b"$'\\'", b"^", b'^"\\"', b'""', b"a ", b"^\n"),
    *(b"`", b'"`"', b'"="', b"System.Net.Cookie(", b" ", b"\t", b"-H ", b"a:\n", b":"),
    *(b"> GET / HTTP/1", b"\n```", b"\n ", b"0000 47 ", b"General (View a)", b"PS "),
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize(
    "before",
    [
        *(b"", b"curl ", b'curl "', b"curl '", b"curl $'", b'curl ^"', b"curl ^\n"),
        *(
            b"Invoke-WebRequest ",
            b'Invoke-WebRequest "',
            b"GET / HTTP/1.1\n",
            b"Host:\n",
        ),
    ],
)
def test_hostile_text_takes_no_more_than_linear_time(
    before: bytes, piece: bytes
) -> None:
    small, large = before + piece * 100, before + piece * 1600
    assert is_linear(partial(recognise, small), partial(recognise, large))


def test_json_within_json_without_end_is_no_request() -> None:
    assert recognise(b'{"a":' * 200_000) is None
    assert recognise(b"[" * 1_000_000) is None
    assert recognise(b'{"log": ' + b"9" * 10_000 + b"}") is None
