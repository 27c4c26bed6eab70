"""The application without the middleware and the protocol class: what uvicorn does alone."""

from __future__ import annotations

import asyncio
import signal

from demo_app.inspector.trials.exchange import ask
from demo_app.inspector.trials.uvicorn_alone import Unguarded
from tests.support.docs_examples import application
from tests.support.handshakes import ACCEPT, VALID
from tests.support.live_pages import play


def test_it_serves_the_bare_application_on_a_port_of_its_own() -> None:
    async def visit() -> None:
        unguarded = Unguarded(application)
        port = await unguarded.port()
        response = await ask(port, VALID.but(b"sec-websocket-key", b"AAAA").wire())
        assert response.status == 101
        assert (await ask(port, VALID.without(b"upgrade").wire())).status == 404
        assert ACCEPT.encode() in (await ask(port, VALID.wire())).data
        assert await unguarded.port() == port
        await unguarded.end()
        nobody = f"Nobody listens on 127.0.0.1:{port}."
        assert (await ask(port, VALID.wire())).note == nobody

    play(visit())


def test_what_was_not_started_need_not_end() -> None:
    asyncio.run(Unguarded(application).end())


def test_the_signals_of_the_process_stay_with_the_server_that_runs_it() -> None:
    async def visit() -> None:
        before = [signal.getsignal(number) for number in (2, 15)]
        unguarded = Unguarded(application)
        await ask(await unguarded.port(), VALID.wire())
        assert [signal.getsignal(number) for number in (2, 15)] == before
        await unguarded.end()

    play(visit())
