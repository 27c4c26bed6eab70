"""The chat: everyone who is connected gets what anyone writes."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import TYPE_CHECKING

from anyio import create_task_group
from starlette.websockets import WebSocketDisconnect

if TYPE_CHECKING:
    from anyio import CancelScope
    from starlette.websockets import WebSocket

    Message = dict[str, str | int]

SUBPROTOCOL = "chat"
LONGEST_TEXT = 1000

# How many messages may wait for one client; one with more is too slow for the room.
WAITING = 64

_EXPECTED: Message = {
    "type": "error",
    "text": (
        f'Send JSON such as {{"text": "hello"}}, at most {LONGEST_TEXT:,} characters.'
    ),
}


class Guest:
    """One connection: its name, and what waits to be sent to it."""

    def __init__(self, name: str, waiting: int, stay: CancelScope) -> None:
        """Start with an empty queue; `stay` is the scope that `dismiss` cancels."""
        self.name = name
        self.dismiss = stay.cancel
        self._queue: asyncio.Queue[Message] = asyncio.Queue(waiting)

    def enqueue(self, message: Message) -> None:
        """Queue a message; dismiss a guest whose queue is full."""
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            self.dismiss()

    async def next_message(self) -> Message:
        """Return the next message as soon as there is one."""
        return await self._queue.get()


class Room:
    """Everyone who is connected. It waits for no one: a slow client is dropped."""

    def __init__(self, waiting: int = WAITING) -> None:
        """Open the room; `waiting` is how many messages may wait for each guest."""
        self._waiting = waiting
        self._guests: set[Guest] = set()
        self._numbers = count(1)

    async def serve(self, websocket: WebSocket) -> None:
        """Let a client take part until it leaves, or falls too far behind."""
        offered = websocket.scope["subprotocols"]
        await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        async with create_task_group() as tasks:
            guest = self._enter(tasks.cancel_scope)
            tasks.start_soon(_deliver, websocket, guest)
            try:
                await self._listen(websocket, guest)
            finally:
                self._leave(guest)

    def broadcast(self, message: Message) -> None:
        """Queue a message for everyone."""
        for guest in tuple(self._guests):
            guest.enqueue(message)

    def _enter(self, stay: CancelScope) -> Guest:
        guest = Guest(f"Guest {next(self._numbers)}", self._waiting, stay)
        self._guests.add(guest)
        guest.enqueue({"type": "welcome", "you": guest.name})
        self._broadcast_presence()
        return guest

    def _leave(self, guest: Guest) -> None:
        guest.dismiss()
        self._guests.discard(guest)
        self._broadcast_presence()

    def _broadcast_presence(self) -> None:
        self.broadcast({"type": "presence", "people": len(self._guests)})

    async def _listen(self, websocket: WebSocket, guest: Guest) -> None:
        while (event := await websocket.receive())["type"] == "websocket.receive":
            text = _text_of(event.get("text"))
            if text is None:
                guest.enqueue(_EXPECTED)
            else:
                self.broadcast({"type": "message", "from": guest.name, "text": text})


async def _deliver(websocket: WebSocket, guest: Guest) -> None:
    try:
        while True:
            await websocket.send_text(json.dumps(await guest.next_message()))
    except WebSocketDisconnect:
        guest.dismiss()


def _text_of(frame: str | None) -> str | None:
    """Return the text of a frame; None if the frame is not as the room expects it."""
    try:
        parsed = json.loads(frame or "")
    except (ValueError, RecursionError):
        return None
    text = parsed.get("text") if isinstance(parsed, dict) else None
    if not isinstance(text, str) or not 0 < len(text.strip()) <= LONGEST_TEXT:
        return None
    return text.strip()
