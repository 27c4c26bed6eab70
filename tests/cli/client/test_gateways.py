"""The programs that respond by themselves in front of a server."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.gateways import GATEWAYS
from ws_handshake.cli.client.writer import OTHERS

BY_NAME = {gateway.name: gateway for gateway in GATEWAYS}

FIXES = [
    ("nginx", 418, "nginx: its error.log says why."),
    ("nginx", 405, BY_NAME["nginx"].fixes[404]),
    ("nginx", 401, "Send the credentials: -H 'Authorization: Basic ...'."),
    ("Kong", 426, "Use wss://: this path is served over TLS only."),
    ("HAProxy", 503, BY_NAME["HAProxy"].fixes[OTHERS]),
    ("Envoy", 404, "Envoy: add a route for this host and path."),
    (
        "Apache",
        404,
        "Apache: add a ProxyPass for this path: Apache looked for a file.",
    ),
]


@pytest.mark.parametrize(("name", "status", "fix"), FIXES)
def test_the_fix_is_for_the_program_and_the_status(
    name: str, status: int, fix: str
) -> None:
    assert BY_NAME[name].fix(status) == fix


def test_each_stands_once_in_front_of_the_server_with_a_fix_for_every_status() -> None:
    assert len(BY_NAME) == len(GATEWAYS)
    assert {gateway.place for gateway in GATEWAYS} == {"in front of the server"}
    assert all(OTHERS in gateway.fixes and gateway.marks for gateway in GATEWAYS)
