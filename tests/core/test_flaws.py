"""Each flaw is recognised by the values that people send, and named without them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.handshakes import VALID, Handshake
from ws_handshake import Policy, judge
from ws_handshake.core import authority, flaws
from ws_handshake.core.flaws import Flaw
from ws_handshake.core.raw_request import read_head

KEY, EXTENSIONS = b"sec-websocket-key", b"sec-websocket-extensions"
ALL = [flaw for flaw in vars(flaws).values() if isinstance(flaw, Flaw)]


@pytest.mark.parametrize(
    ("host", "flaw"),
    [
        (b"fd00:10:0:0::1:8081", flaws.HOST_WITHOUT_BRACKETS),
        (b"::1", flaws.HOST_WITHOUT_BRACKETS),
        (b"http://example.com", flaws.HOST_IS_URL),
        (b"ws://example.com/ws", flaws.HOST_IS_URL),
        (b"example.com/ws", flaws.HOST_WITH_PATH),
        (b"user:secret@example.com", flaws.HOST_WITH_USER),
        (b"example.com :80", flaws.HOST_SPACE),
        (b"example.com\t:80", flaws.HOST_SPACE),
        (b"b\xc3\xbccher.example", flaws.HOST_NOT_ASCII),
        (b"example.com:65536", flaws.HOST_PORT),
        (b"192.0.2.10:65536", flaws.HOST_PORT),
        (b"example.com:port", None),
        (b"[::1", None),
        (b"a" * 1023 + b"/", flaws.HOST_WITH_PATH),
        (b"a" * 1024 + b"/", None),
    ],
)
def test_what_is_wrong_with_a_host_is_named(host: bytes, flaw: Flaw | None) -> None:
    assert not authority.is_host(host)
    assert _flaw_of(VALID.but(b"host", host)) == flaw


@pytest.mark.parametrize(
    ("key", "flaw"),
    [
        (b"", flaws.KEY_EMPTY),
        (b'"dGhlIHNhbXBsZSBub25jZQ=="', flaws.KEY_IN_QUOTES),
        (b"'dGhlIHNhbXBsZSBub25jZQ=='", flaws.KEY_IN_QUOTES),
        (b'"XXXXIHNhbXBsZSBub25jZQ=="', flaws.KEY_IN_QUOTES),
        (b'"secret"', None),
        (b"00112233445566778899aAbBcCdDeEfF", flaws.KEY_HEXADECIMAL),
        (b"dGhlIHNhbXBsZSBub25jZQ", flaws.KEY_WITHOUT_PADDING),
        (b"dGhlIHNhbXBsZSBub25jZQ=", flaws.KEY_WITHOUT_PADDING),
        (b"dGhlIHNhbXBsZSBub25-_Q==", flaws.KEY_URL_ALPHABET),
        (b"dGhlIHNhbXBsZSBub25-_Q", flaws.KEY_URL_ALPHABET),
        (b"dGhlIHNhbXBsZSBub25-0Q", flaws.KEY_URL_ALPHABET),
        (b"dGhlIHNhbXBsZSBub250_Q", flaws.KEY_URL_ALPHABET),
        (b"secret", None),
        (b"A" * 1028, None),
    ],
)
def test_what_is_wrong_with_a_key_is_named(key: bytes, flaw: Flaw | None) -> None:
    assert _flaw_of(VALID.but(KEY, key)) == flaw


@pytest.mark.parametrize(
    ("key", "what"),
    [
        (b"AA==", "base64 of 1 byte"),
        (b"testserver==", "base64 of 7 bytes"),
        (b"dGhlIHNhbXBsZSBub25jZSBub25jZQ==", "base64 of 22 bytes"),
        (b"A" * 1024, "base64 of 768 bytes"),
    ],
)
def test_a_key_of_another_length_has_its_length(key: bytes, what: str) -> None:
    flaw = _flaw_of(VALID.but(KEY, key))

    assert flaw is not None
    assert flaw.what == what
    assert flaw.fix == "Encode 16 random bytes in base64, which are 24 characters."


@pytest.mark.parametrize(
    ("offer", "flaw"),
    [
        (b"", flaws.OFFER_EMPTY),
        (b" , ", flaws.OFFER_EMPTY),
        (b"x-webkit-       -frame", flaws.OFFER_WITH_SPACE),
        (b"permessage-deflate client_max_window_bits", flaws.OFFER_WITH_SPACE),
        (b"permessage-deflate\tclient_max_window_bits", flaws.OFFER_WITH_SPACE),
        (b"X X", flaws.OFFER_WITH_SPACE),
        (b"a " + b"b" * 1022, flaws.OFFER_WITH_SPACE),
        (b"a " + b"b" * 1023, None),
        (b"permessage-deflate;", flaws.OFFER_UNFINISHED),
        (b"permessage-deflate; server_max_window_bits=", flaws.OFFER_UNFINISHED),
        (b'a; b="c d"', None),
        (b"a/b; X", None),
    ],
)
def test_what_is_wrong_with_an_offer_is_named(offer: bytes, flaw: Flaw | None) -> None:
    assert _flaw_of(VALID.plus(EXTENSIONS, offer)) == flaw


def test_only_space_and_tab_are_white_space_of_an_offer() -> None:
    assert flaws.of_extensions(b"a; \t") == flaws.OFFER_UNFINISHED
    assert flaws.of_extensions(b"a; \x0b") is None


@pytest.mark.parametrize(
    ("origin", "flaw"),
    [
        (b"https://github.com/gilmaimon/TinyWebsockets", flaws.ORIGIN_PATH),
        (b"https://localhost:5000/", flaws.ORIGIN_SLASH),
        (b"localhost:12345", flaws.ORIGIN_SCHEME),
        (b"example.com/", flaws.ORIGIN_SCHEME),
        (b"wss://192.0.2.10:5000", flaws.ORIGIN_IS_WEBSOCKET_URL),
        (b"WS://192.0.2.10", flaws.ORIGIN_IS_WEBSOCKET_URL),
        (b"https://evil.example", None),
        (b"https://user@evil.example/", None),
        (b"app://.", flaws.ORIGIN_OF_APP),
        (b"file://", flaws.ORIGIN_OF_APP),
        (b"capacitor://localhost", flaws.ORIGIN_OF_APP),
        (b"null", flaws.ORIGIN_NULL),
        (b"a secret", None),
        (b"app://" + b"a" * 1018, flaws.ORIGIN_OF_APP),
        (b"app://" + b"a" * 1019, None),
    ],
)
def test_what_keeps_a_value_from_being_an_origin_is_named(
    origin: bytes, flaw: Flaw | None
) -> None:
    policy = Policy(allowed_origins=["https://chat.example.com", "same-origin"])
    assert _flaw_of(VALID.plus(b"origin", origin), policy) == flaw


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


@given(st.binary(max_size=64), st.sampled_from([KEY, EXTENSIONS, b"host", b"origin"]))
def test_no_byte_of_a_value_is_in_its_flaw(value: bytes, name: bytes) -> None:
    violations = judge(VALID.but(name, value).head(), Policy(allowed_origins=["a://b"]))

    for violation in violations.violations:
        flaw = violation.flaw
        assert flaw is None or flaw in ALL or flaw.what.startswith("base64 of ")


@given(st.binary(max_size=200))
def test_a_flaw_of_a_head_is_one_of_the_catalogue(data: bytes) -> None:
    flaw = read_head(data).flaw

    assert flaw is None or flaw in ALL


def _flaw_of(handshake: Handshake, policy: Policy | None = None) -> Flaw | None:
    (violation,) = judge(handshake.head(), policy or Policy()).violations
    return violation.flaw
