"""Where log lines come from: a file that is followed through rotation, or a stream."""

from __future__ import annotations

import os
import queue
import stat
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from io import FileIO

LINE_LIMIT = 1_048_576
CUT = b"... (cut after 1 MiB)"

_CHUNK = 65_536
_WAITING = 16


class Source(Protocol):
    """Gives lines, without waiting for them.

    While it is `catching_up` they were written before anybody watched.
    """

    ended: bool
    catching_up: bool

    def lines(self) -> list[bytes] | None:
        """Return the lines that have come, or None where nothing came."""
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


class Cutter:
    """Cuts chunks into lines, and lines at the limit."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that end in `chunk`."""
        *ends, rest = chunk.split(b"\n")
        lines = []
        for end in ends:
            self._keep(end)
            lines += self.rest()
        self._keep(rest)
        return lines

    def rest(self) -> list[bytes]:
        """Return the line that has not ended, if there is one, and begin anew."""
        line = b"".join(self._parts).removesuffix(b"\r")
        cut = CUT if self._size > LINE_LIMIT else b""
        self._parts, self._size = [], 0
        return [line + cut] if line else []

    def _keep(self, part: bytes) -> None:
        room = max(LINE_LIMIT - self._size, 0)
        self._size += len(part)
        if room and part:
            self._parts.append(part[:room])


class Tail:
    """A file, from its beginning on, and what is written to it; like tail -F.

    A file that was renamed is read to its end before the new one; one that was made
    shorter is read again from its beginning. With `once` the end is the end.
    """

    def __init__(self, path: Path, *, once: bool) -> None:
        """Open the file; OSError where that cannot be."""
        self._path = path
        self._once = once
        self._cutter = Cutter()
        self._file = _opened(path)
        self.ended = False
        self.catching_up = True

    def lines(self) -> list[bytes] | None:
        """Return the lines that have come, or None where nothing came."""
        try:
            chunk = self._file.read(_CHUNK)
        except OSError:
            return self._end()
        if chunk:
            return self._cutter.feed(chunk)
        self.catching_up = False
        return self._end() if self._once else self._begun_anew()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _end(self) -> list[bytes]:
        self.ended = True
        return self._cutter.rest()

    def _begun_anew(self) -> list[bytes] | None:
        """Return the last line of what was there, where a file begins anew."""
        try:
            there, ours = self._path.stat(), os.fstat(self._file.fileno())
            if not os.path.samestat(there, ours):
                successor = _opened(self._path)
                # what was written between our last look and the renaming
                remains = self._file.read()
                self._file.close()
                self._file = successor
                return self._cutter.feed(remains or b"") + self._cutter.rest()
        except OSError:
            return None  # it is away, and may come back
        if there.st_size < self._file.tell():
            self._file.seek(0)
            return self._cutter.rest()
        return None


class Stream:
    """A pipe, a terminal or a socket: read by a thread, so that nobody waits for it."""

    def __init__(self, descriptor: int) -> None:
        """Begin to read."""
        self._cutter = Cutter()
        self._chunks: queue.Queue[bytes] = queue.Queue(_WAITING)
        self.ended = False
        self.catching_up = False
        # nobody can interrupt a read, so the thread ends with the process
        reading = threading.Thread(target=self._read, args=(descriptor,), daemon=True)
        reading.start()

    def lines(self) -> list[bytes] | None:
        """Return the lines that have come, or None where nothing came."""
        try:
            chunk = self._chunks.get_nowait()
        except queue.Empty:
            return None
        if chunk:
            return self._cutter.feed(chunk)
        self.ended = True
        return self._cutter.rest()

    def close(self) -> None:
        """Leave the stream to whoever opened it."""

    def _read(self, descriptor: int) -> None:
        chunk = b"."
        while chunk:
            try:
                chunk = os.read(descriptor, _CHUNK)
            except OSError:
                chunk = b""
            self._chunks.put(chunk)


def open_source(name: str, stdin: int, *, once: bool) -> Source:
    """Open a file, or standard input for `-`; OSError where that cannot be."""
    if name == "-":
        return Stream(stdin)
    path = Path(name)
    if stat.S_ISFIFO(path.stat().st_mode):
        return Stream(os.open(path, os.O_RDONLY))
    return Tail(path, once=once)


def _opened(path: Path) -> FileIO:
    return path.open("rb", buffering=0)
