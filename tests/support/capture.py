"""An upstream that records every request head, and rejects it."""

from __future__ import annotations

import re
import socketserver
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, Queue
from typing import TYPE_CHECKING

from ws_handshake import RequestHead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.handshakes import Header

REJECTION = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n"
    b"X-Captured: yes\r\nConnection: close\r\n\r\n"
)


@dataclass(frozen=True)
class Arrived:
    """One request head, byte for byte as it came."""

    raw: bytes

    @property
    def first_line(self) -> str:
        """The request line."""
        return self.raw.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def headers(self) -> tuple[Header, ...]:
        """The header lines, names in lower case."""
        lines = self.raw.split(b"\r\n")[1:]
        pairs = (line.partition(b":") for line in lines if line)
        return tuple((name.lower(), value.strip(b" \t")) for name, _, value in pairs)

    def values(self, name: bytes) -> list[bytes]:
        """Return the values of all lines with this name, in lower case."""
        return [value for key, value in self.headers if key == name]

    def head(self) -> RequestHead:
        """Return it as the rules get it."""
        method, target, http = self.first_line.split(" ")
        asked = target.encode("latin-1")
        return RequestHead(
            method, http.removeprefix("HTTP/"), self.headers, asked, "http"
        )

    def shown(self) -> str:
        """Return it for a person: names as they came, the key shortened."""
        text = self.raw.decode("latin-1").replace("\r\n", "\n").strip()
        return re.sub(r"(?im)^(sec-websocket-key: .{4}).*(?===$)", r"\1...", text)


class Capture:
    """What arrived up to now, the oldest first."""

    def __init__(self, port: int, arrivals: Queue[Arrived]) -> None:
        self.port = port
        self._arrivals = arrivals

    def next(self, seconds: float = 20.0) -> Arrived:
        """Return the next head and forget it; wait for it if need be."""
        try:
            return self._arrivals.get(timeout=seconds)
        except Empty:
            raise TimeoutError(f"Nothing arrived within {seconds} s.") from None

    def is_empty(self) -> bool:
        """Return whether every head that arrived was looked at."""
        return self._arrivals.empty()


@contextmanager
def capturing() -> Iterator[Capture]:
    """Listen on a free port of 127.0.0.1 until the block ends."""
    arrivals: Queue[Arrived] = Queue()

    class Recorder(socketserver.StreamRequestHandler):
        timeout = 20.0

        def handle(self) -> None:
            with suppress(OSError):
                raw = b"".join(iter(self._header_line, b""))
                arrivals.put(Arrived(raw + b"\r\n"))
                self.wfile.write(REJECTION)

        def _header_line(self) -> bytes:
            line = self.rfile.readline(65536)
            return b"" if line == b"\r\n" else line

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Recorder) as server:
        server.daemon_threads = True
        port: int = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield Capture(port, arrivals)
        finally:
            server.shutdown()
