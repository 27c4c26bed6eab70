"""The head of an answer waits for its body, and nobody waits for either in vain."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.doors import Line
from ws_handshake.cork import corked, uncorked

if TYPE_CHECKING:
    from collections.abc import Callable


class _Pipe(Line):
    """A transport without a protocol behind it."""

    def close(self) -> None:
        self._closing = True


def _written(*steps: Callable[[asyncio.Transport, _Pipe], None]) -> list[bytes]:
    """Return what has left after the steps, before the event loop comes round."""

    async def walk() -> list[bytes]:
        pipe = _Pipe()
        cork = corked(pipe, asyncio.get_running_loop())
        for step in steps:
            step(cork, pipe)
        return list(pipe.writes)

    return asyncio.run(walk())


_HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


def test_a_head_and_its_body_leave_in_one_piece() -> None:
    assert _written(
        lambda cork, _: cork.write(_HEAD),
        lambda cork, _: cork.write(b"body"),
    ) == [_HEAD + b"body"]


def test_what_comes_after_the_body_leaves_as_it_comes() -> None:
    assert _written(
        lambda cork, _: cork.write(_HEAD),
        lambda cork, _: cork.write(b"body"),
        lambda cork, _: cork.write(b"more"),
        lambda cork, _: cork.write(b"end"),
    ) == [_HEAD + b"body", b"more", b"end"]


def test_every_answer_of_a_connection_leaves_in_one_piece() -> None:
    assert _written(
        lambda cork, _: cork.write(_HEAD),
        lambda cork, _: cork.write(b"one"),
        lambda cork, _: cork.write(_HEAD),
        lambda cork, _: cork.write(b"two"),
    ) == [_HEAD + b"one", _HEAD + b"two"]


def test_a_head_without_a_body_leaves_before_the_next_answer() -> None:
    assert _written(
        lambda cork, _: cork.write(_HEAD),
        lambda cork, _: cork.write(_HEAD),
    ) == [_HEAD + _HEAD]


@pytest.mark.parametrize("body", [bytearray(b"body"), memoryview(b"body"), b""])
def test_a_body_may_be_any_bytes(body: bytes | bytearray | memoryview) -> None:
    assert _written(
        lambda cork, _: cork.write(_HEAD),
        lambda cork, _: cork.write(body),
    ) == [_HEAD + body]


@pytest.mark.parametrize(
    ("size", "writes"),
    [(65_535, [len(_HEAD) + 65_535]), (65_536, [len(_HEAD), 65_536])],
)
def test_a_long_body_is_not_copied(size: int, writes: list[int]) -> None:
    written = _written(
        lambda cork, _: cork.write(_HEAD),
        lambda cork, _: cork.write(b"x" * size),
    )
    assert [len(write) for write in written] == writes


def test_a_head_is_not_lost_to_a_body_that_cannot_be_sent() -> None:
    def send_text(cork: asyncio.Transport, _: _Pipe) -> None:
        text: Any = "body"
        with pytest.raises(TypeError):
            cork.write(text)

    assert _written(
        lambda cork, _: cork.write(_HEAD),
        send_text,
        lambda cork, _: cork.close(),
    ) == [_HEAD]


def test_a_head_alone_leaves_when_the_connection_is_closed() -> None:
    def close(cork: asyncio.Transport, pipe: _Pipe) -> None:
        cork.close()
        assert pipe.is_closing()

    assert _written(lambda cork, _: cork.write(_HEAD), close) == [_HEAD]


def test_a_head_whose_body_is_late_leaves_when_the_event_loop_comes_round() -> None:
    async def wait() -> tuple[list[bytes], list[bytes]]:
        pipe = _Pipe()
        cork = corked(pipe, asyncio.get_running_loop())
        cork.write(_HEAD)
        before = list(pipe.writes)
        await asyncio.sleep(0)
        after = list(pipe.writes)
        cork.write(b"body")
        await asyncio.sleep(0)
        assert pipe.writes == [_HEAD, b"body"]
        return before, after

    assert asyncio.run(wait()) == ([], [_HEAD])


def test_nothing_is_written_to_a_connection_that_has_ended() -> None:
    async def end() -> list[bytes]:
        pipe = _Pipe()
        cork = corked(pipe, asyncio.get_running_loop())
        cork.write(_HEAD)
        pipe.close()
        await asyncio.sleep(0)
        cork.close()
        return pipe.writes

    assert asyncio.run(end()) == []


def test_all_else_is_the_transports_own_and_comes_behind_what_is_held() -> None:
    def look(cork: asyncio.Transport, pipe: _Pipe) -> None:
        assert cork.get_extra_info("sockname") == ("127.0.0.1", 80)
        assert not cork.is_closing()
        pipe.close()
        assert cork.is_closing()

    assert _written(look) == []
    assert _written(
        lambda cork, _: cork.write(_HEAD),
        lambda cork, _: cork.writelines([b"bo", b"dy"]),
        look,
    ) == [_HEAD, b"body"]


def test_uncorked_it_is_the_transport_itself() -> None:
    def uncork(cork: asyncio.Transport, pipe: _Pipe) -> None:
        assert uncorked(cork) is pipe
        assert pipe.writes == [_HEAD]
        assert uncorked(pipe) is pipe

    assert _written(lambda cork, _: cork.write(_HEAD), uncork) == [_HEAD]
