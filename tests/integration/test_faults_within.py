"""Faults around a rejection: a client hangs up, a send raises, a task is cancelled."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.support.faults import BROKEN, observed_server, on_every_server, reset
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from tests.support.faults import Around, Setup
    from ws_handshake.asgi.scope import ASGIApp, Message, Receive, Scope, Send

pytestmark = on_every_server

KEYLESS, ELSEWHERE = BROKEN["key_missing"], BROKEN["origin_not_allowed"]
REJECTED_BY_US = {"key_missing": KEYLESS, "origin_not_allowed": ELSEWHERE}
_IN_UVICORN = ("uvicorn.error: Exception in ASGI application\n",)


def once_gone(app: ASGIApp) -> ASGIApp:
    """Call the application for broken ones only when the client has hung up."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        gone = {"http.disconnect", "websocket.disconnect"}
        if _is_marked(scope):
            while (await receive())["type"] not in gone:
                pass
        await app(scope, receive, send)

    return around


def _is_marked(scope: Scope) -> bool:
    return str(scope["path"]) == "/marked"


class Interrupted:
    """Lets a marked request send its head, and its body when the client has gone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"].endswith(".body") and _is_marked(scope):
                while not (await receive())["type"].endswith(".disconnect"):
                    pass
            await send(message)

        await self._app(scope, receive, sending)


@pytest.mark.parametrize("around", [once_gone, Interrupted])
def test_a_client_that_hangs_up_before_or_during_the_rejection_is_reported_once(
    setup: Setup, around: Around
) -> None:
    expected: list[tuple[str, ...]] = []
    with observed_server(setup, around=around) as server:
        for code, handshake in REJECTED_BY_US.items():
            for hang_up in (reset, lambda connection: connection.close()):
                expected.append((code,))
                connection = server.call()
                connection.sendall(handshake.asked(target=b"/marked").wire())
                hang_up(connection)
                wait_until(
                    lambda: len(expected) == len(server.recorder.codes),
                    server.recorder.records.copy,
                    20,
                )
                server.wait_until_idle()
        assert server.recorder.codes == expected
        assert server.echo.scopes == []


def failing_at(number: int) -> Around:
    """Let `send` raise for a marked request, at its first or second message."""

    def around(app: ASGIApp) -> ASGIApp:
        async def marked(scope: Scope, receive: Receive, send: Send) -> None:
            numbers = count()

            async def sending(message: Message) -> None:
                if _is_marked(scope) and next(numbers) == number:
                    raise OSError("the transport is gone")
                await send(message)

            await app(scope, receive, sending)

        return marked

    return around


@pytest.mark.parametrize("number", [0, 1])
def test_a_rejection_whose_send_raises_is_reported_once_and_nothing_is_left(
    setup: Setup, number: int
) -> None:
    # the exception goes to the caller of the middleware: uvicorn, which logs it
    with observed_server(
        setup, around=failing_at(number), expects=_IN_UVICORN
    ) as server:
        for code, handshake in REJECTED_BY_US.items():
            response = server.ask(handshake.asked(target=b"/marked").wire())
            assert response.status in {None, 500} if number == 0 else {None, 400, 403}
            assert server.recorder.codes[-1] == (code,)
        assert len(server.recorder.codes) == len(REJECTED_BY_US)
        assert server.echo.scopes == []


def cancelled_while_sending(app: ASGIApp) -> ASGIApp:
    """Cancel a marked request in the middle of its rejection, as a timeout does."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        stuck = asyncio.Event()

        async def sending(message: Message) -> None:
            if not _is_marked(scope):
                await send(message)
                return
            stuck.set()
            await asyncio.Event().wait()

        task = asyncio.ensure_future(app(scope, receive, sending))
        if _is_marked(scope):
            await stuck.wait()
            task.cancel()
        await task

    return around


def test_a_rejection_whose_task_is_cancelled_is_reported_once(
    setup: Setup,
) -> None:
    around = cancelled_while_sending
    with observed_server(setup, around=around, expects=_IN_UVICORN) as server:
        for code, handshake in REJECTED_BY_US.items():
            response = server.ask(handshake.asked(target=b"/marked").wire())
            assert response.status in {None, 500}
            assert server.recorder.codes[-1] == (code,)
        assert len(server.recorder.codes) == len(REJECTED_BY_US)
        assert server.echo.scopes == []
