"""A rejection as ASGI messages: the response to a request, or a WebSocket's denial."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ws_handshake.asgi.scope import speaks_http1, takes_denials
from ws_handshake.outcome.problem import Response, render

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import Message, Scope, Send
    from ws_handshake.outcome.rejection import Rejection

# RFC 6455 section 7.4.1; no client gets it, for the connection is not open yet.
_POLICY_VIOLATION = 1008


async def respond(scope: Scope, send: Send, rejection: Rejection) -> None:
    """Respond to an `http` scope; HEAD gets no body (RFC 9110 section 9.3.2)."""
    response = render(rejection, http1=speaks_http1(scope))
    await send(_start("http.response.start", response))
    body = b"" if scope.get("method") == "HEAD" else response.body
    await send({"type": "http.response.body", "body": body})


async def deny(scope: Scope, send: Send, rejection: Rejection) -> None:
    """Reject a `websocket` scope, as far as its server can (ASGI, denial response)."""
    if not takes_denials(scope):
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        return
    response = render(rejection, http1=speaks_http1(scope))
    await send(_start("websocket.http.response.start", response))
    await send({"type": "websocket.http.response.body", "body": response.body})
    await _let_the_connection_close()


def _start(kind: str, response: Response) -> Message:
    return {"type": kind, "status": response.status, "headers": list(response.headers)}


async def _let_the_connection_close() -> None:
    """Yield once: uvicorn's sansio else logs an ERROR for every denial it sent.

    Under another event loop than asyncio's there is no uvicorn.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    await asyncio.sleep(0)
