"""Proxies of the client's network: they say so, and come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ws_handshake.diagnosis.forward_proxies import FORWARD_PROXIES
from ws_handshake.diagnosis.proxies import PROXIES, rank

if TYPE_CHECKING:
    from ws_handshake.diagnosis.proxy import Proxy


@pytest.mark.parametrize("row", FORWARD_PROXIES, ids=lambda row: row.name)
def test_each_stands_on_the_clients_side_and_tls_helps(row: Proxy) -> None:
    assert PROXIES[row.name] is row
    assert row.on_client_side
    assert row.fix.startswith("Connect over wss://, which ")


def test_no_other_proxy_is_likelier() -> None:
    ranks = {proxy.name: rank(proxy) for proxy in PROXIES.values()}
    forward = {row.name for row in FORWARD_PROXIES}

    assert {name for name, of_it in ranks.items() if of_it == 0} == forward
    strips = {proxy.name for proxy in PROXIES.values() if proxy.strips_by_default}
    first = {name for name, of_it in ranks.items() if of_it == 1}
    assert first == strips | {"Amazon API Gateway"}
