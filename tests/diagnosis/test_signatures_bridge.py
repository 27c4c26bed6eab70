"""What a proxy lost of a handshake: its key, its version, or both."""

from __future__ import annotations

import pytest

from tests.support.diagnosed import CHROME, causes_of, named
from tests.support.handshakes import VALID, Handshake
from ws_handshake.diagnosis.causes import BRIDGE_LOST_KEY
from ws_handshake.diagnosis.proxies import PROXIES

HTTPS = (b"x-forwarded-proto", b"https")
PLAIN = (b"x-forwarded-proto", b"http")
TYPED = (b"user-agent", b"curl/8.5.0")
CLOUDFRONT = (b"x-amz-cf-id", b"f_6Ka5sqZsyiXXIRqstsBXEKmJLDPCiE24nVBrwnoR9w")
BRIDGED = [("bridge_lost_key", "likely")]
FORWARDED = (b"x-forwarded-for", b"203.0.113.9")
LOST_A_PART = "A proxy turned an HTTP/2 WebSocket into HTTP/1.1 and lost a part of it."


def marked(handshake: Handshake, *marks: tuple[bytes, bytes]) -> Handshake:
    for mark in marks:
        handshake = handshake.plus(*mark)
    return handshake


def test_a_version_that_a_browser_sent_was_lost_on_the_way() -> None:
    lost = VALID.without(b"sec-websocket-version")
    browser = lost.plus(b"user-agent", CHROME)

    assert named(browser) == []
    assert named(marked(browser, FORWARDED)) == [("bridge_lost_key", "possible")]
    assert named(marked(browser, HTTPS)) == BRIDGED
    assert named(marked(browser, PLAIN)) == []
    assert named(marked(lost, HTTPS)) == []
    (cause,) = causes_of(marked(browser, HTTPS))
    assert cause.detail == f"{LOST_A_PART} Only Sec-WebSocket-Version is missing."


def test_where_only_the_key_is_missing_the_detail_is_the_causes() -> None:
    (cause,) = causes_of(VALID.without(b"sec-websocket-key").plus(*FORWARDED))

    assert cause.detail == BRIDGE_LOST_KEY.detail


@pytest.mark.parametrize(
    "field",
    [
        (b"sec-websocket-extensions", b"permessage-deflate"),
        (b"sec-websocket-protocol", b"chat"),
        (b"sec-fetch-mode", b"websocket"),
    ],
)
def test_what_only_a_handshake_has_shows_that_its_key_was_lost_on_the_way(
    field: tuple[bytes, bytes],
) -> None:
    half = VALID.without(b"sec-websocket-key", b"sec-websocket-version").plus(*field)

    assert named(half)[0] == ("hand_made_handshake", "likely")
    assert named(marked(half, FORWARDED)) == BRIDGED
    (cause,) = causes_of(marked(half, FORWARDED))
    assert cause.detail == (
        f"{LOST_A_PART} Key and version are missing; the rest is a handshake's."
    )
    assert named(marked(half, FORWARDED, PLAIN)) == []
    assert named(marked(half, FORWARDED, TYPED))[0][0] == "hand_made_handshake"


@pytest.mark.parametrize(
    "lost",
    [
        (b"sec-websocket-key", b"sec-websocket-version"),
        (b"sec-websocket-key",),
    ],
)
def test_cloudfront_leaves_out_what_its_policy_does_not_list(
    lost: tuple[bytes, ...],
) -> None:
    through = VALID.without(*lost).plus(*CLOUDFRONT)
    (cause,) = causes_of(through)

    assert [(cause.code, str(cause.certainty))] == BRIDGED
    assert cause.detail == (
        "CloudFront left Sec-WebSocket-Key out. It forwards the headers that its "
        "policy lists."
    )
    assert (cause.fix, cause.config) == (
        PROXIES["CloudFront"].fix,
        PROXIES["CloudFront"].config,
    )
    typed = through.plus(*TYPED).plus(*PLAIN)
    assert "bridge_lost_key" not in [code for code, _ in named(typed)]


def test_a_key_that_arrived_was_not_left_out() -> None:
    assert named(VALID.without(b"sec-websocket-version").plus(*CLOUDFRONT)) == []
    short = VALID.without(b"sec-websocket-version").but(b"sec-websocket-key", b"short")

    assert named(short.plus(*CLOUDFRONT)) == []
