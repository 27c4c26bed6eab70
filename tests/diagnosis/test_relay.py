"""A real relay that copies a client's headers onto a handshake of its own.

It is the one of the page of the cause, before and after, on websockets' real client.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import websockets
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from tests.support.asgi import RecordingObserver
from tests.support.cause_examples import parts_of
from tests.support.docs_examples import application, blocks
from tests.support.inside import running
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from websockets.asyncio.server import ServerConnection

    Dial = Callable[[str, Any], Awaitable[Any]]

DIALS = [
    block.text
    for block in blocks(parts_of("relay_copied_handshake")["The fix"])
    if block.language == "python"
]


def _dial(text: str) -> Dial:
    namespace: dict[str, Any] = {"websockets": websockets}
    exec(compile(text, "relay_copied_handshake.md", "exec"), namespace)  # noqa: S102  (ours)
    dial: Dial = namespace["dial"]
    return dial


async def _relayed(dial: Dial, upstream: int) -> str:
    """Connect through a relay; return what became of its own handshake."""
    became: list[str] = []

    async def relay(client: ServerConnection) -> None:
        assert client.request is not None
        try:
            await (
                await dial(f"ws://127.0.0.1:{upstream}/ws", client.request.headers)
            ).close()
            became.append("accepted")
        except websockets.InvalidStatus as rejected:
            became.append(str(rejected.response.status_code))

    async with serve(relay, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}/ws") as client:
            await client.wait_closed()
    return became[0]


@pytest.mark.parametrize(
    ("text", "became", "causes"),
    [
        (DIALS[0], "400", [("relay_copied_handshake", "very_likely")]),
        (DIALS[1], "accepted", []),
    ],
    ids=["before", "after"],
)
def test_a_relay_is_named_until_it_leaves_the_handshake_out(
    text: str, became: str, causes: list[tuple[str, str]]
) -> None:
    recorder = RecordingObserver()
    app = WebSocketHandshakeMiddleware(application, observers=[recorder])
    with running(app, http="ws_handshake.uvicorn:AutoHTTPProtocol") as upstream:
        assert asyncio.run(_relayed(_dial(text), upstream)) == became

    (record,) = recorder.records
    named = record.rejection.causes if record.rejection else ()
    assert [(cause.code, str(cause.certainty)) for cause in named] == causes
