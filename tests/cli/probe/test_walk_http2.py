"""HTTP/2: what ALPN chooses, Extended CONNECT, and a client that offers both."""

from __future__ import annotations

import subprocess
from itertools import repeat
from typing import TYPE_CHECKING

import pytest

from tests.support import proxies
from tests.support.cli_fakes import saying, serving
from tests.support.cli_runs import Probed, probe
from tests.support.docs_examples import DOCS
from tests.support.needed import program
from tests.support.other_servers import GRANIAN, SETUPS, need
from tests.support.tls import certify
from tests.support.wires import free_port
from tests.support.wires import serving as running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.tls import Certificate

EXAMPLE = str(DOCS / "examples" / "hypercorn_tls") + ":app"
BARE = "tests.support.cli_app:bare"


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certify(tmp_path_factory.mktemp("tls"))


@pytest.fixture(name="certificate", autouse=True)
def _trusted(made: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    return made


@pytest.fixture(scope="module", name="hypercorn")
def _hypercorn(
    made: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    files = ("--certfile", str(made.path), "--keyfile", str(made.key))
    log = tmp_path_factory.mktemp("hypercorn") / "log"
    call = ("hypercorn", EXAMPLE, "--bind", "127.0.0.1:{port}", *files)
    with running(call, log) as server:
        yield f"127.0.0.1:{server.port}/ws"


def test_hypercorn_takes_http1_and_the_look_reports_http2(hypercorn: str) -> None:
    probed = probe(f"wss://{hypercorn}")
    step = probed.step("tls")

    assert (probed.status, probed.verdict) == (0, "valid")
    assert (step["alpn_offered"], step["alpn_chosen"]) == (["http/1.1"], "http/1.1")
    assert probed.notes == ["http2_available"]


def test_with_http1_1_there_is_no_look(hypercorn: str) -> None:
    probed = probe(f"wss://{hypercorn}", "--http1.1")

    assert (probed.verdict, probed.notes) == ("valid", [])


def test_hypercorn_takes_extended_connect(hypercorn: str) -> None:
    probed = probe(f"wss://{hypercorn}", "--http2")
    step = probed.step("tls")

    assert (probed.status, probed.verdict, probed.notes) == (0, "valid", [])
    assert (step["alpn_offered"], step["alpn_chosen"]) == (["h2", "http/1.1"], "h2")
    assert probed.steps == [
        *("name", "tcp", "tls", "settings", "request", "response", "ping", "close")
    ]
    assert probed.step("settings")["result"] == "Extended CONNECT is enabled"
    assert probed.step("response")["result"] == "HTTP/2 200"


def test_our_rejection_over_http2_is_shown_in_full(hypercorn: str) -> None:
    probed = probe(
        f"wss://{hypercorn}", "--http2", "--header", "Sec-WebSocket-Protocol: a b"
    )

    assert (probed.status, probed.verdict) == (1, "rejected")
    assert (probed.codes, probed.seen) == (
        *(["handshake_rejected"], "subprotocol_malformed"),
    )


def test_a_plain_port_with_prior_knowledge(tmp_path: Path) -> None:
    call = ("hypercorn", BARE, "--bind", "127.0.0.1:{port}")
    with running(call, tmp_path / "log") as server:
        probed = probe(f"ws://127.0.0.1:{server.port}/ws", "--http2")
        leaves = probe(f"ws://127.0.0.1:{server.port}/leaves", "--http2")
        denied = probe(f"ws://127.0.0.1:{server.port}/denied", "--http2")

    assert (probed.status, probed.verdict) == (0, "valid")
    assert leaves.codes == ["closed_at_once"]
    assert (denied.codes, denied.causes) == (
        *(["response_not_101"], [("no_route", "possible")]),
    )


@pytest.fixture(name="granian")
def _granian(made: Certificate, tmp_path: Path) -> Iterator[str]:
    need(SETUPS[GRANIAN])
    files = ("--ssl-certificate", str(made.path), "--ssl-keyfile", str(made.key))
    call = ("granian", BARE, "--interface", "asgi", "--host", "127.0.0.1")
    with running((*call, "--port", "{port}", *files), tmp_path / "log") as server:
        yield f"wss://127.0.0.1:{server.port}/ws"


def test_granian_does_not_offer_extended_connect(granian: str) -> None:
    probed = probe(granian, "--http2")

    assert (probed.status, probed.verdict) == (1, "faulty")
    assert probed.codes == ["extended_connect_not_offered"]


def test_a_client_that_offers_both_is_warned_of_granian(granian: str) -> None:
    probed = probe(granian)

    assert (probed.status, probed.verdict) == (0, "valid")
    assert probed.notes == ["http2_preferred"]


def test_a_server_that_speaks_http1_only(made: Certificate, tmp_path: Path) -> None:
    files = ("--ssl-certfile", str(made.path), "--ssl-keyfile", str(made.key))
    call = ("uvicorn", BARE, "--port", "{port}", "--log-level", "warning", *files)
    with running(call, tmp_path / "log") as server:
        plain = probe(f"wss://127.0.0.1:{server.port}/ws")
        over_http2 = probe(f"wss://127.0.0.1:{server.port}/ws", "--http2")
        in_plain_text = probe(f"ws://127.0.0.1:{server.port}/ws")
        by_http2 = probe(f"ws://127.0.0.1:{server.port}/ws", "--http2")

    assert (plain.verdict, plain.notes) == ("valid", [])
    assert (over_http2.status, over_http2.codes) == (1, ["http2_not_chosen"])
    assert over_http2.seen == "ALPN: nothing"
    assert in_plain_text.codes == by_http2.codes == ["plain_on_tls_port"]


def test_a_plain_server_that_knows_no_http2() -> None:
    response = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    with serving(saying(response)) as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws", "--http2")

    assert (probed.codes, probed.seen) == (
        *(["http2_not_chosen"], "a response over HTTP/1"),
    )


def test_a_server_that_speaks_http2_whatever_was_offered(made: Certificate) -> None:
    settings = bytes.fromhex("000000040000000000")
    with serving(saying(settings), made) as port:
        probed = probe(f"wss://127.0.0.1:{port}/ws", "--http1.1")

    assert (probed.status, probed.verdict) == (1, "faulty")
    assert (probed.codes, probed.seen) == (["http2_chosen"], "an HTTP/2 frame")


def test_a_server_whose_alpn_has_only_h2(made: Certificate) -> None:
    port = free_port()
    call = f"s_server -accept 127.0.0.1:{port} -alpn h2 -quiet -naccept 1"
    files = ["-cert", str(made.path), "-key", str(made.key)]
    with subprocess.Popen(
        [program("openssl"), *call.split(), *files],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        probed = _once_it_listens(f"wss://127.0.0.1:{port}/ws")
        process.terminate()

    assert (probed.status, probed.verdict) == (1, "faulty")
    assert probed.codes == ["http2_chosen"]
    assert probed.seen == "tlsv1 alert no application protocol"


def _once_it_listens(url: str) -> Probed:
    attempts = map(probe, repeat(url, 5000))
    return next(p for p in attempts if p.codes != ["connection_refused"])


def test_nginx_with_http2_in_front_of_a_server(tmp_path: Path) -> None:
    proxies.require("nginx")
    directory = tmp_path / "nginx"
    call = ("hypercorn", BARE, "--bind", "127.0.0.1:{port}")
    with (
        running(call, tmp_path / "log") as server,
        proxies.proxy("nginx", "http2", server.port, directory) as port,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("SSL_CERT_FILE", str(directory / "certificate.pem"))
        probed = probe(f"wss://127.0.0.1:{port}/ws")
        over_http2 = probe(f"wss://127.0.0.1:{port}/ws", "--http2")
        plain = probe(f"ws://127.0.0.1:{port}/ws")

    assert (probed.verdict, probed.notes) == ("valid", ["http2_preferred"])
    assert over_http2.codes == ["extended_connect_not_offered"]
    assert (plain.codes, plain.seen) == (["plain_on_tls_port"], "the response says so")
