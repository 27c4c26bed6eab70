"""Logs that never make the server wait: a thread of its own writes them.

python queued_logs.py
"""

import logging
import os
import queue
import threading
import time

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.structlog import StructlogObserver


class Outbox(logging.Handler):
    """Formats a line at once, and leaves it to a thread to write it.

    Who logs never waits: a line for which there is no room is dropped, and counted.
    """

    def __init__(self, descriptor: int = 1, size: int = 10_000) -> None:
        """Write to this file descriptor, and keep so many lines until it takes them."""
        super().__init__()
        self.lost = 0
        self._descriptor = descriptor
        self._lines: queue.Queue[bytes] = queue.Queue(size)
        threading.Thread(target=self._write, daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Put a line into the queue, if there is room."""
        try:
            self._lines.put_nowait(f"{self.format(record)}\n".encode())
        except queue.Full:
            self.lost += 1

    def flush(self) -> None:
        """Wait until all is written, but not for long: perhaps nobody reads."""
        end = time.monotonic() + 2
        while self._lines.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)

    def _write(self) -> None:
        while True:
            line = self._lines.get()
            try:
                os.write(self._descriptor, line)
            except OSError:  # a full disk, a closed pipe
                self.lost += 1
            self._lines.task_done()


class QueuedStructlogObserver(StructlogObserver):
    """The structlog observer, which waits at shutdown until all lines are written."""

    def flush(self) -> None:
        """Report what was held back, and wait: SIGTERM is about to end the process."""
        super().flush()
        outbox.flush()


shared: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
]
structlog.configure(
    processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
outbox = Outbox()
outbox.setFormatter(
    structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        foreign_pre_chain=shared,
    )
)
logging.basicConfig(handlers=[outbox], level=logging.INFO, force=True)


async def echo(socket: WebSocket) -> None:
    """Send back what comes."""
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text)


async def health(_request: Request) -> JSONResponse:
    """Return how many lines of the log were lost."""
    return JSONResponse({"lost": outbox.lost})


app = WebSocketHandshakeMiddleware(
    Starlette(routes=[WebSocketRoute("/ws", echo), Route("/health", health)]),
    observers=[QueuedStructlogObserver()],
)

if __name__ == "__main__":
    uvicorn.run(app, http="ws_handshake.uvicorn:AutoHTTPProtocol", log_config=None)
