from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ws_handshake import Policy
from ws_handshake.core.authority import parse_origin

if TYPE_CHECKING:
    from collections.abc import Callable

    Mutation = Callable[[bytes], bytes]

ALLOWED = Policy(
    allowed_origins=[
        *("https://example.com", "http://localhost:3000", "https://*.wild.example"),
        *("https://[2001:db8::1]:8443", "chrome-extension://abcdefgh", "null"),
        *("https://b\u00fccher.example", "https://*.b\u00fccher.example"),
    ]
)

# An Origin as it is sent, and whether it is one of these.
ORIGINS: dict[bytes, bool] = {
    # the origin itself, written in other ways
    b"https://example.com": True,
    b"https://example.com:443": True,
    b"https://example.com:0443": True,
    b"https://example.com:": True,
    b"https://example.com.": True,
    b"HTTPS://EXAMPLE.COM": True,
    b"https://Example.com:443": True,
    # suffix, prefix, subdomain
    b"https://example.com.evil.example": False,
    b"https://example.comevil.example": False,
    b"https://evilexample.com": False,
    b"https://evil-example.com": False,
    b"https://www.example.com": False,
    b"https://example.co": False,
    b"https://xample.com": False,
    b"https://example.com..": False,
    b"https://.example.com": False,
    b"https://example_com": False,
    b"https://exampleXcom": False,
    # port
    b"https://example.com:8443": False,
    b"https://example.com:80": False,
    b"https://example.com:0": False,
    b"https://example.com:99999": False,
    b"https://example.com:abc": False,
    b"https://example.com:443:443": False,
    b"http://localhost": False,
    b"http://localhost:3000": True,
    b"http://localhost:3001": False,
    b"https://localhost:3000": False,
    # scheme
    b"http://example.com": False,
    b"http://example.com:443": False,
    b"wss://example.com": False,
    b"javascript://example.com": False,
    b"example.com": False,
    b"//example.com": False,
    b"https:example.com": False,
    b"https:/example.com": False,
    b"https:///example.com": False,
    # userinfo, path, query
    b"https://example.com@evil.example": False,
    b"https://user@example.com": False,
    b"https://evil.example#@example.com": False,
    b"https://evil.example/https://example.com": False,
    b"https://example.com/": False,
    b"https://example.com/path": False,
    b"https://example.com?": False,
    b"https://example.com#": False,
    # bytes that other parsers drop, fold or take for a delimiter
    b"https://example.com\\": False,
    b"https://example.com\\.evil.example": False,
    b"https://evil.example\\example.com": False,
    b"https://example.com\t": False,
    b"https://exam\tple.com": False,
    b"https://example.com\x00": False,
    b"https://example.com\x00.evil.example": False,
    b"https://example.com\n": False,
    b"https://example.com ": False,
    b"https://example.com%00": False,
    b"https://example%2ecom": False,
    b"https://example\xe3\x80\x82com": False,
    b"https://example\xef\xbc\x8ecom": False,
    b"https://ex\xc3\xa4mple.com": False,
    b"https://example.com\xa0": False,
    b"https://example.com,https://example.com": False,
    b"https://example.com, https://example.com": False,
    # any subdomain, and not the domain itself
    b"https://a.wild.example": True,
    b"https://a.b.wild.example": True,
    b"https://A.WILD.EXAMPLE:443": True,
    b"https://a.wild.example.": True,
    b"https://wild.example": False,
    b"https://.wild.example": False,
    b"https://evilwild.example": False,
    b"https://a.wild.example.evil.example": False,
    b"http://a.wild.example": False,
    b"https://a.wild.example:8443": False,
    # addresses
    b"https://[2001:db8::1]:8443": True,
    b"https://[2001:DB8::1]:8443": True,
    b"https://[2001:db8::1]": False,
    b"https://[2001:db8::2]:8443": False,
    b"https://2001:db8::1:8443": False,
    b"https://[2001:db8::1": False,
    # opaque origins, and those of extensions
    b"null": True,
    b"NULL": False,
    b"nul": False,
    b"file://": False,
    b"about:blank": False,
    b"data:text/html": False,
    b"": False,
    b"chrome-extension://abcdefgh": True,
    b"chrome-extension://abcdefgh.evil": False,
    b"moz-extension://abcdefgh": False,
    # international names are A-labels on the wire
    b"https://xn--bcher-kva.example": True,
    b"https://XN--BCHER-KVA.example": True,
    b"https://a.xn--bcher-kva.example": True,
    b"https://b\xc3\xbccher.example": False,
    b"https://b\xfccher.example": False,
    b"https://bucher.example": False,
}


def allows(policy: Policy, value: bytes) -> bool:
    return policy.allows(value, host=b"", scheme="")


@pytest.mark.parametrize("value", ORIGINS)
def test_an_origin_is_allowed_if_scheme_host_and_port_are(value: bytes) -> None:
    assert allows(ALLOWED, value) is ORIGINS[value]


def test_what_is_opaque_is_allowed_literally_only() -> None:
    assert allows(Policy(allowed_origins=["null"]), b"null")
    assert allows(Policy(allowed_origins=["file://"]), b"file://")
    assert not allows(Policy(allowed_origins=["file://"]), b"null")
    assert not allows(Policy(allowed_origins=["file://"]), b"file:///")
    assert not allows(Policy(allowed_origins=["https://a.example"]), b"null")
    assert not allows(Policy(allowed_origins=["same-origin"]), b"null")


def test_a_port_of_an_unknown_scheme_has_no_default() -> None:
    assert allows(Policy(allowed_origins=["app://a:80"]), b"app://a:80")
    assert not allows(Policy(allowed_origins=["app://a:80"]), b"app://a")
    assert not allows(Policy(allowed_origins=["app://a"]), b"app://a:443")


# How an attacker changes an origin to be taken for it.
MUTATIONS: list[Mutation] = [
    *(lambda o: o + b".evil.example", lambda o: o + b"evil", lambda o: b"evil" + o),
    lambda o: o.replace(b"://", b"://evil."),
    lambda o: o.replace(b"://", b"://evil"),
    *(lambda o: o.replace(b"://", b"://u@"), lambda o: o + b"@evil.example"),
    *(lambda o: o + b":1", lambda o: o + b":443", lambda o: o.upper(), bytes.title),
    *(lambda o: o + b".", lambda o: o + b"/", lambda o: o + b"?", lambda o: o + b"\\"),
    *(lambda o: o.replace(b"s:", b":"), lambda o: b"x" + o),
    lambda o: o.replace(b".", b"\t"),
    *(lambda o: o.replace(b".", b"\xe3\x80\x82"), lambda o: o.replace(b".", b"\x00")),
    *(lambda o: o + b"\t", lambda o: o + b"\x00", lambda o: b" " + o, lambda o: o[:-1]),
]
EXACT = [
    *("https://example.com", "http://example.com", "https://sub.example.com"),
    *("https://example.com:8443", "http://10.0.0.1", "https://[::1]", "app://example"),
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(EXACT),
    st.sampled_from(EXACT),
    st.lists(st.sampled_from(MUTATIONS), max_size=2),
)
def test_a_changed_origin_is_allowed_only_if_its_triple_is_the_same(
    allowed: str, start: str, mutations: list[Mutation]
) -> None:
    value = start.encode()
    for mutation in mutations:
        value = mutation(value)
    origin = parse_origin(value)
    same = origin is not None and origin == parse_origin(allowed.encode())

    assert allows(Policy(allowed_origins=[allowed]), value) is same


EVERYTHING = Policy(
    allowed_origins=[
        "same-origin",
        "null",
        "https://example.com",
        "https://*.example.com",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=20), st.text(max_size=5))
def test_random_bytes_are_no_allowed_origin_and_do_not_raise(
    value: bytes, host: bytes, scheme: str
) -> None:
    for text in (value, b"https://" + value, b"https://" + value + b".example.com"):
        origin = parse_origin(text)
        allowed = EVERYTHING.allows(text, host=host, scheme=scheme)

        assert not allowed or text == b"null" or origin is not None


# Scheme of the scope, Host, Origin, and whether the page is ours.
SAME: list[tuple[str, bytes, bytes, bool]] = [
    ("ws", b"example.com", b"http://example.com", True),
    ("ws", b"example.com", b"https://example.com", False),
    ("wss", b"example.com", b"https://example.com", True),
    ("wss", b"example.com", b"http://example.com", False),
    ("http", b"example.com", b"http://example.com", True),
    ("https", b"example.com", b"https://example.com", True),
    ("https", b"example.com", b"http://example.com", False),
    ("", b"example.com", b"http://example.com", True),
    ("", b"example.com", b"https://example.com", True),
    ("", b"example.com", b"https://example.com:8443", False),
    ("", b"example.com:8443", b"https://example.com:8443", True),
    ("", b"example.com", b"app://example.com", True),
    ("gopher", b"example.com", b"https://example.com", True),
    ("ws", b"example.com:80", b"http://example.com", True),
    ("ws", b"example.com:", b"http://example.com", True),
    ("ws", b"example.com", b"http://example.com:80", True),
    ("ws", b"example.com:0", b"http://example.com", False),
    ("wss", b"example.com:443", b"https://example.com", True),
    ("wss", b"example.com:80", b"https://example.com", False),
    ("ws", b"localhost:8000", b"http://localhost:8000", True),
    ("ws", b"localhost:8000", b"http://localhost:3000", False),
    ("ws", b"localhost:8000", b"http://localhost", False),
    ("ws", b"EXAMPLE.com.", b"http://example.COM", True),
    ("ws", b"example.com", b"http://example.com.", True),
    ("ws", b"example.com", b"http://www.example.com", False),
    ("ws", b"www.example.com", b"http://example.com", False),
    ("ws", b"[::1]:8000", b"http://[::1]:8000", True),
    ("ws", b"[::1]", b"http://[::2]", False),
    ("ws", b"", b"http://example.com", False),
    ("ws", b"a/b?c=", b"http://example.com", False),
    ("ws", b"example.com", b"null", False),
    ("ws", b"example.com", b"", False),
    ("ws", b"example.com", b"http://example.com/", False),
]


@pytest.mark.parametrize(("scheme", "host", "origin", "expected"), SAME)
def test_the_same_origin_has_our_scheme_our_host_and_our_port(
    scheme: str, host: bytes, origin: bytes, *, expected: bool
) -> None:
    policy = Policy(allowed_origins="same-origin")

    assert policy.allows(origin, host=host, scheme=scheme) is expected


def test_same_origin_and_listed_origins_are_allowed_side_by_side() -> None:
    both = Policy(allowed_origins=["same-origin", "https://example.com"])

    assert both.allows(b"http://us.example", host=b"us.example", scheme="ws")
    assert both.allows(b"https://example.com", host=b"us.example", scheme="ws")
    assert not both.allows(b"https://us.example", host=b"us.example", scheme="ws")


@pytest.mark.parametrize(
    "origin", ["app://.", "file://", "tauri://", "capacitor://localhost", "null"]
)
def test_what_applications_send_whose_pages_have_no_server_can_be_allowed(
    origin: str,
) -> None:
    policy = Policy(allowed_origins=[origin])

    assert allows(policy, origin.encode())
    assert not allows(policy, origin.encode() + b"x")
    assert not allows(policy, b"https://" + origin.encode())


@pytest.mark.parametrize("origin", ["https://.", "ws://", "app:///"])
def test_a_web_origin_without_a_host_is_a_mistake(origin: str) -> None:
    with pytest.raises(ValueError, match="write a serialized origin"):
        Policy(allowed_origins=[origin])
