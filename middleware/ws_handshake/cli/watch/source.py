"""Where log lines come from: a file, followed through rotation, or a stream."""

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
    """Gives lines without waiting for them.

    While it is `catching_up`, the lines were there before.
    """

    ended: bool
    catching_up: bool

    def lines(self) -> list[bytes] | None:
        """Return the new lines, or None if there are none."""
        ...

    def close(self) -> None:
        """Close what was opened."""
        ...


class Cutter:
    """Splits chunks into lines, and cuts lines at the limit."""

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
        """Return the unfinished line, if there is one, and begin a new one."""
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
    """A file from its beginning, and what is appended to it, like `tail -F`.

    A renamed file is read to its end before the new one; a truncated file is read again
    from its beginning. With `once`, reading ends at the end of the file.
    """

    def __init__(self, path: Path, *, once: bool) -> None:
        """Open the file; OSError if that fails."""
        self._path = path
        self._once = once
        self._cutter = Cutter()
        self._file = _opened(path)
        self.ended = False
        self.catching_up = True

    def lines(self) -> list[bytes] | None:
        """Return the new lines, or None if there are none."""
        try:
            chunk = self._file.read(_CHUNK)
        except OSError:
            return self._end()
        if chunk:
            return self._cutter.feed(chunk)
        self.catching_up = False
        return self._end() if self._once else self._rotate()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _end(self) -> list[bytes]:
        self.ended = True
        return self._cutter.rest()

    def _rotate(self) -> list[bytes] | None:
        """If the file was renamed or truncated, return its last lines and reopen it."""
        try:
            there, ours = self._path.stat(), os.fstat(self._file.fileno())
            if not os.path.samestat(there, ours):
                successor = _opened(self._path)
                # written after our last read and before the renaming
                remains = self._file.read()
                self._file.close()
                self._file = successor
                return self._cutter.feed(remains or b"") + self._cutter.rest()
        except OSError:
            return None  # it is gone, and may come back
        if there.st_size < self._file.tell():
            self._file.seek(0)
            return self._cutter.rest()
        return None


class Stream:
    """A pipe, a terminal or a socket, read by a thread so that nothing else waits."""

    def __init__(self, descriptor: int) -> None:
        """Start to read."""
        self._cutter = Cutter()
        self._chunks: queue.Queue[bytes] = queue.Queue(_WAITING)
        self.ended = False
        self.catching_up = False
        # nothing can interrupt a read, so the thread ends with the process
        reading = threading.Thread(target=self._read, args=(descriptor,), daemon=True)
        reading.start()

    def lines(self) -> list[bytes] | None:
        """Return the new lines, or None if there are none."""
        try:
            chunk = self._chunks.get_nowait()
        except queue.Empty:
            return None
        if chunk:
            return self._cutter.feed(chunk)
        self.ended = True
        return self._cutter.rest()

    def close(self) -> None:
        """Do nothing: we did not open the stream."""

    def _read(self, descriptor: int) -> None:
        chunk = b"."
        while chunk:
            try:
                chunk = os.read(descriptor, _CHUNK)
            except OSError:
                chunk = b""
            self._chunks.put(chunk)


def open_source(name: str, stdin: int, *, once: bool) -> Source:
    """Open a file, or standard input for `-`; OSError if that fails."""
    if name == "-":
        return Stream(stdin)
    path = Path(name)
    if stat.S_ISFIFO(path.stat().st_mode):
        return Stream(os.open(path, os.O_RDONLY))
    return Tail(path, once=once)


def _opened(path: Path) -> FileIO:
    return path.open("rb", buffering=0)
