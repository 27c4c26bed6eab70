"""Servers whose log is not read, and threads that load them all the same."""

from __future__ import annotations

import array
import fcntl
import os
import termios
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

from tests.support.faults import BROKEN
from tests.support.wires import ask, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.wires import Response, Server


@contextmanager
def into_a_pipe(command: list[str], log: Path) -> Iterator[tuple[Server, Pipe]]:
    """Run a server whose standard output is a pipe that is not read."""
    with Pipe() as pipe, serving(command, log, stdout=pipe.writer) as server:
        try:
            yield server, pipe
        finally:
            pipe.read_on()  # or a server that waits for a reader would never end


class Pipe:
    """A pipe that is not read until `read_on()` is called."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        self.text = b""
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.writer)
        self.read_on()
        self._thread.join(20)
        os.close(self.reader)

    def waiting(self) -> int:
        """Return how many bytes stand in it unread."""
        number = array.array("i", [0])
        fcntl.ioctl(self.reader, termios.FIONREAD, number)
        return number[0]

    def fill(self) -> int:
        """Write until nothing more goes in; return how much that was."""
        os.set_blocking(self.writer, False)
        with suppress(BlockingIOError):
            while True:
                os.write(self.writer, b"-")
        os.set_blocking(self.writer, True)
        return self.waiting()

    def read_on(self) -> None:
        """Read until it is closed for writing."""
        if not self._thread.ident:
            self._thread.start()

    def _read(self) -> None:
        while chunk := os.read(self.reader, 65536):
            self.text += chunk


class Crowd:
    """Threads that send broken handshakes until the server is gone."""

    def __init__(self, port: int, threads: int = 4) -> None:
        self.responses: list[Response] = []
        self._port = port
        self._threads = [
            threading.Thread(target=self._ask, daemon=True) for _ in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Wait until the last one has given up."""
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()

    def _ask(self) -> None:
        try:
            while True:
                for handshake in BROKEN.values():
                    self.responses.append(ask(self._port, handshake.wire(), 20))
        except OSError:
            return  # the server is gone
