"""Handshakes over HTTP/2 and HTTP/3: RFC 8441 and RFC 9220."""

from __future__ import annotations

import pytest

from tests.support.handshakes import VALID, Handshake
from ws_handshake import Policy, judge

CONNECT = Handshake(
    method="CONNECT", version="2", headers=((b"sec-websocket-version", b"13"),)
)
both = pytest.mark.parametrize("version", ["2", "3"])


def found(handshake: Handshake, *, upgraded: bool = False) -> tuple[str, ...]:
    return judge(handshake.head(upgraded=upgraded)).codes


@both
def test_an_extended_connect_needs_a_version_and_nothing_else(version: str) -> None:
    for upgraded in (True, False):
        verdict = judge(CONNECT.asked(version=version).head(upgraded=upgraded))

        assert verdict.accepted
        assert verdict.status == 200
        assert verdict.accept_token is None


@both
def test_an_http1_handshake_over_http2_is_a_violation(version: str) -> None:
    verdict = judge(VALID.asked(version=version).head())

    assert verdict.codes == ("http1_handshake_over_http2",)
    assert verdict.violations[0].received == f"HTTP/{version}"
    assert verdict.accept_token is None


def test_of_a_strange_version_only_the_length_is_shown() -> None:
    verdict = judge(VALID.asked(version="2\n" + "9" * 99).head())

    assert verdict.violations[0].received == "101 characters"


@both
@pytest.mark.parametrize(
    ("name", "value"), [(b"upgrade", b"websocket"), (b"connection", b"Upgrade")]
)
def test_a_field_of_one_connection_has_no_place_there(
    version: str, name: bytes, value: bytes
) -> None:
    for upgraded in (True, False):
        bent = CONNECT.asked(version=version).plus(name, value)
        assert found(bent, upgraded=upgraded) == ("http1_handshake_over_http2",)
        broken = CONNECT.asked(version=version).plus(name, b"@ @")
        assert found(broken, upgraded=upgraded) == ("http1_handshake_over_http2",)


@both
def test_a_get_with_a_key_is_an_http1_handshake(version: str) -> None:
    get = CONNECT.asked(version=version, method="GET")

    assert found(get) == ()
    assert found(get.plus(b"sec-websocket-key", b"x")) == (
        "http1_handshake_over_http2",
    )


@both
def test_the_key_is_not_processed(version: str) -> None:
    for key in (b"x", b"", b"k, k"):
        bent = CONNECT.asked(version=version).plus(b"sec-websocket-key", key)
        twice = bent.plus(b"sec-websocket-key", key)
        for handshake in (bent, twice):
            assert found(handshake) == ()
            assert found(handshake, upgraded=True) == ()


@both
def test_any_other_method_is_a_violation(version: str) -> None:
    assert found(CONNECT.asked(version=version, method="POST")) == ("method_not_get",)


@both
def test_the_other_rules_are_the_same(version: str) -> None:
    connect = CONNECT.asked(version=version)
    bent = {
        "version_missing": connect.without(b"sec-websocket-version"),
        "version_unsupported": connect.but(b"sec-websocket-version", b"8"),
        "version_duplicated": connect.plus(b"sec-websocket-version", b"13"),
        "host_malformed": connect.plus(b"host", b"a/b"),
        "host_duplicated": connect.plus(b"host", b"a").plus(b"host", b"a"),
        "subprotocol_malformed": connect.plus(b"sec-websocket-protocol", b"a b"),
        "extensions_malformed": connect.plus(b"sec-websocket-extensions", b"x;"),
        "origin_duplicated": connect.plus(b"origin", b"a").plus(b"origin", b"a"),
        "body_unexpected": connect.plus(b"content-length", b"5"),
        "headers_too_large": connect.plus(b"cookie", b"a" * 9000),
    }

    assert {code: found(handshake) for code, handshake in bent.items()} == {
        code: (code,) for code in bent
    }


@both
def test_the_operators_policy_is_the_same(version: str) -> None:
    request = (
        CONNECT.asked(version=version).plus(b"origin", b"https://evil.example").head()
    )

    assert judge(request, Policy(allowed_origins=["null"])).codes == (
        "origin_not_allowed",
    )
