from __future__ import annotations

import pytest

from tests.support.diagnosed import agent_of
from tests.support.handshakes import VALID
from ws_handshake.diagnosis.clients import (
    CLIENTS,
    UNKNOWN_CLIENT,
    Client,
    client_of,
    is_tool,
)

BARE = VALID.asked(headers=((b"host", b"example.com"),))


def named(*agents: bytes) -> Client:
    request = BARE
    for agent in agents:
        request = request.plus(b"user-agent", agent)
    return client_of(request.head())


@pytest.mark.parametrize("client", CLIENTS.values(), ids=lambda client: client.product)
def test_every_row_is_found_by_its_user_agent(client: Client) -> None:
    assert named(agent_of(client)) is client


@pytest.mark.parametrize(
    "client", [*CLIENTS.values(), UNKNOWN_CLIENT], ids=lambda c: c.product
)
def test_what_keeps_a_client_at_http1_is_short_enough_to_type(client: Client) -> None:
    assert 10 < len(client.http1_only) <= 200
    assert client.http1_only.isascii()


@pytest.mark.parametrize(
    ("agent", "kind", "product"),
    [
        (b"Mozilla/5.0 (X11) Gecko/20100101 Firefox/153.0", "browser", "Firefox"),
        (b"Mozilla/5.0 (Macintosh) Version/18.0 Safari/605.1", "browser", "Safari"),
        (b"Mozilla/5.0 (X) Chrome/156.0 Safari/537.36 Edg/156.0", "browser", "Edg"),
        (b"Mozilla/5.0 (compatible; bot)", "unknown", ""),
        (b"x Mozilla/5.0 (X11) Firefox/153.0", "unknown", ""),
        (
            b"Mozilla/5.0 (compatible; uptimerobot) Chrome/1",
            "health check",
            "UptimeRobot",
        ),
        (b"Python/3.11 websockets/17.4", "websocket", "websockets"),
        (b"websockets/17.4", "unknown", ""),
        (b"Python/3.11 aiohttp/3.11.11", "websocket", "aiohttp"),
        (b"Dart/2.8 (dart:io)", "websocket", "Dart"),
        (b"TinyWebsockets Client", "unknown", ""),
        (b"Dartmouth", "unknown", ""),
        (b"CURL/8.5.0", "tool", "curl"),
        (b"Go-http-client/2.0", "library", "Go-http-client"),
        (b"nodejs", "unknown", ""),
        (b"x reqwest/0.12", "unknown", ""),
        (b"x curl/8.5.0", "unknown", ""),
        (b"", "unknown", ""),
    ],
)
def test_a_client_is_what_it_says_it_is(agent: bytes, kind: str, product: str) -> None:
    assert (named(agent).kind, named(agent).product) == (kind, product)


def test_without_a_user_agent_the_client_is_not_known() -> None:
    assert named() is UNKNOWN_CLIENT


def test_a_client_without_a_line_of_its_own_gets_what_the_likeliest_need() -> None:
    assert named(b"curl/8.5.0").http1_only == "curl: --http1.1"
    assert named(b"Wget/1.21").http1_only == UNKNOWN_CLIENT.http1_only


def test_two_lines_of_user_agent_are_read_as_two_words() -> None:
    assert named(b"curl", b"x").product == "curl"


@pytest.mark.parametrize(("before", "kind"), [(505, "health check"), (506, "unknown")])
def test_of_a_user_agent_512_bytes_are_looked_at(before: int, kind: str) -> None:
    assert named(b"a" * before + b"Pingdom").kind == kind


@pytest.mark.parametrize(
    "agent",
    [*map(agent_of, CLIENTS.values()), b"", b"curl kube-probe", b"curly", b"a curl/8"],
)
def test_a_tool_is_what_has_the_kind_of_one(agent: bytes) -> None:
    request = BARE.plus(b"user-agent", agent).head()
    assert is_tool(request) is (client_of(request).kind == "tool")
