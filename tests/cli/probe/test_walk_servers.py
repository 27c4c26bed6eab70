"""Real servers, in several languages: each gets the right diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import cli_app, proxies
from tests.support.cli_runs import probe
from tests.support.conformance_servers import NODE_WS, STACKS, need
from tests.support.wires import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.conformance_servers import Stack
    from tests.support.wires import Server

BARE, APP = f"{cli_app.__name__}:bare", f"{cli_app.__name__}:app"
VALID_STEPS = ["name", "tcp", "request", "response", "ping", "close"]

_BARE = "tests.support.apps:bare"
STACK = {stack.title: stack for stack in STACKS}
ASGI = [stack.title for stack in STACKS if _BARE in stack.command]
OTHERS = [title for title in STACK if title in {NODE_WS, "aiohttp", "websockets"}]
UVICORN = ("uvicorn", "--port", "{port}", "--log-level", "warning")
PROTOCOL = (*UVICORN, "--http", "ws_handshake.uvicorn:AutoHTTPProtocol")


def _with_our_paths(stack: Stack) -> tuple[str, ...]:
    """Return how it is started with the application that has a path for each case."""
    return tuple(BARE if part == _BARE else part for part in stack.command)


@pytest.fixture(scope="module", name="served", params=ASGI)
def _served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Server]]:
    stack = STACK[request.param]
    need(stack)
    log = tmp_path_factory.mktemp("served") / "log"
    with serving(_with_our_paths(stack), log) as server:
        yield stack.title, server


def test_the_servers_are_those_that_people_run() -> None:
    assert ASGI == [
        "uvicorn, h11, wsproto",
        "uvicorn, h11, websockets",
        "uvicorn, httptools, wsproto",
        "uvicorn, httptools, websockets",
        "hypercorn",
        "gunicorn",
        "daphne",
        "granian",
    ]
    assert OTHERS == ["aiohttp", "websockets", "Node.js ws"]


def test_a_valid_asgi_server_is_valid(served: tuple[str, Server]) -> None:
    probed = probe(f"ws://127.0.0.1:{served[1].port}/ws")

    assert (probed.status, probed.verdict, probed.codes) == (0, "valid", [])
    assert probed.steps == VALID_STEPS
    assert probed.step("response")["status"] == 101
    assert probed.step("close")["code"] == 1000


def test_an_application_that_closes_before_it_accepts(
    served: tuple[str, Server],
) -> None:
    probed = probe(f"ws://127.0.0.1:{served[1].port}/denied")

    assert (probed.status, probed.verdict) == (1, "rejected")
    assert probed.codes == ["response_not_101"]
    assert probed.seen is not None
    assert probed.seen.startswith("403: ")
    assert probed.causes == [("no_route", "possible")]


def test_an_application_that_accepts_and_closes(served: tuple[str, Server]) -> None:
    probed = probe(f"ws://127.0.0.1:{served[1].port}/leaves")

    assert (probed.status, probed.verdict) == (1, "faulty")
    assert probed.codes == ["closed_at_once"]
    # daphne leaves the reason out
    assert probed.seen == ("4401" if served[0] == "daphne" else "4401, expired")


def test_an_application_that_speaks_first(served: tuple[str, Server]) -> None:
    probed = probe(f"ws://127.0.0.1:{served[1].port}/talks")

    assert (probed.verdict, probed.notes) == ("valid", ["messages_came"])


def test_a_plain_port_is_distinguished_from_a_tls_port(
    served: tuple[str, Server],
) -> None:
    probed = probe(f"wss://127.0.0.1:{served[1].port}/ws", "--timeout", "6")

    assert (probed.status, probed.codes) == (1, ["tls_on_plain_port"])


@pytest.mark.parametrize("title", OTHERS)
def test_a_server_in_another_language_or_framework(title: str, tmp_path: Path) -> None:
    need(STACK[title])
    with STACK[title].running(tmp_path / "log") as server:
        url = f"ws://127.0.0.1:{server.port}/ws"
        probed = probe(url)
        invalid = probe(url, "--header", "Upgrade: h2c")

    assert (probed.status, probed.verdict, probed.codes) == (0, "valid", [])
    assert probed.steps == VALID_STEPS
    assert (invalid.status, invalid.verdict) == (1, "rejected")
    assert invalid.notes == ["request_faulty"]


def test_a_uvicorn_without_a_websocket_library(tmp_path: Path) -> None:
    call = (*UVICORN, "--ws", "none", BARE)
    with serving(call, tmp_path / "log") as server:
        probed = probe(f"ws://127.0.0.1:{server.port}/ws")

    assert (probed.status, probed.codes) == (1, ["html_instead"])
    assert probed.causes == [
        ("no_websocket_support", "possible"),
        ("proxy_stripped_upgrade", "possible"),
    ]


def test_our_protocol_class_tells_the_client_why(tmp_path: Path) -> None:
    with serving((*PROTOCOL, APP), tmp_path / "log") as server:
        probed = probe(
            f"ws://127.0.0.1:{server.port}/ws",
            *("--header", "Sec-WebSocket-Key: short"),
            *("--header", "Sec-WebSocket-Version: 8"),
        )

    assert (probed.status, probed.verdict) == (1, "rejected")
    assert (probed.codes, probed.seen) == (
        *(["handshake_rejected"], "key_malformed, version_unsupported"),
    )
    violation = probed.document["problem"]["violations"][1]
    assert violation == {
        "code": "version_unsupported",
        "what": "The Sec-WebSocket-Version header is not 13.",
        "expected": "13",
        "received": "8",
        "fix": "Send Sec-WebSocket-Version: 13.",
        "rfc": "RFC 6455 section 4.4",
    }


@pytest.fixture(name="behind")
def _behind(tmp_path: Path) -> Iterator[int]:
    with serving((*PROTOCOL, APP), tmp_path / "log") as server:
        yield server.port


def test_nginx_as_it_should_be_configured(behind: int, tmp_path: Path) -> None:
    proxies.require("nginx")
    with proxies.proxy("nginx", "right", behind, tmp_path / "nginx") as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws")

    assert (probed.status, probed.verdict, probed.codes) == (0, "valid", [])


def test_nginx_by_default_in_front_of_our_protocol_class(
    behind: int, tmp_path: Path
) -> None:
    proxies.require("nginx")
    with proxies.proxy("nginx", "default", behind, tmp_path / "nginx") as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws")

    assert (probed.status, probed.codes) == (1, ["handshake_rejected"])
    assert probed.document["response"]["proxy"] == "nginx"
    (cause,) = probed.document["problem"]["causes"]
    assert cause["code"] == "proxy_stripped_upgrade"
    assert cause["fix"].startswith("Let nginx forward Upgrade and Connection:")


def test_nginx_by_default_in_front_of_a_server_that_explains_nothing(
    tmp_path: Path,
) -> None:
    proxies.require("nginx")
    call = _with_our_paths(STACK["hypercorn"])
    with (
        serving(call, tmp_path / "log") as server,
        proxies.proxy("nginx", "default", server.port, tmp_path / "nginx") as port,
    ):
        probed = probe(f"ws://127.0.0.1:{port}/ws")

    assert (probed.status, probed.codes) == (1, ["html_instead"])
    assert probed.causes == [("proxy_stripped_upgrade", "likely")]
    (cause,) = probed.document["causes"]
    assert cause["fix"].startswith("Let nginx forward Upgrade and Connection:")


def test_nginx_whose_upstream_is_down(tmp_path: Path) -> None:
    proxies.require("nginx")
    with proxies.proxy("nginx", "right", 1, tmp_path / "nginx") as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws")

    assert (probed.status, probed.codes) == (1, ["response_not_101"])
    assert probed.seen == "502: a proxy got no valid response from the server behind it"
