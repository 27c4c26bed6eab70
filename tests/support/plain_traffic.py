"""Plain requests and an application that plays a script, through one way of serving."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h11
from uvicorn import Config
from uvicorn.lifespan.on import LifespanOn

from tests.support.protocols import OWN, Line, connected, serving_line, settled
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send

    # A way to serve an application on one of uvicorn's own protocol classes.
    Way = Callable[[type[asyncio.Protocol], ASGIApp], Coroutine[Any, Any, Line]]

#: What had been written, and whether the connection was closed or what had been raised.
Look = tuple[bytes, bool | str]


@dataclass(frozen=True)
class Script:
    """What an application does with a request, a step for a step.

    `reads` is how often it receives first; `ending` is "valid", "endless" (more body is
    announced and never comes), "raises" (after the head) or "silent".
    """

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    reads: int
    chunks: tuple[Any, ...]
    pauses: tuple[str, ...]
    ending: str

    async def respond(
        self, gate: asyncio.Event, _scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Play it; a pause that is "long" lasts until the gate is open."""
        pauses = iter(self.pauses)
        for _ in range(self.reads):
            await receive()
        if self.ending == "silent":
            return
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": self.headers,
            }
        )
        await _pause(next(pauses, "none"), gate)
        if self.ending == "raises":
            raise RuntimeError
        for at, chunk in enumerate(self.chunks, 1):
            more = at < len(self.chunks) or self.ending == "endless"
            body = {"type": "http.response.body", "body": chunk, "more_body": more}
            await send(body)
            await _pause(next(pauses, "none"), gate)


async def _pause(kind: str, gate: asyncio.Event) -> None:
    if kind == "turn":
        await asyncio.sleep(0)
    elif kind == "long":
        await gate.wait()


@dataclass(frozen=True)
class Exchange:
    """What a client sends, in which pieces, and what the application makes of it.

    Each request gets the next of the scripts, and the last of them when they are over.
    After so many segments, `opens`, the gate is opened; at the end it is in any case.
    `end` is what happens then: "shutdown" of the server, the "client" goes, or "none".
    """

    segments: Sequence[bytes]
    scripts: Sequence[Script]
    end: str = "none"
    opens: int = -1

    async def looks(self, way: Way, own: type[asyncio.Protocol]) -> list[Look]:
        """Return what had been written by uvicorn's class, or ours, at each step."""
        gate, scripts = asyncio.Event(), list(self.scripts)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await receive()
                await send({"type": "lifespan.startup.complete"})
                return
            script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
            await script.respond(gate, scope, receive, send)

        line = await way(own, app)
        looks: list[Look] = []
        for at, segment in enumerate(self.segments):
            if at == self.opens:
                gate.set()
            looks.append(await _received(line, segment))
        if self.end == "shutdown":
            with suppress(h11.LocalProtocolError):  # where h11 has given up before
                line.protocol.shutdown()
        elif self.end == "client":
            line.close()
        looks.append(await _look(line))
        gate.set()
        looks.append(await _look(line))
        line.close()
        await settled()
        return looks


async def _received(line: Line, segment: bytes) -> Look:
    if line.is_closing():
        return await _look(line)
    try:
        line.protocol.data_received(segment)
    except h11.LocalProtocolError as error:  # asyncio ends the connection then
        line.close()
        written, _ = await _look(line)
        return written, repr(error)
    return await _look(line)


async def _look(line: Line) -> Look:
    await settled()
    return line.written, line.is_closing()


async def bare(own: type[asyncio.Protocol], app: ASGIApp) -> Line:
    """Serve it by uvicorn's own class."""
    return connected(own, app)


async def chosen(own: type[asyncio.Protocol], app: ASGIApp) -> Line:
    """Serve it behind the middleware by our class, as `--http` has it."""
    (ours,) = (ours for ours, theirs in OWN.items() if theirs is own)
    return connected(ours, WebSocketHandshakeMiddleware(app))


async def installed(own: type[asyncio.Protocol], app: ASGIApp) -> Line:
    """Serve it behind the middleware, which installs our class in the lifespan."""
    whole = WebSocketHandshakeMiddleware(app)
    config = Config(whole, http=own, ws="wsproto", lifespan="on", log_config=None)
    config.load()
    await LifespanOn(config).startup()
    if config.http_protocol_class is own:
        raise AssertionError
    return serving_line(config)


#: By what is compared with uvicorn alone.
WAYS = {"chosen": chosen, "installed": installed}
