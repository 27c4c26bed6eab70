"""`Inspector`: an observer that is also an ASGI application, the page that shows it."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ws_handshake.inspector.access import objection
from ws_handshake.inspector.options import Options, path_of
from ws_handshake.inspector.pasted import LIMIT, verdict_on
from ws_handshake.inspector.records import Records
from ws_handshake.inspector.responses import (
    JSON,
    LINES,
    TYPES,
    body_of,
    report,
    respond,
)
from ws_handshake.inspector.stream import stream
from ws_handshake.outcome.observer import Observer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ws_handshake.asgi.scope import ASGIApp, Receive, Scope, Send
    from ws_handshake.outcome.record import HandshakeRecord

STREAM, RECORDS, VERDICT = "/stream", "/records", "/verdict"
METHODS = {STREAM: ("GET",), RECORDS: ("GET", "HEAD"), VERDICT: ("POST",)}

#: How many pages may be open at once.
MOST_STREAMS = 32


class Inspector(Observer):
    """Shows the handshakes of an application on a page, while it is developed.

    It is an observer, and an ASGI application to be mounted:

        inspector = Inspector()
        app.add_middleware(WebSocketHandshakeMiddleware, observers=[inspector])
        app.mount("/_handshakes", inspector)

    Clients on this machine see it, and no others. The page must be opened under an IP
    address, or as localhost.

    Args:
        records: how many handshakes are kept in memory, the newest ones.
        allowed_hosts: more names under which the page may be opened.
        expose_to_network: let every client see it, on whichever machine.

    Raises:
        ValueError: for a wrong option, with a hint.

    """

    def __init__(
        self,
        *,
        records: int = 200,
        allowed_hosts: Sequence[str] = (),
        expose_to_network: bool = False,
    ) -> None:
        """Take the options, and read the files of the page."""
        self._options = Options.of(
            records=records,
            allowed_hosts=allowed_hosts,
            expose_to_network=expose_to_network,
        )
        self._records = Records(records)
        self._files = _static_files()
        self._streams = 0
        self._shutdowns = 0

    def observe(self, record: HandshakeRecord, /) -> None:
        """Keep a handshake; it goes to the open pages a moment later."""
        self._records.add(record)

    def flush(self) -> None:
        """End the live streams: the server is shutting down."""
        self._shutdowns += 1

    def mount(self, app: ASGIApp, path: str = "/_handshakes") -> ASGIApp:
        """Return an application with the inspector at `path`, before `app`.

        It is for frameworks that mount no ASGI application, as Quart. Raises ValueError
        if `path` does not begin with a slash, or ends with one.
        """
        prefix = path_of(path)

        async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
            below = f"{_below(scope)}/" if scope["type"] == "http" else ""
            if below.startswith(f"{prefix}/"):
                inside = {**scope, "root_path": scope.get("root_path", "") + prefix}
                await self(inside, receive, send)
            else:
                await app(scope, receive, send)

        return mounted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request of the page; there is no WebSocket here."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["type"] == "http":
            sentence = objection(scope, self._options)
            if sentence is None:
                await self._respond(scope, receive, send)
            else:
                await report(send, 403, sentence)

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = _below(scope)
        allowed = METHODS.get(path, ("GET", "HEAD") if path in self._files else ())
        if not allowed:
            await report(send, 404, "There is nothing here.")
        elif scope["method"] not in allowed:
            allow = ", ".join(allowed)
            extra = ((b"allow", allow.encode("ascii")),)
            await report(send, 405, f"This responds to {allow}.", extra=extra)
        elif path == VERDICT:
            await self._judge(receive, send)
        elif path == STREAM:
            await self._stream(receive, send)
        elif path == RECORDS:
            lines = "".join(f"{kept.text}\n" for kept in self._records.since(0))
            await respond(send, lines.encode("ascii"), LINES)
        elif (slash := _missing_slash(scope)) and path == "/":
            extra = ((b"location", slash),)
            await report(send, 307, "The page is there.", extra=extra)
        else:
            await respond(send, *self._files[path])

    async def _judge(self, receive: Receive, send: Send) -> None:
        """Judge what was pasted, in a thread: the application must not wait for it."""
        body = await body_of(receive, LIMIT)
        if body is None:
            await report(send, 413, "Paste at most 1 MiB.")
            return
        verdict = await asyncio.to_thread(verdict_on, body)
        await respond(send, json.dumps(verdict).encode("ascii"), JSON)

    async def _stream(self, receive: Receive, send: Send) -> None:
        if self._streams >= MOST_STREAMS:
            await report(send, 503, f"{MOST_STREAMS} pages are open. Close one.")
            return
        shutdowns = self._shutdowns
        self._streams += 1
        try:
            await stream(
                self._records, receive, send, lambda: self._shutdowns > shutdowns
            )
        finally:
            self._streams -= 1


def _below(scope: Scope) -> str:
    """Return the path below the mount, without a slash at its end.

    Some servers and frameworks leave in it what is above; Litestar adds a slash.
    """
    path: str = scope["path"]
    root: str = scope.get("root_path", "").rstrip("/")
    below = path[len(root) :] if f"{path}/".startswith(f"{root}/") else path
    return below.rstrip("/") or "/"


def _missing_slash(scope: Scope) -> bytes | None:
    """Return where the page is, if its address was asked for without the slash.

    The addresses in the page are relative, and so is this one: a proxy may have taken a
    prefix off.
    """
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8")
    last = raw.partition(b"?")[0].rpartition(b"/")[2]
    return b"./%s/" % last if last else None


@cache
def _static_files() -> Mapping[str, tuple[bytes, bytes]]:
    """Return body and type of each file of the page, by its path."""
    found = {
        f"/static/{file.name}": (file.read_bytes(), TYPES[file.name.rpartition(".")[2]])
        for file in (files("ws_handshake.inspector") / "static").iterdir()
    }
    return {"/": found.pop("/static/index.html"), **found}
