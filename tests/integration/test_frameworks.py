"""The programs on the page about frameworks, started as it shows, on real sockets."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from tests.support.docs_examples import DOCS, blocks, sections
from tests.support.echoing import (
    KEY_MALFORMED,
    PLAIN,
    SOCKET_IO,
    UPGRADE_LOST,
    USUAL,
    response_of,
)
from tests.support.wires import free_port, serving
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.support.echoing import WebSocketPath
    from tests.support.wires import Server

PAGE = sections((DOCS / "frameworks.md").read_text(encoding="utf-8"))
FRAMEWORKS: Mapping[str, WebSocketPath] = {
    "FastAPI": USUAL,
    "Starlette": USUAL,
    "Litestar": USUAL,
    "Quart": USUAL,
    "Django Channels": USUAL,
    "Falcon": USUAL,
    "BlackSheep": USUAL,
    "python-socketio": SOCKET_IO,
}
NOT_SOCKET_IO = [name for name in FRAMEWORKS if name != "python-socketio"]
CODES = ("upgrade_missing", "connection_not_upgrade")

_rejected = re.compile(r"WebSocket handshake rejected: 400 ([\w, ]+) on ")
_incomplete = re.compile(r"protocol[_ ]not[_ ]installed|middleware[_ ]missing")


@pytest.fixture(scope="module", name="command")
def _command() -> list[str]:
    (start,) = (b for b in blocks(PAGE[""]) if b.language == "console")
    return shlex.split(start.text.removeprefix("$ "))


@pytest.fixture(scope="module")
def served(
    request: pytest.FixtureRequest,
    command: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("program")
    _save(PAGE[request.param], folder)
    started = [*command, "--app-dir", str(folder), "--port", "{port}"]
    with serving(started, folder / "log", NO_COLOR="1") as server:
        yield server


def _save(section: str, folder: Path) -> None:
    (program,) = (b.text for b in blocks(section) if b.language == "python")
    (folder / "main.py").write_text(program, encoding="utf-8")


in_each = pytest.mark.parametrize("served", FRAMEWORKS, indirect=True, scope="module")


@pytest.mark.parametrize(
    ("served", "path"), FRAMEWORKS.items(), indirect=["served"], scope="module"
)
def test_a_valid_handshake_connects_and_echoes(
    served: Server, path: WebSocketPath
) -> None:
    assert path.echoes(served.port)


@pytest.mark.parametrize(
    ("served", "path"), FRAMEWORKS.items(), indirect=["served"], scope="module"
)
def test_a_broken_handshake_gets_400_with_its_codes_and_a_line_in_the_log(
    served: Server, path: WebSocketPath
) -> None:
    malformed = response_of(served.port, path.asked(KEY_MALFORMED), "malformed")
    assert (malformed.status, malformed.codes) == (400, ("key_malformed",))
    lost = response_of(served.port, path.asked(UPGRADE_LOST), "lost")
    assert (lost.status, lost.codes) == (400, CODES)
    logged = _rejected.findall(served.logged())
    assert logged == ["key_malformed", ", ".join(CODES)]


@pytest.mark.parametrize("served", NOT_SOCKET_IO, indirect=True, scope="module")
def test_a_plain_request_gets_the_applications_response(served: Server) -> None:
    response = response_of(served.port, PLAIN)
    assert (response.status, b"home" in response.body) == (200, True)


@pytest.mark.parametrize("served", ["python-socketio"], indirect=True, scope="module")
def test_long_polling_is_a_plain_request_and_still_works(served: Server) -> None:
    polling = PLAIN.asked(target=b"/socket.io/?EIO=4&transport=polling")
    response = response_of(served.port, polling)
    assert (response.status, b'"upgrades":["websocket"]' in response.body) == (
        200,
        True,
    )


@in_each
def test_the_protocol_class_is_installed_and_has_found_the_middleware(
    served: Server,
) -> None:
    response_of(served.port, PLAIN)
    assert _incomplete.findall(served.logged()) == []


def test_a_wrapped_fastapi_application_is_none_for_fastapi(tmp_path: Path) -> None:
    app: object = WebSocketHandshakeMiddleware(FastAPI())
    for name in ("dependency_overrides", "state", "openapi"):
        assert f"`app.{name}`" in PAGE["FastAPI"]
        assert hasattr(FastAPI(), name)
        assert not hasattr(app, name)
    wrapped = "app = WebSocketHandshakeMiddleware(app)\n"
    assert wrapped.strip() in PAGE["FastAPI"]
    _save(PAGE["FastAPI"], tmp_path)
    main = tmp_path / "main.py"
    added = "app.add_middleware(WebSocketHandshakeMiddleware)\n"
    main.write_text(main.read_text("utf-8").replace(added, wrapped), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "fastapi", "run", main, "--port", str(free_port())],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Could not find FastAPI app in module" in done.stdout
