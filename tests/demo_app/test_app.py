"""The demo for any ASGI server."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

if TYPE_CHECKING:
    import pytest


def test_the_application_is_importable_and_reads_its_port_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "8042")
    app = importlib.import_module("demo_app.app").app
    reported = TestClient(app).get("/ws").json()
    assert reported["type"] == "http://127.0.0.1:8042/reasons/not_a_handshake"
