from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import bending
from tests.support.handshakes import ACCEPT, KEY, VALID, Handshake
from ws_handshake import Policy, RequestHead, accept_token, judge
from ws_handshake.core import verdict as core_verdict
from ws_handshake.core.grammar import Extension
from ws_handshake.core.policy import Limits
from ws_handshake.core.reasons import CATALOGUE

CODES = {reason.code for reason in CATALOGUE}
STRICT = Policy(allowed_origins=["https://example.com"], allow_missing_origin=False)
FOR_THE_RULES = VALID.but(b"connection", b"a, Upgrade")


def test_the_accept_token_is_that_of_section_1_3() -> None:
    assert accept_token("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert accept_token(KEY) == ACCEPT


@given(st.binary(max_size=40))
def test_the_accept_token_is_made_of_the_key_as_it_was_sent(key: bytes) -> None:
    guid = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    expected = base64.b64encode(hashlib.sha1(key + guid).digest()).decode()  # noqa: S324  (RFC 6455 section 1.3)

    assert accept_token(key) == expected
    assert accept_token(key.decode("latin-1")) == expected


@pytest.mark.parametrize(
    "handshake", [VALID, FOR_THE_RULES], ids=["fast path", "rules"]
)
def test_a_valid_handshake_is_accepted_with_its_token(handshake: Handshake) -> None:
    request = handshake.head()
    verdict = judge(request)

    assert verdict.accepted
    assert verdict.request is request
    assert verdict.violations == ()
    assert verdict.codes == ()
    assert verdict.accept_token == ACCEPT
    assert verdict.status == 101


def test_the_key_is_taken_without_the_white_space_around_it() -> None:
    verdict = judge(VALID.but(b"sec-websocket-key", b"\t" + KEY + b" ").head())

    assert verdict.accept_token == ACCEPT
    assert verdict.key == KEY.decode()


def test_a_broken_handshake_has_no_token_and_the_status_of_its_first_reason() -> None:
    bent = VALID.asked(method="POST").without(b"host", b"upgrade")
    verdict = judge(bent.head())

    assert not verdict.accepted
    assert verdict.accept_token is None
    assert verdict.codes == ("method_not_get", "host_missing", "upgrade_missing")
    assert verdict.status == 405
    assert judge(bent.asked(method="GET").head()).status == 400


def test_a_handshake_over_http2_has_no_token_and_status_200() -> None:
    connect = Handshake(
        method="CONNECT",
        version="2",
        headers=((b"sec-websocket-version", b"13"), (b"sec-websocket-key", KEY)),
    )
    verdict = judge(connect.head())

    assert verdict.accepted
    assert verdict.accept_token is None
    assert verdict.status == 200


def test_an_upgraded_handshake_without_a_key_has_no_token() -> None:
    verdict = judge(VALID.without(b"sec-websocket-key").head(upgraded=True))

    assert verdict.accepted
    assert verdict.accept_token is None
    assert verdict.key is None


def test_a_verdict_gives_what_the_client_offers() -> None:
    offer = (
        VALID.plus(b"origin", b" https://example.com ")
        .plus(b"sec-websocket-protocol", b"v2.chat, ,chat")
        .plus(b"sec-websocket-protocol", b"Chat")
        .plus(b"sec-websocket-extensions", b'permessage-deflate; a="1"')
        .plus(b"sec-websocket-extensions", b", x")
    )
    verdict = judge(offer.head())

    assert verdict.key == KEY.decode()
    assert verdict.origin == "https://example.com"
    assert verdict.subprotocols == ("v2.chat", "chat", "Chat")
    assert verdict.extensions == (
        Extension("permessage-deflate", (("a", "1"),)),
        Extension("x", ()),
    )


def test_a_verdict_gives_nothing_where_nothing_is_offered() -> None:
    verdict = judge(RequestHead("GET", "1.1", []))

    assert (verdict.key, verdict.origin) == (None, None)
    assert (verdict.subprotocols, verdict.extensions) == ((), ())


def test_a_verdict_gives_broken_fields_as_far_as_they_can_be_read() -> None:
    bent = (
        VALID.but(b"sec-websocket-key", b"\xff")
        .plus(b"origin", b"a")
        .plus(b"origin", b"b")
        .plus(b"sec-websocket-protocol", b"a b,\xe9")
        .plus(b"sec-websocket-extensions", b"x;")
    )
    verdict = judge(bent.head())

    assert (verdict.key, verdict.origin) == ("\xff", "a")
    assert (verdict.subprotocols, verdict.extensions) == (("a b", "\xe9"), ())


def test_a_verdict_names_its_codes_and_shows_no_secret() -> None:
    secret = VALID.but(b"sec-websocket-key", b"secret").plus(b"cookie", b"secret")

    assert repr(judge(VALID.head())) == "<Verdict accepted>"
    assert repr(judge(secret.without(b"host").head())) == (
        "<Verdict host_missing, key_malformed>"
    )
    assert "secret" not in f"{judge(secret.head())} {judge(secret.head()).violations}"


def test_the_policy_applies_only_if_there_is_one() -> None:
    evil = VALID.plus(b"origin", b"https://evil.example").head()

    assert judge(evil).accepted
    assert judge(evil, STRICT).codes == ("origin_not_allowed",)


POLICIES = st.sampled_from(
    [
        *(Policy(), STRICT, Policy(allowed_origins=["same-origin"])),
        Policy(limits=Limits(line_bytes=10, lines=1)),
    ]
)
NAMES = st.sampled_from(
    [
        *(b"host", b"upgrade", b"Connection", b"sec-websocket-key", b"origin"),
        *(b"sec-websocket-version", b"sec-websocket-protocol", b"content-length"),
        *(b"sec-websocket-extensions", b"transfer-encoding"),
    ]
)


FIELDS = st.tuples(NAMES | st.binary(max_size=9), st.binary(max_size=60))
HEADS = st.builds(
    RequestHead,
    st.text(max_size=8) | st.sampled_from(["GET", "CONNECT"]),
    st.text(max_size=4) | st.sampled_from(["1.0", "1.1", "2", "3"]),
    st.lists(FIELDS, max_size=9),
    st.binary(max_size=20),
    st.text(max_size=5),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(HEADS, POLICIES)
def test_a_verdict_never_raises_whatever_was_sent(
    request: RequestHead, policy: Policy
) -> None:
    verdict = judge(request, policy)

    assert verdict.accepted == (verdict.codes == ())
    assert CODES.issuperset(verdict.codes)
    assert verdict.status in {101, 200} if verdict.accepted else verdict.status >= 400
    assert all(f.received is None or f.received.isascii() for f in verdict.violations)
    assert repr(verdict).isascii()
    assert isinstance(verdict.subprotocols, tuple)
    assert isinstance(verdict.extensions, tuple)


@settings(max_examples=200, deadline=None)
@given(bending.bent(), POLICIES)
def test_a_bent_handshake_is_rejected_or_has_the_token_of_its_key(
    handshake: Handshake, policy: Policy
) -> None:
    verdict = judge(handshake.head(), policy)

    if verdict.accepted:
        assert verdict.key is not None
        assert verdict.accept_token == accept_token(verdict.key)
    else:
        assert verdict.accept_token is None


@pytest.mark.parametrize("name", [b"upgrade", b"connection", b"host"])
def test_what_is_rejected_has_no_nonce_though_its_key_is_valid(name: bytes) -> None:
    verdict = judge(VALID.without(name).head())

    assert not verdict.accepted
    assert verdict.nonce is None
    assert verdict.accept_token is None


def test_sha_1_is_declared_as_not_used_for_security(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options_given: list[dict[str, Any]] = []

    def sha1(data: bytes, **options: Any) -> Any:
        options_given.append(options)
        return hashlib.sha1(data, **options)  # noqa: S324  (ours is asked the same)

    monkeypatch.setattr(core_verdict, "_sha1", sha1)
    assert core_verdict.accept_token(KEY) == ACCEPT
    assert options_given == [{"usedforsecurity": False}]
