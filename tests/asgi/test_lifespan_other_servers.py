"""Under another server than uvicorn the middleware says once what it needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from ws_handshake.asgi import lifespan
from ws_handshake.asgi.lifespan import introduce

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _first_warnings() -> Iterator[None]:
    """Let each test be the first in its process."""
    lifespan._warn_once.cache_clear()
    yield
    lifespan._warn_once.cache_clear()


def test_uvicorn_that_shows_no_protocol_class_is_left_alone() -> None:
    class Elsewhere:
        async def receive(self) -> Any:
            raise AssertionError

    Elsewhere.__module__ = "uvicorn.lifespan.on"
    with capture_logs() as events:
        introduce(Elsewhere(), {"type": "lifespan"}, Elsewhere().receive, print)
    assert events == []


def _granian() -> Any:
    async def receive() -> Any:
        raise AssertionError

    receive.__module__ = "granian.asgi"
    return receive


@pytest.mark.parametrize("kind", ["lifespan", "http", "websocket"])
def test_another_server_is_named_once_with_what_to_do(kind: str) -> None:
    with capture_logs() as events:
        for _ in range(2):
            introduce(object, {"type": kind}, _granian(), print)
    hint = (
        "granian responds to some broken handshakes, without a reason, before the "
        "application sees them; it has no place for the check; to have it, use "
        "uvicorn, Hypercorn or gunicorn"
    )
    assert events == [
        {
            "event": "websocket.handshake.protocol_not_installed",
            "log_level": "warning",
            "hint": hint,
        }
    ]


def test_nothing_is_reported_where_what_another_server_needs_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receive = _granian()
    receive.__module__ = "hypercorn.asyncio.lifespan"
    monkeypatch.setitem(sys.modules, "ws_handshake.hypercorn", sys)
    with capture_logs() as events:
        introduce(object, {"type": "lifespan"}, receive, print)
        assert events == []
        monkeypatch.delitem(sys.modules, "ws_handshake.hypercorn")
        introduce(object, {"type": "lifespan"}, receive, print)
    assert [event["event"].split(".")[-1] for event in events] == [
        "protocol_not_installed"
    ]


def test_a_scope_that_is_none_breaks_nothing() -> None:
    with capture_logs() as events:
        introduce(object, {"type": "http", "headers": 1}, None, None)
    assert events == []
