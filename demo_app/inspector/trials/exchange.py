"""One request over a raw socket, and what comes back: a response, or how it failed."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo_app.settings import HOST

if TYPE_CHECKING:
    from asyncio import StreamReader

SECONDS = 2.0
_LARGEST_RESPONSE = 65_536

_status = re.compile(rb"HTTP/1\.[01] ([0-9]{3}) ")
_length = re.compile(rb"\r\ncontent-length: *([0-9]{1,9})\r\n", re.IGNORECASE)
_chunked = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)

_NO_RESPONSE = f"No response within {SECONDS:g} s: the client would hang."
_CLOSED = "The connection was closed without a response."
_UNFINISHED = f"The response had not ended after {SECONDS:g} s."
_NOT_THERE = "Nothing listens on {host}:{port}."


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, and a sentence about it where it is no whole response."""

    data: bytes
    note: str | None = None

    @property
    def status(self) -> int | None:
        """The status, or None where no response came."""
        found = _status.match(self.data)
        return int(found[1]) if found else None


async def ask(port: int, data: bytes, source: str = HOST) -> Response:
    """Send bytes to a port of this machine, and read until the response has ended.

    Never raises for what the network does, and never takes longer than two seconds.
    """
    received = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            return await _ask(port, data, source, received)
    except TimeoutError:
        return Response(bytes(received), _UNFINISHED if received else _NO_RESPONSE)


async def _ask(port: int, data: bytes, source: str, received: bytearray) -> Response:
    try:
        reader, writer = await asyncio.open_connection(
            HOST, port, local_addr=(source, 0)
        )
    except OSError:
        return Response(b"", _NOT_THERE.format(host=HOST, port=port))
    try:
        writer.write(data)
        await _read(reader, received)
    finally:
        writer.transport.abort()
    return Response(_without_frames(bytes(received)), None if received else _CLOSED)


async def _read(reader: StreamReader, received: bytearray) -> None:
    while not _is_whole(received):
        try:
            chunk = await reader.read(_LARGEST_RESPONSE)
        except ConnectionError:
            return
        if not chunk:
            return
        received += chunk


def _is_whole(received: bytearray) -> bool:
    """Return whether the response has ended, as far as it says where it ends."""
    head, end, body = bytes(received).partition(b"\r\n\r\n")
    lines = head + b"\r\n"
    length = _length.search(lines)
    if len(received) >= _LARGEST_RESPONSE or (end and _is_upgraded(head)):
        return True
    if length is not None:
        return bool(end) and len(body) >= int(length[1])
    return bool(_chunked.search(lines)) and body.endswith(b"0\r\n\r\n")


def _is_upgraded(received: bytes) -> bool:
    return received.startswith(b"HTTP/1.1 101 ")


def _without_frames(received: bytes) -> bytes:
    """Leave out what follows the head of a 101: the frames of the WebSocket."""
    head, end, _ = received.partition(b"\r\n\r\n")
    return head + end if _is_upgraded(head) else received
