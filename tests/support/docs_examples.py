"""The examples in the documentation, and a server that responds to them.

The server is uvicorn, with our protocol class or without, and the network is faked.
HTTP/2, which uvicorn does not speak, is a fake at the ASGI boundary.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from structlog.testing import capture_logs
from uvicorn.config import Config
from uvicorn.server import ServerState

from tests.support.wires import ROOT, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ws_handshake.asgi.scope import ASGIApp, Message, Receive, Scope, Send

CLIENT = ("203.0.113.9", 51544)
DOCS = ROOT / "docs"
PROTOCOL = "ws_handshake.uvicorn:H11Protocol"

_fence = re.compile(r"(?ms)^```(\w+)(?: title=\"([\w ]+)\")?\n(.*?)^```$")
_table = re.compile(r"(?m)(?:^\|.*\|\n)+")
_heading = re.compile(r"(?m)^## (.+)$")
_field = re.compile(r"(?m)^(:?[\w-]+): (.*)$")
_times = re.compile(rb"\[(.) ([0-9]+) times\]")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its title, and what is in it."""

    language: str
    title: str | None
    text: str
    line: int


def blocks(markdown: str) -> list[Block]:
    """Return the fenced blocks of a page, in their order."""
    return [
        Block(m[1], m[2], m[3], markdown.count("\n", 0, m.start()) + 1)
        for m in _fence.finditer(markdown)
    ]


def sections(markdown: str) -> dict[str, str]:
    """Return what stands under each heading of the second level; "" is the top."""
    found = [(m.start(), m.end(), m[1]) for m in _heading.finditer(markdown)]
    edges = [(0, 0, ""), *found, (len(markdown), 0, "")]
    return {
        name: markdown[begin:end].strip()
        for (_, begin, name), (end, _, _) in pairwise(edges)
    }


def table(path: Path, heading: str, number: int = 0) -> list[list[str]]:
    """Return the rows of a table under a heading, without its head."""
    text = path.read_text(encoding="utf-8")
    part = re.split(rf"(?m)^#+ {heading}$", text)[1]
    rows = [line.split("|")[1:-1] for line in _table.findall(part)[number].splitlines()]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def together(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return rows of which those that differ in the first cell alone are one."""
    names: dict[tuple[str, ...], list[str]] = {}
    for name, *rest in rows:
        names.setdefault(tuple(rest), []).append(name)
    return [["; ".join(group), *rest] for rest, group in names.items()]


def apart(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return a row for each name in the first cell: the reverse of `together`."""
    return [[name, *rest] for names, *rest in rows for name in names.split("; ")]


def renewed(path: Path, shown: str, wanted: str) -> str:
    """Return what a page shows; with RENEW=1 write `wanted` in its place first."""
    if os.environ.get("RENEW") != "1":
        return shown
    page = path.read_text(encoding="utf-8")
    path.write_text(page.replace(shown, wanted, 1), encoding="utf-8")
    return wanted


def request_bytes(text: str) -> bytes:
    """Return a request as it goes over the network; `[x 3 times]` is `xxx`."""
    spelt = _times.sub(lambda m: m[1] * int(m[2]), text.encode("ascii"))
    head, _, body = spelt.rstrip(b"\n").partition(b"\n\n")
    return head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + body


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Accept every WebSocket, and respond with 404 to what is none."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
    else:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@dataclass(frozen=True)
class Outcome:
    """What a client gets, and what the log gets."""

    response: Response
    logged: Sequence[Mapping[str, Any]]

    @property
    def problem(self) -> Any:
        """The body, parsed."""
        return json.loads(self.response.body)

    @property
    def log_line(self) -> dict[str, Any]:
        """The one event in the log, with the level as `add_log_level` names it."""
        # another says, once a process, that uvicorn uses its own protocol class
        (event,) = [e for e in self.logged if "protocol" not in e["event"]]
        return {"level" if k == "log_level" else k: v for k, v in event.items()}


def outcome(
    app: ASGIApp,
    request: str | bytes,
    *,
    http: str = PROTOCOL,
    ws: str = "wsproto",
    root_path: str = "",
) -> Outcome:
    """Ask `app` under uvicorn, or over HTTP/2, what stands in a block."""
    text = "" if isinstance(request, bytes) else request
    data = request if isinstance(request, bytes) else request_bytes(request)
    config = Config(
        app,
        http=http,
        ws=ws,
        root_path=root_path,
        lifespan="off",
        log_config=None,
    )
    with capture_logs() as logged:
        asked = (
            _over_http2(app, text)
            if text.startswith(":method:")
            else _under_uvicorn(config, data)
        )
        raw = asyncio.run(asked)
    return Outcome(Response(raw, "closed"), logged)


class _Network(asyncio.Transport):
    """Keeps what a server writes."""

    def __init__(self) -> None:
        super().__init__({"peername": CLIENT, "sockname": ("127.0.0.1", 8000)})
        self.written = b""
        self.upgraded: Any = None
        self._closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def close(self) -> None:
        self._closing = True

    def is_closing(self) -> bool:
        return self._closing

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.upgraded = protocol

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def _under_uvicorn(config: Config, data: bytes) -> bytes:
    config.load()
    server, network = ServerState(), _Network()
    protocol: Any = config.http_protocol_class
    connection = protocol(config=config, server_state=server, app_state={})
    connection.connection_made(network)
    connection.data_received(data)
    while server.tasks:
        await asyncio.wait(server.tasks, timeout=0.05)
        if network.upgraded and b"\r\n\r\n" in network.written:
            # an application that serves on would wait for messages
            network.upgraded.connection_lost(None)
            network.upgraded = None
    connection.connection_lost(None)
    return network.written


async def _over_http2(app: ASGIApp, text: str) -> bytes:
    """Ask with the scope that hypercorn makes of these fields."""
    fields = _field.findall(text)
    pseudo = {name[1:]: value for name, value in fields if name.startswith(":")}
    headers = [(b"host", pseudo["authority"].encode())]
    headers += [(n.encode(), v.encode()) for n, v in fields if not n.startswith(":")]
    websocket = pseudo.get("protocol") == "websocket"
    scope: dict[str, Any] = {
        "type": "websocket" if websocket else "http",
        "http_version": "2",
        "method": pseudo["method"],
        "scheme": pseudo["scheme"],
        "path": pseudo["path"],
        "headers": headers,
        "client": CLIENT,
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return _written(sent)


def _written(sent: list[Message]) -> bytes:
    """Write what an application sent as if it were HTTP/1.1, to read it in one way."""
    first, *rest = sent
    if first["type"] == "websocket.accept":
        return b"HTTP/1.1 200 OK\r\n\r\n"
    lines = [b"HTTP/1.1 %d " % first["status"]]
    lines += [name + b": " + value for name, value in first["headers"]]
    body = b"".join(message["body"] for message in rest)
    return b"\r\n".join([*lines, b"", body])
