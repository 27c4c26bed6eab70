"""The same application under uvicorn alone: no middleware, uvicorn's own protocol."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import pytest

from demo_app.inspector.trials.exchange import ask
from demo_app.inspector.trials.uvicorn_alone import UvicornAlone
from tests.support.docs_examples import application
from tests.support.handshakes import ACCEPT, VALID
from tests.support.sse import play

if TYPE_CHECKING:
    from demo_app.inspector.trials.uvicorn_alone import WebSockets


@pytest.mark.parametrize(
    ("library", "status"), [("wsproto", 101), ("websockets-sansio", 400)]
)
def test_it_serves_the_bare_application_on_a_port_of_its_own(
    library: WebSockets, status: int
) -> None:
    async def visit() -> None:
        alone = UvicornAlone(application, library)
        port = await alone.port()
        response = await ask(port, VALID.but(b"sec-websocket-key", b"AAAA").wire())
        assert response.status == status
        assert (await ask(port, VALID.without(b"upgrade").wire())).status == 404
        assert ACCEPT.encode() in (await ask(port, VALID.wire())).data
        assert await alone.port() == port
        await alone.end()
        nothing = f"Nothing listens on 127.0.0.1:{port}."
        assert (await ask(port, VALID.wire())).note == nothing

    play(visit())


def test_what_was_not_started_need_not_end() -> None:
    asyncio.run(UvicornAlone(application, "wsproto").end())


def test_the_signals_of_the_process_stay_with_the_server_that_runs_it() -> None:
    async def visit() -> None:
        before = [signal.getsignal(number) for number in (2, 15)]
        alone = UvicornAlone(application, "wsproto")
        await ask(await alone.port(), VALID.wire())
        assert [signal.getsignal(number) for number in (2, 15)] == before
        await alone.end()

    play(visit())
