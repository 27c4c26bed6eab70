"""A port that passes every connection on, and keeps what was sent to the server."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from demo_app.settings import HOST

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

_MOST = 65_536


class Tap:
    """Stands between nginx and a server; it listens when it is needed."""

    def __init__(self, target: int) -> None:
        """Take the server's port."""
        self._target = target
        self._server: asyncio.Server | None = None
        self._heard: dict[str, bytearray] = {}

    async def port(self) -> int:
        """Return the port that leads to the server."""
        if self._server is None:
            self._server = await asyncio.start_server(self._pass_on, HOST, 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def heard_from(self, source: str) -> bytes:
        """Return what the last connection from an address sent, and forget it."""
        return bytes(self._heard.pop(source, b""))

    def end(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.close()

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        source: str = writer.get_extra_info("peername")[0]
        heard = self._heard[source] = bytearray()
        with suppress(OSError):
            server, to_server = await asyncio.open_connection(
                HOST, self._target, local_addr=(source, 0)
            )
            await asyncio.gather(
                _copy(reader, to_server, heard), _copy(server, writer, bytearray())
            )
        writer.close()


async def _copy(reader: StreamReader, writer: StreamWriter, kept: bytearray) -> None:
    """Copy until there is no more; `kept` gets the first of it."""
    with suppress(ConnectionError):
        while data := await reader.read(_MOST):
            kept += data[: _MOST - len(kept)]
            writer.write(data)
            await writer.drain()
    writer.close()
