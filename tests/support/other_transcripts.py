"""What a user's test suite does with an application, and all that it sees of it."""

from __future__ import annotations

from contextlib import AsyncExitStack, ExitStack
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx
import httpx_ws
import pytest
from httpx_ws import AsyncWebSocketSession, aconnect_ws
from httpx_ws.transport import ASGIWebSocketTransport
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp


def of_test_client(app: ASGIApp) -> dict[str, Any]:
    """Return what Starlette's TestClient sees; FastAPI's is the same."""
    with TestClient(app) as client:
        with client.websocket_connect(
            "/echo?room=1", ["chat", "superchat"], headers={"x-token": "secret"}
        ) as session:
            greeting = session.receive_json()
            session.send_text("hello")
            echoed = session.receive_text()
            with pytest.raises(WebSocketDisconnect) as closed:
                session.receive_text()
        with ExitStack() as stack, pytest.raises(WebSocketDenialResponse) as denied:
            stack.enter_context(client.websocket_connect("/deny"))
        with ExitStack() as stack, pytest.raises(WebSocketDisconnect) as closed_first:
            stack.enter_context(client.websocket_connect("/close"))
        return {
            "echo": {
                "subprotocol": session.accepted_subprotocol,
                "headers": session.extra_headers,
                "greeting": greeting,
                "echoed": echoed,
                "closed": (closed.value.code, closed.value.reason),
            },
            "deny": (
                denied.value.status_code,
                denied.value.text,
                denied.value.headers["x-reason"],
            ),
            "close": (closed_first.value.code, closed_first.value.reason),
            "plain": client.get("/").json(),
        }


async def of_channels(app: ASGIApp) -> list[object]:
    """Return what Channels' WebsocketCommunicator sees."""
    communicator = import_module("channels.testing").WebsocketCommunicator
    seen: list[object] = []
    for arguments, text in (
        ({}, "hello"),
        (
            {
                "subprotocols": ["a", "b"],
                "headers": [(b"origin", b"https://example.com")],
            },
            "again",
        ),
    ):
        client = communicator(app, "/ws/", **arguments)
        seen.append(await client.connect())
        await client.send_to(text_data=text)
        seen.append(await client.receive_from())
        await client.disconnect()
    closing = communicator(app, "/close")
    return [*seen, await closing.connect()]


async def of_httpx_ws(app: ASGIApp) -> list[object]:
    """Return what httpx sees, with the ASGI transport of httpx-ws."""
    seen: list[object] = []
    async with (
        ASGIWebSocketTransport(app) as transport,
        httpx.AsyncClient(transport=transport) as client,
    ):
        url = "http://test/echo?room=1"
        session: AsyncWebSocketSession
        # it takes the comma's space for a part of the second name
        async with aconnect_ws(url, client, subprotocols=["superchat"]) as session:
            greeting = await session.receive_json()
            await session.send_text("hello")
            seen.append((session.subprotocol, greeting, await session.receive_text()))
        async with AsyncExitStack() as stack:
            with pytest.raises(httpx_ws.WebSocketDisconnect) as closed:
                await stack.enter_async_context(aconnect_ws("http://t/close", client))
        seen.append((closed.value.code, closed.value.reason))
        seen.append((await client.get("http://test/")).json())
    return seen
