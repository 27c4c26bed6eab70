"""Real sockets and real servers, on 127.0.0.1."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Response:
    """What came back: status line, header lines and body; and how it ended."""

    raw: bytes
    ending: str

    @property
    def status(self) -> int | None:
        """The status, or None where no response came."""
        first = self.raw.split(b"\r\n", 1)[0].split(b" ")
        return int(first[1]) if len(first) > 1 else None

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """Names in lower case, and values."""
        lines = self.raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")[1:]
        pairs = (line.partition(b":") for line in lines)
        return [(name.lower(), value.strip(b" \t")) for name, _, value in pairs]

    @property
    def body(self) -> bytes:
        """What follows the head."""
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in WebSocket-Handshake-Error."""
        found = dict(self.headers).get(b"websocket-handshake-error", b"")
        return tuple(found.decode("ascii").split(", ")) if found else ()


def ask(port: int, data: bytes, seconds: float = 20.0) -> Response:
    """Send bytes, and read until the end, a 101, or the time is over."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), seconds) as connection:
        connection.sendall(data)
        try:
            while not _is_upgraded(received):
                chunk = connection.recv(65536)
                if not chunk:
                    return Response(received, "closed")
                received += chunk
        except TimeoutError:
            return Response(received, "open")
        except ConnectionResetError:
            return Response(received, "reset")
    return Response(received, "upgraded")


def _is_upgraded(received: bytes) -> bool:
    return received.startswith(b"HTTP/1.1 101") and b"\r\n\r\n" in received


@dataclass(frozen=True)
class Server:
    """A server that runs, and the file that it logs to."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def logged(self) -> str:
        """Return all that it has logged up to now."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    """Return a free port of 127.0.0.1, below those that systems give to clients.

    A client's could be taken between this look and the start of the server.
    """
    while True:
        port = 10_000 + secrets.randbelow(22_768)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(
    command: Sequence[str],
    log: Path,
    *,
    port: int | None = None,
    stdout: int | None = None,
    **environment: str,
) -> Iterator[Server]:
    """Run `python -m command`, with {port} filled in, until the block ends.

    What it writes goes into the log; its standard output to `stdout`, if that is given.
    """
    port = free_port() if port is None else port
    filled = [part.format(port=port) for part in command]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *filled],
            stdout=output if stdout is None else stdout,
            stderr=output,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
        )
    try:
        _wait_until_open(port, process, log)
        yield Server(port, log, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:  # pragma: no cover  (where one hangs)
            process.kill()
            raise


def _wait_until_open(
    port: int, process: subprocess.Popen[bytes], log: Path, seconds: float = 60.0
) -> None:
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"The server did not come up: {log.read_text()[-2000:]}")
