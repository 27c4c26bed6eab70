"""What responds by itself on the client's side."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.filters import FILTERS
from ws_handshake.cli.client.writer import OTHERS
from ws_handshake.diagnosis.proxies import PROXIES

BY_NAME = {one.name: one for one in FILTERS}

FIXES = [
    ("Squid", 411, PROXIES["Squid"].fix),
    ("Squid", 503, "Squid reaches no server: check host and port."),
    (
        "Squid",
        407,
        "Authenticate with Squid, or go around it: connect over wss://.",
    ),
    ("a captive portal", 511, "Log in to this network with a browser first."),
    ("Zscaler", 403, BY_NAME["FortiGuard"].fixes[OTHERS]),
]


@pytest.mark.parametrize(("name", "status", "fix"), FIXES)
def test_the_fix_is_for_the_filter_and_the_status(
    name: str, status: int, fix: str
) -> None:
    assert BY_NAME[name].fix(status) == fix


def test_each_stands_once_on_the_clients_side() -> None:
    assert len(BY_NAME) == len(FILTERS)
    assert all(one.place.endswith("on the client's side") for one in FILTERS)
    assert BY_NAME["Squid"].place == "a forward proxy on the client's side"
