"""Which server runs in the event loop, and whether it shuts down."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import pytest
from uvicorn import Config, Server

from tests.support.asgi import Spy
from tests.support.sse import until
from ws_handshake.inspector.shutdown import server_that_runs_here

if TYPE_CHECKING:
    from collections.abc import Coroutine

CONFIG = Config(Spy(), port=0, lifespan="off", log_config=None)


async def found_beside(server: Server) -> object:
    """Return what is found while a server runs, and end it."""
    await until(lambda: server.started)
    found = server_that_runs_here()
    server.should_exit = True
    return found


@pytest.mark.parametrize("depth", [0, 1, 5])
def test_a_uvicorn_is_found_however_it_was_started(depth: int) -> None:
    async def run() -> None:
        server = Server(CONFIG)
        serving = server.serve()
        for _ in range(depth):
            serving = _waiting(serving)
        found, _ = await asyncio.gather(found_beside(server), serving)
        assert found is server

    asyncio.run(run())


async def _waiting(inner: Coroutine[Any, Any, None]) -> None:
    await inner


def test_without_uvicorn_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found() -> object:
        return server_that_runs_here()

    assert asyncio.run(found()) is None
    monkeypatch.delitem(sys.modules, "uvicorn.server")
    assert asyncio.run(found()) is None


def test_a_task_that_is_endlessly_deep_is_left_alone() -> None:
    async def deep(depth: int) -> None:
        if depth:
            await deep(depth - 1)
        await asyncio.sleep(0)

    async def run() -> object:
        task = asyncio.create_task(deep(100))
        await asyncio.sleep(0)
        found = server_that_runs_here()
        await task
        return found

    assert asyncio.run(run()) is None
