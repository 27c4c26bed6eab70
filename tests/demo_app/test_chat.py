"""The chat: everyone who is connected gets what anyone writes."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from demo_app.app import create_app
from demo_app.chat import Room
from tests.support.handshakes import VALID

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message

WELCOME = {"type": "welcome", "you": "Guest 1"}
ALONE = {"type": "presence", "people": 1}
HINT = {
    "type": "error",
    "text": 'Send JSON such as {"text": "hello"}, at most 1,000 characters.',
}


def client() -> TestClient:
    return TestClient(create_app(8000))


def test_everyone_gets_what_anyone_writes() -> None:
    with (
        client() as asked,  # entered, it has one event loop for all
        asked.websocket_connect("/ws") as one,
        asked.websocket_connect("/ws") as two,
    ):
        assert one.receive_json() == WELCOME
        assert one.receive_json() == ALONE
        assert two.receive_json() == {"type": "welcome", "you": "Guest 2"}
        both = {"type": "presence", "people": 2}
        assert one.receive_json() == two.receive_json() == both
        two.send_json({"text": " Hello <b>you</b> "})
        message = {"type": "message", "from": "Guest 2", "text": "Hello <b>you</b>"}
        assert one.receive_json() == two.receive_json() == message


def test_a_client_that_leaves_is_no_longer_counted() -> None:
    with client() as asked, asked.websocket_connect("/ws") as one:
        with asked.websocket_connect("/ws") as two:
            assert two.receive_json()["type"] == "welcome"
        received = [one.receive_json() for _ in range(4)]
    assert received == [WELCOME, ALONE, {"type": "presence", "people": 2}, ALONE]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "hello",
        "[]",
        "{}",
        '{"text": 1}',
        '{"text": "  "}',
        json.dumps({"text": "x" * 1001}),
        "[" * 16_000,
        "1" * 5_000,
    ],
)
def test_a_frame_that_is_not_a_message_gets_a_hint(frame: str) -> None:
    with client().websocket_connect("/ws") as one:
        one.send_text(frame)
        assert [one.receive_json() for _ in range(3)] == [WELCOME, ALONE, HINT]


def test_a_binary_frame_gets_a_hint() -> None:
    with client().websocket_connect("/ws") as one:
        one.send_bytes(b'{"text": "hello"}')
        assert [one.receive_json() for _ in range(3)] == [WELCOME, ALONE, HINT]


@pytest.mark.parametrize(
    ("offered", "taken"), [(["chat"], "chat"), (["x", "chat"], "chat"), (["x"], None)]
)
def test_the_subprotocol_chat_is_taken_where_it_is_offered(
    offered: list[str], taken: str | None
) -> None:
    with client().websocket_connect("/ws", subprotocols=offered) as one:
        assert one.accepted_subprotocol == taken


class _Line:
    """A fake server's end of one WebSocket; `on_send` plays the network."""

    def __init__(self, on_send: Callable[[Message], Any]) -> None:
        self.received: list[Any] = []
        self.sent = asyncio.Event()
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        self.incoming.put_nowait({"type": "websocket.connect"})
        self._on_send = on_send

    def websocket(self) -> WebSocket:
        return WebSocket(VALID.websocket_scope(), self.incoming.get, self._send)

    async def send_and_receive(self, text: str) -> None:
        frame = json.dumps({"text": text})
        self.incoming.put_nowait({"type": "websocket.receive", "text": frame})
        while {"type": "message", "from": "Guest 2", "text": text} not in self.received:
            self.sent.clear()
            await self.sent.wait()

    async def _send(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            self.received.append(json.loads(message["text"]))
            self.sent.set()
            await self._on_send(message)


async def _at_once(_message: Message) -> None:
    """A client that reads."""


async def _never(_message: Message) -> None:
    """A client that does not."""
    await asyncio.Event().wait()


async def _gone(_message: Message) -> None:
    raise OSError


async def _raises(_message: Message) -> None:
    raise RuntimeError("A bug of ours.")


def test_a_client_that_does_not_read_is_dropped_and_the_others_do_not_wait() -> None:
    async def play() -> list[str]:
        room = Room(waiting=3)
        slow, quick = _Line(_never), _Line(_at_once)
        stuck = asyncio.create_task(room.serve(slow.websocket()))
        await slow.sent.wait()
        talking = asyncio.create_task(room.serve(quick.websocket()))
        for number in range(20):
            await quick.send_and_receive(str(number))
        await stuck
        quick.incoming.put_nowait({"type": "websocket.disconnect"})
        await talking
        assert slow.received == [WELCOME]
        return [m["text"] for m in quick.received if m["type"] == "message"]

    received = asyncio.run(asyncio.wait_for(play(), 10))
    assert received == [str(number) for number in range(20)]


def test_a_client_that_is_gone_when_it_gets_a_message_ends_without_an_error() -> None:
    asyncio.run(asyncio.wait_for(Room().serve(_Line(_gone).websocket()), 10))


def test_a_bug_of_ours_is_not_hidden() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        asyncio.run(asyncio.wait_for(Room().serve(_Line(_raises).websocket()), 10))
    assert [str(error) for error in raised.value.exceptions] == ["A bug of ours."]
