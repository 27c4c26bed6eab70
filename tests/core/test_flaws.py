"""Each flaw of a request head is recognised, and no flaw has a byte of a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.handshakes import VALID
from ws_handshake import Policy, judge
from ws_handshake.core import authority_flaws, field_flaws, flaws
from ws_handshake.core.flaws import Flaw
from ws_handshake.core.raw_request import read_head

ALL = [
    flaw
    for module in (flaws, authority_flaws, field_flaws)
    for flaw in vars(module).values()
    if isinstance(flaw, Flaw)
]
FIELDS = (b"sec-websocket-key", b"sec-websocket-version", b"host", b"origin")
LISTS = (b"sec-websocket-extensions", b"sec-websocket-protocol")


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        (b"GET /ws", flaws.LINE_WITHOUT_VERSION),
        (b"GET ws://host/ws", flaws.LINE_WITHOUT_VERSION),
        (b"GET HTTP/1.1", flaws.LINE_WITHOUT_TARGET),
        (b"GET  HTTP/1.1", flaws.LINE_WITHOUT_TARGET),
        (b"GET  /ws HTTP/1.1", flaws.LINE_SPACES),
        (b"GET /ws  HTTP/1.1", flaws.LINE_SPACES),
        (b"GET /ws HTTP/1.1 ", flaws.LINE_SPACES),
        (b"GET /ws http/1.1", flaws.LINE_VERSION),
        (b"GET /ws HTTP/2", flaws.LINE_VERSION),
        (b"GET /ws HTTP1.1", flaws.LINE_VERSION),
        (b"GET /ws HTTP/1,1", flaws.LINE_VERSION),
        (b"GET /ws\tHTTP/1.1", flaws.LINE_CONTROL),
        (b"GET /ws\x00 HTTP/1.1", flaws.LINE_CONTROL),
        (b"GET /ws\x7f HTTP/1.1", flaws.LINE_CONTROL),
        (b"GET /w\xc3\xbcs HTTP/1.1", flaws.TARGET_NOT_ASCII),
        (b"GET /ws HTTP/one", flaws.REQUEST_LINE),
        (b"GET HTTP/one", flaws.REQUEST_LINE),
    ],
)
def test_what_is_wrong_with_a_request_line_is_named(line: bytes, flaw: Flaw) -> None:
    assert flaws.of_request_line(line) == flaw
    assert read_head(line + b"\r\nHost: example.com\r\n\r\n").flaw == flaw


@pytest.mark.parametrize(
    ("target", "flaw"),
    [
        (b"ws", flaws.TARGET_WITHOUT_SLASH),
        (b"stream.example.com:9443/ws/btcusdt", flaws.TARGET_WITHOUT_SLASH),
        (b"ws://host", flaws.TARGET_WITHOUT_SLASH),
        (b"/ws#top", flaws.FRAGMENT_IN_TARGET),
        (b"ws://user:secret@host/ws", flaws.USER_IN_TARGET),
        (b"ws://user@host", flaws.USER_IN_TARGET),
        (b"ws://@@host/a/b", flaws.USER_IN_TARGET),
        (b"ws://host/ws@", flaws.TARGET_WITHOUT_SLASH),
        (b"user@host/ws", flaws.TARGET_WITHOUT_SLASH),
    ],
)
def test_what_is_wrong_with_a_target_is_named(target: bytes, flaw: Flaw) -> None:
    assert flaws.of_target(target) == flaw


@pytest.mark.parametrize(
    ("name", "colon", "flaw"),
    [
        (b"no colon", b"", flaws.LINE_WITHOUT_COLON),
        (b"host ", b":", flaws.SPACE_BEFORE_COLON),
        (b"host\t", b":", flaws.SPACE_BEFORE_COLON),
        (b"ho st", b":", flaws.HEADER_NAME),
        (b"", b":", flaws.HEADER_NAME),
    ],
)
def test_what_is_wrong_with_a_header_line_is_named(
    name: bytes, colon: bytes, flaw: Flaw
) -> None:
    assert flaws.of_header_line(name, colon) == flaw


@pytest.mark.parametrize("flaw", ALL)
def test_a_flaw_is_printable_and_its_fix_a_sentence(flaw: Flaw) -> None:
    assert (flaw.what + flaw.fix).isascii()
    assert flaw.what.isprintable()
    assert flaw.fix[0].isupper()
    assert flaw.fix.endswith((".", ";"))


@given(st.binary(max_size=64), st.sampled_from(FIELDS + LISTS))
def test_no_byte_of_a_value_is_in_its_flaw(value: bytes, name: bytes) -> None:
    violations = judge(
        VALID.without(name).plus(name, value).head(), Policy(allowed_origins=["a://b"])
    )

    for violation in violations.violations:
        flaw = violation.flaw
        assert flaw is None or flaw in ALL or flaw.what.startswith("base64 of ")


@given(st.binary(max_size=200))
def test_a_flaw_of_a_head_is_one_of_the_catalogue(data: bytes) -> None:
    flaw = read_head(data).flaw

    assert flaw is None or flaw in ALL
