"""Sec-WebSocket-Key and Sec-WebSocket-Version."""

from __future__ import annotations

import pytest

from tests.support.bending import NO_SPACE
from tests.support.handshakes import KEY, VALID, Handshake, measured
from ws_handshake import judge
from ws_handshake.core.field_flaws import KEY_WITHOUT_PADDING

_KEY = b"sec-websocket-key"
_VERSION = b"sec-websocket-version"

# RFC 6455 section 4.1(7): its note prints a nonce with pad bits that are not zero.
RFC_NOTE = b"AQIDBAUGBwgJCgsMDQ4PEC=="


def found(handshake: Handshake) -> list[tuple[str, str | None]]:
    violations = judge(handshake.head()).violations
    return [measured(violation) for violation in violations]


@pytest.mark.parametrize(
    "key",
    [
        *(KEY, RFC_NOTE, b" " + KEY + b"\t", b"AAAAAAAAAAAAAAAAAAAAAA=="),
        *(b"//////////////////////==", b"++++++++++++++++++++++==", KEY[:21] + b"/=="),
    ],
)
def test_a_key_is_base64_of_16_bytes_whatever_its_pad_bits(key: bytes) -> None:
    assert found(VALID.but(_KEY, key)) == []


@pytest.mark.parametrize(
    ("key", "length"),
    [
        (b"", "0 characters"),
        (b"x", "1 character"),
        (b"dGhlIHNhbXBsZSBub25j", "20 characters"),  # 15 bytes
        (b"dGhlIHNhbXBsZSBub25jZQ", "22 characters"),  # without padding
        (b"dGhlIHNhbXBsZSBub25jZQ=", "23 characters"),
        (b"dGhlIHNhbXBsZSBub25jZWU=", "24 characters"),  # 17 bytes
        (b"dGhlIHNhbXBsZSBub25jZWVl", "24 characters"),  # 18 bytes
        (b"dGhlIHNhbXBsZSBub25jZQ===", "25 characters"),
        (b"--------------------__==", "24 characters"),  # base64url
        (b"dGhlIHNhbXBsZSBub25jZQ%3D%3D", "28 characters"),
        (b"dGhl IHNhbXBsZSBub25jZQ==", "25 characters"),
        (b'"dGhlIHNhbXBsZSBub25jZQ=="', "26 characters"),
        (b"dGhlIHNhbXBsZSBub25jZQ==,", "25 characters"),
        (b",dGhlIHNhbXBsZSBub25jZQ==", "25 characters"),
        (b"testserver==", "12 characters"),
        (b"=" * 24, "24 characters"),
        (b"A" * 24, "24 characters"),
        (b"A" * 9000, "9,000 characters"),
    ],
)
def test_any_other_key_is_malformed_and_only_its_length_is_shown(
    key: bytes, length: str
) -> None:
    large = [("headers_too_large", "a line of 9,021 bytes")] if len(key) > 8192 else []

    assert found(VALID.but(_KEY, key)) == [("key_malformed", length), *large]


def test_a_key_without_its_padding_is_called_so() -> None:
    (violation,) = judge(VALID.but(_KEY, KEY[:22]).head()).violations

    assert violation.flaw == KEY_WITHOUT_PADDING


@pytest.mark.parametrize("odd", NO_SPACE)
def test_only_space_and_tab_may_stand_around_a_key(odd: bytes) -> None:
    for key in (odd + KEY, KEY + odd):
        assert found(VALID.but(_KEY, key)) == [("key_malformed", "25 characters")]


@pytest.mark.parametrize("second", [KEY, RFC_NOTE, b"", b"x"])
def test_two_lines_of_keys_are_one_too_many_even_if_they_are_equal(
    second: bytes,
) -> None:
    assert found(VALID.plus(_KEY, second)) == [("key_duplicated", "2 lines")]


@pytest.mark.parametrize("merged", [b"%s, %s", b"%s,%s", b"%s , %s,", b",%s,,%s"])
def test_two_lines_that_a_proxy_merged_are_still_two(merged: bytes) -> None:
    assert found(VALID.but(_KEY, merged % (KEY, KEY))) == [("key_duplicated", "a list")]
    assert found(VALID.but(_KEY, merged % (b"k", b"k"))) == [
        ("key_duplicated", "a list")
    ]


def test_no_key_at_all_is_missing() -> None:
    assert found(VALID.without(_KEY)) == [("key_missing", None)]


@pytest.mark.parametrize("version", [b"13", b" 13", b"13\t"])
def test_the_version_is_13(version: bytes) -> None:
    assert found(VALID.but(_VERSION, version)) == []


@pytest.mark.parametrize(
    "version",
    [
        *(
            b"0",
            b"7",
            b"8",
            b"12",
            b"14",
            b"25",
            b"255",
            b"256",
            b"013",
            b"13,",
            b",13",
        ),
    ],
)
def test_any_other_version_is_unsupported_and_shown(version: bytes) -> None:
    expected = [("version_unsupported", version.decode())]

    assert found(VALID.but(_VERSION, version)) == expected


@pytest.mark.parametrize(
    "version",
    [
        *(b"", b"-13", b"+13", b"13.0", b"1 3", b"1_3", b"0xd", b"1.3e1", b'"13"'),
        *(b"13;8", b"thirteen", b"v13", b"13 8", b"1" * 100),
        *(b"13 Cookie: session=secret", b"13 Bearer secret", b"4111"),
    ],
)
def test_of_what_is_no_number_only_the_length_is_shown(version: bytes) -> None:
    expected = [("version_unsupported", f"{len(version)} characters")]

    assert found(VALID.but(_VERSION, version)) == expected


def test_digits_of_other_scripts_are_no_13() -> None:
    arabic = "\u0661\u0663".encode()

    assert found(VALID.but(_VERSION, arabic)) == [
        ("version_unsupported", "4 characters")
    ]


@pytest.mark.parametrize("odd", NO_SPACE)
def test_only_space_and_tab_may_stand_around_a_version(odd: bytes) -> None:
    assert found(VALID.but(_VERSION, b"13" + odd)) == [
        ("version_unsupported", "3 characters")
    ]


@pytest.mark.parametrize("version", [b"13, 8", b"13,13", b"8, 7", b"13 , 13,"])
def test_several_versions_in_one_line_are_shown(version: bytes) -> None:
    assert found(VALID.but(_VERSION, version)) == [
        ("version_duplicated", version.decode())
    ]


@pytest.mark.parametrize("second", [b"13", b"8", b""])
def test_two_lines_of_versions_are_one_too_many_even_if_they_are_equal(
    second: bytes,
) -> None:
    assert found(VALID.plus(_VERSION, second)) == [
        ("version_duplicated", f"13, {second.decode()}")
    ]


def test_no_version_at_all_is_missing() -> None:
    assert found(VALID.without(_VERSION)) == [("version_missing", None)]


def test_of_several_that_are_no_numbers_only_the_count_is_shown() -> None:
    assert found(VALID.but(_VERSION, b"a,b")) == [
        ("version_duplicated", "3 characters")
    ]
    assert found(VALID.plus(_VERSION, b"secret")) == [("version_duplicated", "2 lines")]
