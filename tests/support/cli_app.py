"""An application that does at each path one thing that a probe can meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Receive, Scope, Send

PAGE = b"<!doctype html><title>An app of one page</title>"


async def bare(
    scope: Scope, receive: Receive, send: Send
) -> None:  # pragma: no cover  (in a process of its own)
    """Serve WebSockets by their path, and one page to every plain request."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        length = b"%d" % len(PAGE)
        headers = [(b"content-type", b"text/html"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": PAGE})
    else:
        await receive()
        for message in RESPONSES.get(scope["path"], [ACCEPT]):
            await send(message)
        while (await receive())["type"] != "websocket.disconnect":
            pass


async def _live(
    receive: Receive, send: Send
) -> None:  # pragma: no cover  (in a process of its own)
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


ACCEPT: dict[str, Any] = {"type": "websocket.accept"}
RESPONSES: dict[str, list[dict[str, Any]]] = {
    "/denied": [{"type": "websocket.close"}],
    "/leaves": [ACCEPT, {"type": "websocket.close", "code": 4401, "reason": "expired"}],
    "/talks": [ACCEPT, {"type": "websocket.send", "text": "hello"}],
}

#: With our middleware.
app = WebSocketHandshakeMiddleware(bare)
