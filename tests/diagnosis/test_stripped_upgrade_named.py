"""The proxy that left its mark is named wherever it is one of the causes."""

from __future__ import annotations

import pytest

from tests.support.diagnosed import explained
from tests.support.handshakes import VALID, Handshake
from ws_handshake.diagnosis.proxies import PROXIES, UNKNOWN_PROXY

LOST = VALID.without(b"upgrade", b"connection")
BEHIND_APACHE = LOST.plus(b"connection", b"keep-alive")
BEHIND_ENVOY = LOST.plus(b"x-envoy-internal", b"true")


@pytest.mark.parametrize(
    ("handshake", "proxy"),
    [
        (BEHIND_APACHE.plus(b"user-agent", b"curl/8.5"), "Apache"),
        (BEHIND_ENVOY.plus(b"x-forwarded-proto", b"http"), "Envoy"),
    ],
)
def test_the_second_cause_names_the_proxy_too(handshake: Handshake, proxy: str) -> None:
    (first, *_), (second, _, detail, fix) = explained(handshake)

    assert (first, second) == ("hand_made_handshake", "proxy_stripped_upgrade")
    assert f": {proxy}" in detail
    assert fix == PROXIES[proxy].fix


def test_keep_alive_alone_is_apaches_only_where_upgrade_is_gone_too() -> None:
    kept = VALID.but(b"connection", b"keep-alive")

    ((_, _, _, with_upgrade),) = explained(kept)
    assert with_upgrade == UNKNOWN_PROXY.fix
