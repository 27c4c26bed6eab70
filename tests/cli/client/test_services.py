"""The services that respond by themselves."""

from __future__ import annotations

import pytest

from ws_handshake.cli.client.services import SERVICES
from ws_handshake.cli.client.writer import OTHERS

BY_NAME = {service.name: service for service in SERVICES}

FIXES = [
    ("Cloudflare", 521, "Cloudflare: check that the origin server runs; see its log."),
    ("Cloudflare", 418, BY_NAME["Cloudflare"].fixes[OTHERS]),
    (
        "AWS load balancer",
        464,
        "AWS: give the target group the protocol version HTTP1.",
    ),
    ("ngrok", 404, "ngrok: start the agent for this host name."),
    (
        "Netlify",
        404,
        (
            "Netlify serves files and carries no WebSocket: use the server's own host "
            "name."
        ),
    ),
]


@pytest.mark.parametrize(("name", "status", "fix"), FIXES)
def test_the_fix_is_for_the_service_and_the_status(
    name: str, status: int, fix: str
) -> None:
    assert BY_NAME[name].fix(status) == fix


def test_each_stands_once_in_front_of_the_server_with_a_fix_for_every_status() -> None:
    assert len(BY_NAME) == len(SERVICES)
    assert {service.place for service in SERVICES} == {"in front of the server"}
    assert all(OTHERS in service.fixes and service.marks for service in SERVICES)
