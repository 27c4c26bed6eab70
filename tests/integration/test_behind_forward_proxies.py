"""Squid and tinyproxy on the client's side, and what a server behind them is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from websockets.sync.client import connect

from tests.support.behind_forward import FORWARD_PROXIES, forwarding
from tests.support.behind_measure import attempt_bent
from tests.support.behind_printed import running, template
from tests.support.behind_stage import staged
from tests.support.diagnosed import BROWSER, CHROME
from tests.support.handshakes import VALID
from tests.support.other_servers import exchange, is_complete
from tests.support.proxies import require
from tests.support.wires import ask
from ws_handshake.diagnosis.proxies import PROXIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.behind_stage import Stage

NAMES = {"squid": "Squid", "tinyproxy": "tinyproxy"}
each_proxy = pytest.mark.parametrize("name", FORWARD_PROXIES)


@pytest.fixture(scope="module", name="stage")
def _stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


def asked(stage: Stage, path: str) -> bytes:
    """Return what a browser sends to its proxy for a WebSocket without TLS."""
    host = f"127.0.0.1:{stage.port}"
    target = f"http://{host}{path}".encode("ascii")
    return BROWSER.asked(target=target).but(b"host", host.encode("ascii")).wire()


@each_proxy
def test_a_forward_proxy_is_named_and_wss_is_the_fix(
    name: str, stage: Stage, tmp_path: Path
) -> None:
    with forwarding(name, tmp_path) as port:
        response = exchange(port, asked(stage, f"/forward/{name}"), is_complete)
    problem = json.loads(response.body)
    row = PROXIES[NAMES[name]]

    assert response.status == 400
    assert problem["detail"] == (
        f"{row.name}, a forward proxy on the client's side, removed the Upgrade and "
        "Connection headers (very likely)."
    )
    assert problem["cause"]["fix"] == row.fix
    assert "wss://" in row.fix


@each_proxy
def test_a_tunnel_as_wss_makes_one_gets_through(
    name: str, stage: Stage, tmp_path: Path
) -> None:
    """Within TLS or not, a forward proxy does not look into a tunnel."""
    address = f"ws://127.0.0.1:{stage.port}/tunnel/{name}"
    with (
        forwarding(name, tmp_path) as port,
        connect(address, proxy=f"http://127.0.0.1:{port}") as websocket,
    ):
        websocket.send("hello")
        assert websocket.recv(5) == "hello"


def test_the_line_to_paste_lets_squid_forward_both(
    stage: Stage, tmp_path: Path
) -> None:
    (config,) = PROXIES["Squid"].config
    assert config.place == "squid.conf"
    with forwarding("squid", tmp_path, f"{config.lines}\n") as port:
        response = ask(port, asked(stage, "/forward/pasted"))

    assert response.status == 101


def test_nginx_that_upgrades_every_request_is_named_for_a_page(
    stage: Stage, tmp_path: Path
) -> None:
    require("nginx")
    page = ((b"host", b"127.0.0.1"), (b"user-agent", CHROME), (b"accept", b"text/html"))
    with running("nginx", template("nginx", "forced"), stage.port, tmp_path) as port:
        forced = attempt_bent(stage, port, "/forced/page", VALID.asked(headers=page))

    assert forced.codes == ("key_missing", "version_missing")
    assert [(c.code, c.certainty) for c in forced.causes] == [
        ("upgrade_on_every_request", "very_likely")
    ]


def test_haproxy_that_blanks_a_word_is_what_it_looks_like(
    stage: Stage, tmp_path: Path
) -> None:
    require("haproxy")
    offer = BROWSER.plus(b"sec-websocket-extensions", b"x-webkit-deflate-frame")
    site = template("haproxy", "blanked")
    with running("haproxy", site, stage.port, tmp_path) as port:
        blanked = attempt_bent(stage, port, "/blanked/frame", offer)

    assert blanked.codes == ("extensions_malformed",)
    assert [(c.code, c.certainty) for c in blanked.causes] == [
        ("extension_blanked", "very_likely")
    ]
