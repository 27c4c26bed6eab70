from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ws_handshake.core.authority import Origin, is_host, parse_origin, split_host

VALID: dict[bytes, tuple[bytes, int | None]] = {
    b"example.com": (b"example.com", None),
    b"example.com:": (b"example.com", None),
    b"example.com:80": (b"example.com", 80),
    b"example.com:0": (b"example.com", 0),
    b"example.com:65535": (b"example.com", 65535),
    b"example.com:00080": (b"example.com", 80),
    b"EXAMPLE.com": (b"example.com", None),
    b"example.com.": (b"example.com.", None),
    b"localhost": (b"localhost", None),
    b"a_b.example": (b"a_b.example", None),
    b"127.0.0.1:8000": (b"127.0.0.1", 8000),
    b"999.1": (b"999.1", None),
    b"xn--bcher-kva.example": (b"xn--bcher-kva.example", None),
    b"caf%C3%A9.example": (b"caf%c3%a9.example", None),
    b"!$&'()*+,;=": (b"!$&'()*+,;=", None),
    b"[::1]": (b"[::1]", None),
    b"[::1]:8000": (b"[::1]", 8000),
    b"[::1]:": (b"[::1]", None),
    b"[::]": (b"[::]", None),
    b"[2001:DB8::192.0.2.33]": (b"[2001:db8::192.0.2.33]", None),
    b"[v1.x]": (b"[v1.x]", None),
    b"[vF.a:b]:1": (b"[vf.a:b]", 1),
    b"a" * 255: (b"a" * 255, None),
    b"a" * 250 + b":8000": (b"a" * 250, 8000),
}
BROKEN = [
    *(b"", b" ", b":", b":80", b"a b", b"a/b", b"a/b?c=", b"a?b", b"a#b", b"a\\b"),
    *(b"user@example.com", b"user:secret@example.com", b"http://example.com"),
    *(b"a:65536", b"a:99999", b"a:-1", b"a:+1", b"a:x", b"a:80:80", b"a: 80", b"a :80"),
    *(b"a:" + b"9" * 250, b"a" * 256, b"a" * 251 + b":8000", b"a\x00", b"a\tb", b"a\n"),
    *(b"::1", b"[::1", b"::1]", b"[]", b"[::1]a", b"[:::1]", b"[1::2::3]", b"[::g]"),
    *(b"[::1%25eth0]", b"[::1%eth0]", b"[1.2.3.4]", b"[v.x]", b"[v1.]", b"[vg.x]"),
    *(b"b\xfccher.example", b"b\xc3\xbccher.example", b"%", b"%4", b"%4g", b'a"b'),
    b"a<b",
    *(b"a|b", b"a^b", b"a`b", b"{a}", b"a\x7f", b"a\x85", b"\xa0a", b"a[", b"[::1]]"),
]


@pytest.mark.parametrize("value", VALID)
def test_a_host_is_a_name_or_an_address_with_an_optional_port(value: bytes) -> None:
    assert is_host(value)
    assert split_host(value) == VALID[value]


@pytest.mark.parametrize("value", BROKEN)
def test_what_rfc_3986_has_no_rule_for_is_no_host(value: bytes) -> None:
    assert not is_host(value)
    assert split_host(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"https://example.com", Origin(b"https", b"example.com", 443)),
        (b"http://example.com", Origin(b"http", b"example.com", 80)),
        (b"wss://example.com", Origin(b"wss", b"example.com", 443)),
        (b"ws://example.com", Origin(b"ws", b"example.com", 80)),
        (b"https://example.com:8443", Origin(b"https", b"example.com", 8443)),
        (b"https://example.com:0", Origin(b"https", b"example.com", 0)),
        (b"https://example.com:", Origin(b"https", b"example.com", 443)),
        (b"HTTPS://EXAMPLE.com", Origin(b"https", b"example.com", 443)),
        (b"https://example.com.", Origin(b"https", b"example.com", 443)),
        (b"https://example.com..", Origin(b"https", b"example.com.", 443)),
        (b"https://[::1]:443", Origin(b"https", b"[::1]", 443)),
        (b"chrome-extension://abc", Origin(b"chrome-extension", b"abc", None)),
        (b"https://xn--fa-hia.de", Origin(b"https", b"xn--fa-hia.de", 443)),
    ],
)
def test_an_origin_is_a_scheme_a_host_and_a_port(
    value: bytes, expected: Origin
) -> None:
    assert parse_origin(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *(b"", b"null", b"example.com", b"//example.com", b"https:example.com"),
        *(b"https://", b"://example.com", b"1http://a", b"https://a/", b"https://a/b"),
        *(b"https://a?b", b"https://a#b", b"https://u@a", b"https://."),
        *(b"https://.:80", b"https://a\\b", b"https://a b"),
        *(b"https://a\n", b"https://a:b", b"https://a:65536", b"https://[::1"),
        b"file://",
        *(b"https://a, https://b", b" https://a", b"ht tp://a"),
        b"https://a\xe3\x80\x82b",
    ],
)
def test_what_is_no_serialized_origin_is_none(value: bytes) -> None:
    assert parse_origin(value) is None


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.binary().map(b"https://".__add__))
def test_arbitrary_bytes_are_an_origin_or_none(value: bytes) -> None:
    origin = parse_origin(value)

    assert origin is None or is_host(origin.host)
