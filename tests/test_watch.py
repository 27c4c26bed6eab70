from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from ws_handshake.watch import Watch

if TYPE_CHECKING:
    from ws_handshake.scopes import Message

ACCEPT = {"type": "websocket.accept"}
CLOSE = {"type": "websocket.close"}
TEXT = {"type": "websocket.send", "text": "hello"}


def watched(*messages: Message, takes_over: bool = False, broken: bool = False) -> Any:
    """Send messages through a watch, and return in which order things happened."""
    happened: list[str] = []

    async def send(message: Message) -> None:
        if broken:
            raise OSError("gone")
        happened.append(message["type"])

    async def denied(message: Message) -> bool:
        happened.append(f"denied by {message['type']}")
        return takes_over

    def accepted(_message: Message) -> None:
        happened.append("accepted")

    watch = Watch(send, accepted, denied)

    async def play() -> None:
        for message in messages:
            await watch(message)

    asyncio.run(play())
    return happened


def test_an_acceptance_is_told_once_it_is_sent() -> None:
    assert watched(ACCEPT, TEXT, CLOSE) == [
        *("websocket.accept", "accepted", "websocket.send", "websocket.close")
    ]


def test_an_acceptance_that_cannot_be_sent_is_not_told() -> None:
    with pytest.raises(OSError, match="gone"):
        watched(ACCEPT, broken=True)


def test_a_denial_is_told_before_it_is_sent() -> None:
    assert watched(CLOSE) == ["denied by websocket.close", "websocket.close"]


def test_a_denial_that_is_taken_over_is_not_sent() -> None:
    assert watched(CLOSE, takes_over=True) == ["denied by websocket.close"]


def test_a_denial_response_is_told_once_and_its_body_passed_on() -> None:
    start = {"type": "websocket.http.response.start", "status": 401}
    body = {"type": "websocket.http.response.body", "body": b""}

    assert watched(start, body) == [
        "denied by websocket.http.response.start",
        "websocket.http.response.start",
        "websocket.http.response.body",
    ]


def test_a_plain_answer_is_told_before_the_server_objects_to_it() -> None:
    assert watched({"type": "http.response.start", "status": 200}) == [
        *("denied by http.response.start", "http.response.start")
    ]


def test_what_decides_nothing_is_passed_on() -> None:
    assert watched(TEXT, ACCEPT) == [
        *("websocket.send", "websocket.accept", "accepted")
    ]
