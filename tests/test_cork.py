"""The head of an answer waits for its body, and nobody waits for either in vain."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.doors import Line
from ws_handshake.cork import corked

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


def test_a_head_and_its_body_leave_in_one_piece() -> None:
    assert _written(
        lambda cork, _: cork.write(b"head "),
        lambda cork, _: cork.write(b"body"),
    ) == [b"head body"]


def test_what_comes_after_the_body_leaves_as_it_comes() -> None:
    assert _written(
        lambda cork, _: cork.write(b"head "),
        lambda cork, _: cork.write(b"body"),
        lambda cork, _: cork.write(b"more"),
        lambda cork, _: cork.write(b"end"),
    ) == [b"head body", b"more", b"end"]


def test_a_head_alone_leaves_when_the_connection_is_closed() -> None:
    def close(cork: asyncio.Transport, pipe: _Pipe) -> None:
        cork.close()
        assert pipe.is_closing()

    assert _written(lambda cork, _: cork.write(b"head"), close) == [b"head"]


def test_a_head_whose_body_is_late_leaves_when_the_event_loop_comes_round() -> None:
    async def wait() -> tuple[list[bytes], list[bytes]]:
        pipe = _Pipe()
        cork = corked(pipe, asyncio.get_running_loop())
        cork.write(b"head ")
        before = list(pipe.writes)
        await asyncio.sleep(0)
        after = list(pipe.writes)
        cork.write(b"body")
        await asyncio.sleep(0)
        assert pipe.writes == [b"head ", b"body"]
        return before, after

    assert asyncio.run(wait()) == ([], [b"head "])


def test_nothing_is_written_to_a_connection_that_has_ended() -> None:
    async def end() -> list[bytes]:
        pipe = _Pipe()
        cork = corked(pipe, asyncio.get_running_loop())
        cork.write(b"head")
        pipe.close()
        await asyncio.sleep(0)
        cork.close()
        return pipe.writes

    assert asyncio.run(end()) == []


def test_all_else_is_the_transports_own() -> None:
    def look(cork: asyncio.Transport, pipe: _Pipe) -> None:
        assert cork.get_extra_info("sockname") == ("127.0.0.1", 80)
        assert not cork.is_closing()
        pipe.close()
        assert cork.is_closing()

    assert _written(look) == []
