"""The demo as an application, for any ASGI server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from demo_app.app import create_app

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def reasons_of(app: ASGIApp) -> str:
    """Return where the pages of the reasons are, as a rejection names it."""
    link: str = TestClient(app).get("/ws").json()["type"]
    return link.removesuffix("/not_a_handshake")


def test_the_application_is_made_for_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reasons_of(create_app(8042)) == "http://127.0.0.1:8042/reasons"
    monkeypatch.setenv("PORT", "8043")
    assert reasons_of(create_app()) == "http://127.0.0.1:8043/reasons"
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(ValueError, match=r"^PORT is 'http'"):
        create_app()
