"""A WebSocket that fails before it decides, as an application does that has a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

PATH = "/faulty"


async def serve(_websocket: WebSocket) -> NoReturn:
    """Raise: the server responds by itself, and the event has kind and place."""
    raise LookupError("This application has a fault, to show what comes of it.")
