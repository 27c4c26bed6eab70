"""One request over a raw socket, and whatever comes back: bytes, silence, an end."""

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
_unprintable = re.compile(r"[^\n -~]")

_NO_RESPONSE = f"No response within {SECONDS:g} s: the client would hang."
_CLOSED = "The connection was closed without a response."
_UNFINISHED = f"The response had no end after {SECONDS:g} s."
_NOT_THERE = "Nobody listens on {host}:{port}."


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, and what is to be said of it."""

    data: bytes
    note: str | None = None

    @property
    def status(self) -> int | None:
        """The status, or None where no response came."""
        found = _status.match(self.data)
        return int(found[1]) if found else None


def wire(text: str) -> bytes:
    """Return a request as it is sent: lines end in CRLF, the head in an empty one."""
    lines = text.replace("\r\n", "\n")
    if "\n\n" not in lines.lstrip("\n"):
        lines = lines.rstrip("\n") + "\n\n"
    return encoded(lines.replace("\n", "\r\n"))


def encoded(text: str) -> bytes:
    """Return the bytes of a text; JSON can hold halves of surrogate pairs."""
    return text.encode("utf-8", "surrogatepass")


def shown(data: bytes, limit: int) -> str:
    r"""Return bytes for a person: CRLF as a line's end, what is not ASCII as \xNN."""
    text = data[:limit].replace(b"\r\n", b"\n").decode("latin-1")
    more = f"\n... and {len(data) - limit:,} bytes more" if len(data) > limit else ""
    return _unprintable.sub(lambda m: f"\\x{ord(m[0]):02x}", text) + more


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
    """Return whether nothing more is to be waited for; else the server's end reports it."""
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
    """Leave out what stands behind a 101: the WebSocket's own bytes."""
    head, end, _ = received.partition(b"\r\n\r\n")
    return head + end if _is_upgraded(head) else received
