"""gunicorn's worker serves with our protocol, or is rejected when it starts."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handshakes import VALID
from tests.support.wires import ask, serving
from ws_handshake import gunicorn
from ws_handshake.core.request import KEY

if TYPE_CHECKING:
    from pathlib import Path


def test_the_worker_serves_with_our_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    assert served_with(gunicorn.protocol.ASGIProtocol, monkeypatch) is (
        gunicorn.ASGIProtocol
    )


def test_a_protocol_of_somebody_else_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = type("Theirs", (gunicorn.protocol.ASGIProtocol,), {})
    assert served_with(theirs, monkeypatch) is theirs


def served_with(protocol: type, monkeypatch: pytest.MonkeyPatch) -> object:
    """Return the protocol that gunicorn uses, where `protocol` is its own."""
    used = []
    monkeypatch.setattr(gunicorn.gasgi, "ASGIProtocol", protocol)
    monkeypatch.setattr(
        gunicorn.gasgi.ASGIWorker,
        "run",
        lambda _: used.append(gunicorn.gasgi.ASGIProtocol),
    )
    worker: Any = object.__new__(gunicorn.ASGIWorker)
    worker.run()
    (found,) = used
    return found


@pytest.mark.parametrize("module", ["gunicorn.asgi.protocol", "gunicorn.workers.gasgi"])
def test_a_gunicorn_without_an_asgi_worker_is_refused_at_the_start(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        ValueError, match=r"^gunicorn 23\.0 has no ASGI worker; install"
    ):
        imported_under("23.0", monkeypatch)


@pytest.mark.parametrize("name", sorted(gunicorn._OVERRIDDEN))
def test_a_gunicorn_that_decides_elsewhere_is_refused_at_the_start(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(gunicorn.protocol.ASGIProtocol, name)
    with pytest.raises(ValueError, match=r"^gunicorn 99\.0 decides elsewhere what is"):
        imported_under("99.0", monkeypatch)


def imported_under(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Import our module anew, under a gunicorn that says it is of this version."""
    monkeypatch.setattr(importlib.metadata, "version", lambda _: version)
    monkeypatch.delitem(sys.modules, "ws_handshake.gunicorn")
    importlib.import_module("ws_handshake.gunicorn")


PROGRAM = """\
from fastapi import FastAPI, WebSocket
from ws_handshake import WebSocketHandshakeMiddleware

app = FastAPI()
app.add_middleware(WebSocketHandshakeMiddleware)


@app.websocket("/ws")
async def endpoint(websocket: WebSocket) -> None:
    await websocket.accept()
"""


def test_two_workers_find_the_middleware_within_fastapi(tmp_path: Path) -> None:
    (tmp_path / "within.py").write_text(PROGRAM, encoding="utf-8")
    command = (
        *("gunicorn", "within:app", "--pythonpath", str(tmp_path), "--workers", "2"),
        *("--bind", "127.0.0.1:{port}", "--graceful-timeout", "2"),
        *("--worker-class", "ws_handshake.gunicorn.ASGIWorker"),
    )
    with serving(command, tmp_path / "log") as server:
        for _ in range(4):
            assert ask(server.port, VALID.wire()).status == 101
            keyless = ask(server.port, VALID.without(KEY).wire())
            assert (keyless.status, keyless.codes) == (400, ("key_missing",))
            assert keyless.ending == "closed"
