"""A log whose request line was not copied is read like header lines alone."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.pastes import OTHER, prefixes
from tests.support.handshakes import VALID, Handshake
from ws_handshake import judge
from ws_handshake.cli.pasted.recognition import recognise
from ws_handshake.cli.pasted.text import bare_fields

REQUESTS = [
    VALID,
    VALID.without(b"upgrade"),
    VALID.but(b"connection", b"close"),
    VALID.but(b"sec-websocket-version", b"8"),
    VALID.plus(b"x-api-key", b"a").plus(b"origin", b"https://a.example"),
]


def lines_of(handshake: Handshake) -> list[str]:
    return [f"{n.decode().title()}: {v.decode()}" for n, v in handshake.headers]


@pytest.mark.parametrize("seed", range(200))
def test_whatever_stands_before_each_line_the_verdict_is_the_same(seed: int) -> None:
    random = Random(seed)  # noqa: S311  (no secret)
    handshake = random.choice(REQUESTS)
    prefixed = prefixes(random)
    # without a prefix a field in another line is one of the request's
    others = OTHER if prefixed("").strip() else ("",)
    before = [random.choice(others) for _ in range(random.randrange(3))]
    lines = [*before, *(prefixed(line) for line in lines_of(handshake))]
    pasted = recognise("\n".join(lines).encode())

    assert pasted is not None
    assert pasted.kind == "header lines"
    (read,) = pasted.requests
    assert judge(read.request).codes == judge(handshake.head()).codes


@pytest.mark.parametrize(
    "form", ['*1 http header: "{}"', "\"http.request.line\": '{}\\r\\n',"]
)
def test_quotes_around_each_line_are_no_part_of_it(form: str) -> None:
    lines = [form.format(line) for line in lines_of(VALID)]
    pasted = recognise("\n".join(lines).encode())
    assert pasted is not None
    assert judge(pasted.requests[0].request).accepted


def test_where_the_names_come_again_there_is_another_request() -> None:
    plain = [("Host", "a"), ("User-Agent", "b")]
    lines = [f"log> {name}: {value}" for name, value in plain]
    lines += [f"log> {line}" for line in ("Host: a", *lines_of(VALID)[1:])]
    blocks = bare_fields("\n".join(lines).encode())
    assert len(blocks) == 1  # the second name is another
    lines[3:3] = ["log> User-Agent: b"]
    pasted = recognise("\n".join(lines).encode())
    assert pasted is not None
    (read,) = pasted.requests
    assert judge(read.request).accepted
    assert read.notes[0].startswith("Of the 2 requests in the text this is number 2")


@pytest.mark.parametrize(
    "text",
    [
        b"Host: a\nlog> Upgrade: websocket",
        b"log> Upgrade: websocket\nHost: a",
        b"it has no field",
        b"x" * 500 + b" Host: a\n" + b"x" * 500 + b" Upgrade: b",
        b"X-Api: via: b\nHost: a",
    ],
)
def test_without_a_prefix_of_several_lines_the_text_stays(text: bytes) -> None:
    assert bare_fields(text) == [text]


def test_the_lines_of_a_response_are_no_request() -> None:
    lines = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: a"]
    for form in ("{}", "DEBUG < {}"):
        text = "\n".join(form.format(line) for line in lines)
        assert recognise(text.encode()) is None
