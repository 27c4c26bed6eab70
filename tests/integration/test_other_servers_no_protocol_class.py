"""Why no protocol class fits hypercorn or daphne, as docs/servers.md says."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest
from hypercorn.config import Config
from hypercorn.protocol.h2 import H2Protocol
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.protocol.ws_stream import WSStream

from tests.support.docs_examples import DOCS
from tests.support.handshakes import VALID
from tests.support.other_servers import DAPHNE, SETUPS, need
from tests.support.wires import ask, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.wires import Server

SEC_KEY = b"sec-websocket-key"


@pytest.fixture(scope="module", name="daphne")
def _daphne(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    need(SETUPS[DAPHNE])
    log: Path = tmp_path_factory.mktemp("daphne") / "log"
    with serving(SETUPS[DAPHNE].command, log) as server:
        yield server


def test_no_option_of_hypercorn_names_a_class_but_the_loggers() -> None:
    options = [name for name in vars(Config) if name.endswith("_class")]
    # worker_class is a word: asyncio, uvloop or trio
    assert options == ["logger_class", "worker_class", "set_statsd_logger_class"]
    assert isinstance(Config.worker_class, str)


@pytest.mark.parametrize("protocol", [H11Protocol, H2Protocol])
def test_one_method_of_hypercorn_decides_and_reads_what_the_application_gets(
    protocol: type,
) -> None:
    source = inspect.getsource(vars(protocol)["_create_stream"])
    for named in ("WSStream(", "HTTPStream(", "headers="):
        assert named in source


def test_hypercorn_sends_its_400_before_any_application_is_called() -> None:
    source = inspect.getsource(WSStream.handle)
    rejecting = source.index("not self.handshake.is_valid()")
    assert rejecting < source.index("self.task_group.spawn_app(")


def test_daphne_names_the_missing_field_in_the_status_line_and_nowhere_else(
    daphne: Server,
) -> None:
    response = ask(daphne.port, VALID.without(SEC_KEY).wire())
    line = b"HTTP/1.1 400 HTTP Sec-WebSocket-Key header missing"
    assert response.raw == line + b"\r\n\r\n"
    page = (DOCS / "servers.md").read_text(encoding="utf-8")
    assert f"`{line.decode()}`" in page
    assert "Sec-WebSocket-Key" not in daphne.logged()


def test_daphne_quotes_a_malformed_key(daphne: Server) -> None:
    response = ask(daphne.port, VALID.but(SEC_KEY, b"AAAA").wire())
    assert b'"AAAA"' in response.raw.split(b"\r\n", 1)[0]
