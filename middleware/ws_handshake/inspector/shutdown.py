"""Finds uvicorn's server, which shows that it shuts down before it waits for responses.

ASGI has no message for that: a response without end would keep the server waiting.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

# A coroutine that waits for another that waits ...
_DEEPEST = 32


class Server(Protocol):
    """As much of uvicorn's server as is read."""

    should_exit: bool


def server_that_runs_here() -> Server | None:
    """Return the uvicorn that runs in this event loop, whatever has started it."""
    module = sys.modules.get("uvicorn.server")
    if module is None:
        return None
    servers = (
        frame.f_locals.get("self")
        for task in asyncio.all_tasks()
        for frame in _frames(task.get_coro())
        if frame.f_globals is vars(module)
    )
    return next((s for s in servers if isinstance(s, module.Server)), None)


def _frames(coroutine: Any) -> Iterator[Any]:  # noqa: ANN401  (what awaits may be anything)
    """Yield the frames in which a task waits, the outermost first."""
    for _ in range(_DEEPEST):
        frame = getattr(coroutine, "cr_frame", None)
        if frame is None:
            return
        yield frame
        coroutine = coroutine.cr_await
