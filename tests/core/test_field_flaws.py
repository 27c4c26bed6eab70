"""What people send in the Sec-WebSocket fields, and the flaw that is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.handshakes import VALID, Handshake
from ws_handshake import judge
from ws_handshake.core import field_flaws as flaws

if TYPE_CHECKING:
    from ws_handshake.core.flaws import Flaw

KEY, EXTENSIONS = b"sec-websocket-key", b"sec-websocket-extensions"
VERSION, PROTOCOL = b"sec-websocket-version", b"sec-websocket-protocol"


@pytest.mark.parametrize(
    ("key", "flaw"),
    [
        (b"", flaws.KEY_EMPTY),
        (b'"dGhlIHNhbXBsZSBub25jZQ=="', flaws.KEY_IN_QUOTES),
        (b"'dGhlIHNhbXBsZSBub25jZQ=='", flaws.KEY_IN_QUOTES),
        (b'"XXXXIHNhbXBsZSBub25jZQ=="', flaws.KEY_IN_QUOTES),
        (b'"secret"', flaws.KEY_ALPHABET),
        (b"00112233445566778899aAbBcCdDeEfF", flaws.KEY_HEXADECIMAL),
        (b"dGhlIHNhbXBsZSBub25jZQ", flaws.KEY_WITHOUT_PADDING),
        (b"dGhlIHNhbXBsZSBub25jZQ=", flaws.KEY_WITHOUT_PADDING),
        (b"dGhlIHNhbXBsZSBub25-_Q==", flaws.KEY_URL_ALPHABET),
        (b"dGhlIHNhbXBsZSBub25-_Q", flaws.KEY_URL_ALPHABET),
        (b"dGhlIHNhbXBsZSBub25-0Q", flaws.KEY_URL_ALPHABET),
        (b"dGhlIHNhbXBsZSBub250_Q", flaws.KEY_URL_ALPHABET),
        (b"b'dGhlIHNhbXBsZSBub25jZQ=='", flaws.KEY_OF_BYTES),
        (b'b"dGhlIHNhbXBsZSBub25jZQ=="', flaws.KEY_OF_BYTES),
        (b"00112233-4455-6677-8899-aabbccddeeff", flaws.KEY_UUID),
        (b"{00112233-4455-6677-8899-AABBCCDDEEFF}", flaws.KEY_UUID),
        (b"00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff", flaws.KEY_HEXADECIMAL),
        (b"0x00112233445566778899aabbccddeeff", flaws.KEY_HEXADECIMAL),
        (b"dGhlIHNhbXBsZSBub25jZQ%3D%3d", flaws.KEY_PERCENT_ENCODED),
        (b"dGhlIHNhbXBsZSBub25jZQ== # a comment", flaws.KEY_WITH_MORE),
        (b"dGhlIHNhbXBsZSBub25jZQ==\\r\\n", flaws.KEY_WITH_MORE),
        (b"dGhlIHNhbXBsZSBub25jZQ===", flaws.KEY_WITH_MORE),
        (b"dGhl IHNhbXBsZSBub25jZQ==", flaws.KEY_SPACE),
        (b"dGhl\tIHNhbXBsZSBub25jZQ==", flaws.KEY_SPACE),
        (b"dGhl\x0bIHNhbXBsZSBub25jZQ==", flaws.KEY_ALPHABET),
        (b"AA==AAAA", None),
        (
            b"MDAxMTIyMzMtNDQ1NS02Njc3LTg4OTktYWFiYmNjZGRlZWZm",
            flaws.KEY_OF_UUID,
        ),
        (b"MDAxMTIyMzM0NDU1NjY3Nzg4OTlhYWJiY2NkZGVlZmY=", flaws.KEY_OF_HEXADECIMAL),
        (b"<key>", flaws.KEY_PLACEHOLDER),
        (b"{{key}}", flaws.KEY_PLACEHOLDER),
        (b"$(openssl rand -base64 16)", flaws.KEY_PLACEHOLDER),
        (b"undefined", flaws.KEY_PLACEHOLDER),
        (b"the sample nonce", flaws.KEY_UNENCODED),
        (b"dGhlIHNhbXBsZSBub25jZ!==", flaws.KEY_ALPHABET),
        (b"secret", None),
        (b"A" * 1028, None),
        (b"!" * 1025, None),
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
        (b'a; b="c d"', flaws.OFFER_IN_QUOTES),
        (b'"permessage-deflate"', flaws.OFFER_IN_QUOTES),
        (b"a/b; X", flaws.OFFER_CHARACTER),
        (b"[]", flaws.OFFER_CHARACTER),
        (b"a; b=c=d", None),
    ],
)
def test_what_is_wrong_with_an_offer_is_named(offer: bytes, flaw: Flaw | None) -> None:
    assert _flaw_of(VALID.plus(EXTENSIONS, offer)) == flaw


def test_only_space_and_tab_are_white_space_of_an_offer() -> None:
    assert flaws.of_extensions(b"a; \t") == flaws.OFFER_UNFINISHED
    assert flaws.of_extensions(b"a; \x0b") == flaws.OFFER_CHARACTER


@pytest.mark.parametrize(
    ("version", "flaw"),
    [
        (b"", flaws.VERSION_EMPTY),
        (b'"13"', flaws.VERSION_IN_QUOTES),
        (b"v13", flaws.VERSION_WITH_MORE),
        (b"13.0", flaws.VERSION_WITH_MORE),
        (b"013", flaws.VERSION_WITH_MORE),
        (b"13, 8, 7", flaws.VERSION_LIST),
        (b"8,13", flaws.VERSION_LIST),
        (b"13, 13", None),
        (b"14", None),
        (b"13" + b"0" * 1022, flaws.VERSION_WITH_MORE),
        (b"13" + b"0" * 1023, None),
    ],
)
def test_what_is_wrong_with_a_version_is_named(
    version: bytes, flaw: Flaw | None
) -> None:
    assert _flaw_of(VALID.but(VERSION, version)) == flaw


@pytest.mark.parametrize(
    ("names", "flaw"),
    [
        (b"", flaws.PROTOCOL_EMPTY),
        (b" , ", flaws.PROTOCOL_EMPTY),
        (b"b\xc3\xbccher", flaws.PROTOCOL_NOT_ASCII),
        (b'{"token":"a"}', flaws.PROTOCOL_IN_BRACKETS),
        (b"['chat']", flaws.PROTOCOL_IN_BRACKETS),
        (b'"chat"', flaws.PROTOCOL_IN_QUOTES),
        (b"http://example.com/chat", flaws.PROTOCOL_IS_URL),
        (b"Bearer abc==", flaws.PROTOCOL_SPACE),
        (b"a, chat\tb", flaws.PROTOCOL_SPACE),
        (b"ocpp1.6;ocpp2.0.1", flaws.PROTOCOL_SEMICOLON),
        (b"bearer, dGVzdA==", flaws.PROTOCOL_BASE64),
        (b"a/b", flaws.PROTOCOL_BASE64),
        (b"user:a", flaws.PROTOCOL_CHARACTER),
        (b"(chat)", flaws.PROTOCOL_IN_BRACKETS),
        (b"a" * 1023 + b"@", flaws.PROTOCOL_CHARACTER),
        (b"a" * 1024 + b"@", None),
    ],
)
def test_what_is_wrong_with_subprotocols_is_named(
    names: bytes, flaw: Flaw | None
) -> None:
    assert _flaw_of(VALID.plus(PROTOCOL, names)) == flaw


def _flaw_of(handshake: Handshake) -> Flaw | None:
    (violation,) = judge(handshake.head()).violations
    return violation.flaw
