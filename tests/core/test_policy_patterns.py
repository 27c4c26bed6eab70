"""Every pattern by itself, made within its test, and what it allows."""

from __future__ import annotations

import pytest

from ws_handshake import Policy


def allows(pattern: str, origin: bytes) -> bool:
    policy = Policy(allowed_origins=[pattern])
    return policy.allows(origin, host=b"", scheme="")


@pytest.mark.parametrize(
    ("pattern", "origin", "allowed"),
    [
        ("https://*.example.org", b"https://a.example.org", True),
        ("https://*.example.org", b"https://a.b.example.org", True),
        ("https://*.example.org", b"https://example.org", False),
        ("https://example.org", b"https://a.example.org", False),
        ("https://b\u00fccher.example", b"https://xn--bcher-kva.example", True),
        ("https://B\u00dcCHER.example", b"https://xn--bcher-kva.example", True),
        (
            "https://b\u00fccher.example:8443",
            b"https://xn--bcher-kva.example:8443",
            True,
        ),
        ("https://b\u00fccher.example:8443", b"https://xn--bcher-kva.example", False),
        ("https://*.b\u00fccher.example", b"https://a.xn--bcher-kva.example", True),
        ("https://*.b\u00fccher.example", b"https://xn--bcher-kva.example", False),
    ],
)
def test_a_pattern_allows_its_origin_or_what_is_below_it(
    pattern: str, origin: bytes, *, allowed: bool
) -> None:
    assert allows(pattern, origin) is allowed
