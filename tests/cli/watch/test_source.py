from __future__ import annotations

import os
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ws_handshake.cli.watch.source import (
    CUT,
    LINE_LIMIT,
    Cutter,
    Stream,
    Tail,
    open_source,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ws_handshake.cli.watch.source import Source


def until(source: Source, number: int, seconds: float = 20.0) -> list[bytes]:
    """Read until there are so many lines."""
    lines: list[bytes] = []
    deadline = time.monotonic() + seconds
    while len(lines) < number and time.monotonic() < deadline:
        lines += source.lines() or []
    return lines


def to_the_end(source: Source, seconds: float = 20.0) -> list[bytes]:
    lines: list[bytes] = []
    deadline = time.monotonic() + seconds
    while not source.ended and time.monotonic() < deadline:
        lines += source.lines() or []
    assert source.ended
    return lines


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_bytes(b"one\ntwo\r\nthr")
    return path


@pytest.fixture
def tail(log: Path) -> Iterator[Tail]:
    """The log, of which two lines have been read."""
    with closing(Tail(log, once=False)) as tail:
        assert until(tail, 2) == [b"one", b"two"]
        yield tail


def test_lines_are_cut_wherever_a_chunk_ends() -> None:
    cutter = Cutter()
    assert cutter.feed(b"a") == []
    assert cutter.feed(b"b\r\n\n\x00c\nd") == [b"ab", b"\x00c"]
    assert cutter.rest() == [b"d"]
    assert cutter.rest() == []


def test_a_line_is_no_longer_than_the_limit() -> None:
    cutter = Cutter()
    for _ in range(40):
        assert cutter.feed(b"x" * 65_536) == []
    assert cutter.feed(b"y\nz\n") == [b"x" * LINE_LIMIT + CUT, b"z"]
    assert cutter.feed(b"x" * LINE_LIMIT + b"\n") == [b"x" * LINE_LIMIT]


def test_once_reads_to_the_end_with_the_last_line(log: Path) -> None:
    with closing(Tail(log, once=True)) as tail:
        assert tail.catching_up
        assert tail.lines() == [b"one", b"two"]
        assert not tail.ended
        assert tail.lines() == [b"thr"]
        assert tail.ended


def test_a_file_that_grows_is_followed(log: Path, tail: Tail) -> None:
    assert tail.catching_up
    assert tail.lines() is None
    assert not tail.catching_up
    append(log, b"ee\nfour\n")
    assert tail.lines() == [b"three", b"four"]
    assert tail.lines() is None
    assert not tail.ended


def test_a_file_that_was_renamed_is_read_to_its_end_and_then_the_new_one(
    log: Path, tail: Tail
) -> None:
    old = log.rename(log.with_suffix(".1"))
    append(old, b"ee\nfour\nfi")
    assert until(tail, 2) == [b"three", b"four"]
    assert tail.lines() is None  # it is away, and may come back
    append(old, b"ve")
    log.write_bytes(b"six\n")
    assert until(tail, 2) == [b"five", b"six"]


def test_what_is_written_to_the_old_file_in_the_last_moment_is_not_lost(
    log: Path, tail: Tail, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fstat

    def late(descriptor: int) -> os.stat_result:
        monkeypatch.undo()
        old = log.rename(log.with_suffix(".1"))
        append(old, b"ee\nlate")
        log.write_bytes(b"new\n")
        return real(descriptor)

    monkeypatch.setattr(os, "fstat", late)
    assert tail.lines() is None  # the look at the path came before
    assert until(tail, 3) == [b"three", b"late", b"new"]


def test_a_file_that_was_replaced_while_we_looked_gives_its_last_line(
    log: Path, tail: Tail
) -> None:
    log.rename(log.with_suffix(".1"))
    log.write_bytes(b"new\n")
    assert until(tail, 2) == [b"thr", b"new"]


def test_a_file_that_was_made_shorter_is_read_again(log: Path, tail: Tail) -> None:
    log.write_bytes(b"new\n")
    assert until(tail, 2) == [b"thr", b"new"]


def test_a_file_that_cannot_be_read_any_more_has_ended(log: Path, tail: Tail) -> None:
    tail._file.close()
    tail._file = log.open("ab", buffering=0)
    assert tail.lines() == [b"thr"]
    assert tail.ended


def test_a_stream_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    stream = Stream(reading)
    assert stream.lines() is None
    assert not stream.catching_up
    os.write(writing, b"one\ntw")
    assert until(stream, 1) == [b"one"]
    os.write(writing, b"o")
    os.close(writing)
    assert to_the_end(stream) == [b"two"]
    os.close(reading)


def test_a_stream_that_cannot_be_read_has_ended() -> None:
    assert to_the_end(Stream(-1)) == []


def test_a_pipe_with_a_name_is_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writing = threading.Thread(target=path.write_bytes, args=(b"one\ntwo",))
    writing.start()
    assert to_the_end(open_source(str(path), -1, once=False)) == [b"one", b"two"]
    writing.join(10)


def test_a_source_is_a_file_or_standard_input(log: Path) -> None:
    with closing(open_source(str(log), -1, once=True)) as file:
        assert to_the_end(file) == [b"one", b"two", b"thr"]
    reading, writing = os.pipe()
    os.close(writing)
    with closing(open_source("-", reading, once=False)) as stream:
        assert to_the_end(stream) == []
    os.close(reading)


def test_a_file_that_is_not_there_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_source(str(tmp_path / "none"), -1, once=False)
