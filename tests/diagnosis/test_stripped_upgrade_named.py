"""A proxy is named by its own mark, wherever it is one of the causes, and else not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.diagnosed import explained
from tests.support.handshakes import VALID
from ws_handshake.diagnosis.proxies import PROXIES, UNKNOWN_PROXY

if TYPE_CHECKING:
    from ws_handshake.diagnosis.proxy import Proxy

LOST = VALID.without(b"upgrade", b"connection")
KEPT_ALIVE = LOST.plus(b"connection", b"Keep-Alive")


def test_the_second_cause_names_the_proxy_too() -> None:
    behind = LOST.plus(b"x-envoy-internal", b"true").plus(b"x-forwarded-proto", b"http")
    (first, *_), (second, _, detail, fix) = explained(behind)

    assert (first, second) == ("hand_made_handshake", "proxy_stripped_upgrade")
    assert detail.startswith("Envoy, or a proxy in front of it, removed ")
    assert fix == PROXIES["Envoy"].fix


def test_keep_alive_is_apaches_only_beside_its_own_mark() -> None:
    forwarded = KEPT_ALIVE.plus(b"x-forwarded-for", b"203.0.113.9")

    assert explained(forwarded)[0][2].startswith("A proxy removed ")
    assert explained(forwarded)[0][3] == UNKNOWN_PROXY.fix
    apaches = forwarded.plus(b"x-forwarded-server", b"www.example.com")
    assert explained(apaches)[0][2].startswith("Apache removed ")


@pytest.mark.parametrize(
    "row",
    [p for p in PROXIES.values() if p.request_fields or p.via],
    ids=lambda row: row.name,
)
def test_each_proxy_is_named_by_its_mark_and_gives_its_lines(row: Proxy) -> None:
    marked = KEPT_ALIVE
    for name in row.request_fields[0] if row.request_fields else ():
        marked = marked.plus(name, b"1")
    if not row.request_fields:
        marked = marked.plus(b"via", b"1.1 a, " + row.via[0])
    by_name = [each for each in explained(marked) if each[2].startswith(row.name)]

    assert [(code, fix) for code, _, _, fix in by_name] == [
        ("proxy_stripped_upgrade", row.fix)
    ]
