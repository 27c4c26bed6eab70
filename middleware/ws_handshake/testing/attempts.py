"""An attempt at a handshake with an application, without a server."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ws_handshake.core.grammar import elements
from ws_handshake.testing.handshakes import VALID

if TYPE_CHECKING:
    from ws_handshake.asgi.scope import ASGIApp, Message, Scope
    from ws_handshake.testing.handshakes import Handshake, Header

# How long an application may take to respond, and to end once its client has gone.
_SECONDS = 10.0
_ENDING_SECONDS = 1.0

_DECISIVE = frozenset(
    [
        *("websocket.accept", "websocket.close"),
        *("http.response.start", "websocket.http.response.start"),
    ]
)
_FINAL = frozenset(["websocket.accept", "websocket.close"])


def attempt(
    app: ASGIApp,
    handshake: Handshake = VALID,
    **scope: Any,  # noqa: ANN401  (what ASGI has in a scope)
) -> Response:
    """Send a wrapped application a handshake, as a server with our protocol class does.

    Args:
        app: the application.
        handshake: what to send.
        scope: changes of its scope: `scheme="wss"`, `client=("192.0.2.1", 1)`.

    Returns:
        What the client gets.

    Raises:
        RuntimeError: in a running event loop; await `attempt_async` there.
        TimeoutError: if the application takes longer than ten seconds.

    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(attempt_async(app, handshake, **scope))
    raise RuntimeError(
        "attempt() was called in a running event loop; there, await attempt_async()."
    )


async def attempt_async(
    app: ASGIApp,
    handshake: Handshake = VALID,
    **scope: Any,  # noqa: ANN401  (ditto)
) -> Response:
    """Do what `attempt` does, in the event loop that runs.

    What the application raises before it has responded is raised here; once it has, its
    client goes, and it may end as it likes.

    Args:
        app: the application.
        handshake: what to send.
        scope: changes of its scope.

    Returns:
        What the client gets.

    Raises:
        TimeoutError: if the application takes longer than ten seconds.

    """
    sent = handshake.scope(**scope)
    server = _Server(sent, handshake.body)
    running = asyncio.ensure_future(_run(app, sent, server))
    responded = asyncio.ensure_future(server.responded.wait())
    try:
        await asyncio.wait(
            {running, responded}, timeout=_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if not server.responded.is_set():
            await _without_response(running)
        await asyncio.wait({running}, timeout=_ENDING_SECONDS)
    finally:
        for task in (running, responded):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
    return _response(server.sent, upgraded=200 if handshake.head().is_http2() else 101)


async def _run(app: ASGIApp, scope: Scope, server: _Server) -> None:
    await app(scope, server.receive, server.send)


async def _without_response(running: asyncio.Future[None]) -> None:
    """Raise what an application raised instead, or that it takes too long.

    For one that just returned its server responds, with 500.
    """
    if not running.done():
        raise TimeoutError(f"The application did not respond within {_SECONDS:g} s.")
    await running


@dataclass(frozen=True)
class Response:
    """What the client gets: 101, a rejection, or the response to a plain request.

    Attributes:
        status: the status; 403 where the application closed without a response.
        headers: names in lower case, and values, in bytes.
        body: the body.
        accepted: whether the WebSocket was opened.
        subprotocol: the subprotocol that the application chose, if any.

    """

    status: int
    headers: tuple[Header, ...] = ()
    body: bytes = b""
    accepted: bool = False
    subprotocol: str | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in WebSocket-Handshake-Error; none if the response is not ours."""
        named = dict(self.headers).get(b"websocket-handshake-error", b"")
        return tuple(code.decode("ascii") for code in elements(named))

    @property
    def problem(self) -> Any:  # noqa: ANN401  (JSON)
        """The body of a rejection, parsed (RFC 9457)."""
        return json.loads(self.body)


class _Server:
    """The server's end of one connection, with no network behind it."""

    def __init__(self, scope: Scope, body: bytes) -> None:
        websocket = scope["type"] == "websocket"
        opening: Message = {"type": "websocket.connect"}
        request: Message = {"type": "http.request", "body": body, "more_body": False}
        self._opening = [opening if websocket else request]
        self._gone = "websocket.disconnect" if websocket else "http.disconnect"
        self.sent: list[Message] = []
        self.responded = asyncio.Event()

    async def receive(self) -> Message:
        """Hand the request over; once it gets a response, the client goes."""
        if self._opening:
            return self._opening.pop()
        await self.responded.wait()
        return {"type": self._gone, "code": 1001, "reason": ""}

    async def send(self, message: Message) -> None:
        """Take what the application sends, until the response is whole."""
        kind = message["type"]
        self.sent.append(message)
        ends = kind.endswith("response.body") and not message.get("more_body", False)
        if ends or kind in _FINAL:
            self.responded.set()


def _response(sent: list[Message], *, upgraded: int) -> Response:
    """Return what a server makes of an application's messages."""
    first = next((m for m in sent if m["type"] in _DECISIVE), None)
    if first is None:
        return Response(500)
    if first["type"] == "websocket.close":
        return Response(403)
    headers = tuple((bytes(name), bytes(v)) for name, v in first.get("headers", ()))
    if first["type"] == "websocket.accept":
        chosen = first.get("subprotocol")
        return Response(upgraded, headers, accepted=True, subprotocol=chosen)
    body = b"".join(m["body"] for m in sent if "body" in m)
    return Response(first["status"], headers, body)
