"""A campaign of canaries over sockets: each gets a response, each rejection closes."""

from __future__ import annotations

import json
import logging
import socket
import struct
from collections import deque
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NoReturn

import structlog

from tests.bench.servers import PROTOCOLS
from tests.fuzz import handshakes as fuzz_handshakes
from tests.fuzz.secrets import hidden, search, secret_of
from tests.support.canaries import BEFORE
from tests.support.docs_examples import DOCS, blocks
from tests.support.inside import running
from tests.support.wires import Response
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.outcome.rate_limit import RateLimit
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from tests.fuzz.differential import Case
    from tests.fuzz.tally import Tally
    from ws_handshake.asgi.scope import Message, Receive, Scope, Send

_SECONDS = 10.0
_LIBRARIES = {"h11": "wsproto", "httptools": "websockets-sansio"}
_LOGGERS = ("uvicorn.access", "uvicorn.error", "uvicorn.asgi")
# What is logged of a request may follow its response, but not by much.
_REMEMBERED = 8


@contextmanager
def secrets_over_sockets() -> Iterator[Case]:
    """Put a secret into up to four places, and look for it in response and logs."""
    log = _Log()
    recent: deque[bytes] = deque(maxlen=_REMEMBERED)
    with ExitStack() as stack:
        stack.enter_context(_logging_to(log))
        ports = [stack.enter_context(_serving(name, log)) for name in PROTOCOLS]

        def case(random: Random, tally: Tally) -> None:
            secret = secret_of(random)
            recent.append(secret)
            sent = hidden(random, fuzz_handshakes.bent(random), secret, tally).wire()
            response = ask_in_pieces(random.choice(ports), _cut(random, sent))
            logged = log.take()
            judge(response, sent, logged, tally)
            search("response", repr(response.raw), [secret], tally)
            search("log", logged, recent, tally)

        yield case


class _Log(logging.Handler):
    """Everything that is logged, by us through structlog and by uvicorn."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[str] = deque()

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))

    def structlog_observer(self) -> StructlogObserver:
        """Return a structlog observer that writes here, and holds nothing back."""
        clock = iter(range(0, 10**12, 1000)).__next__
        logger = structlog.wrap_logger(None, processors=[self._written])
        return StructlogObserver(logger, rate_limit=RateLimit(clock))

    def _written(self, _logger: object, _level: str, event: object) -> NoReturn:
        self._lines.append(json.dumps(event))
        raise structlog.DropEvent

    def take(self) -> str:
        """Return what has been logged since it was last asked for."""
        return "\n".join(self._lines.popleft() for _ in range(len(self._lines)))


@contextmanager
def _logging_to(log: _Log) -> Iterator[None]:
    """Take what uvicorn logs, through the filter of the page about logs."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [([*logger.filters], logger.level) for logger in loggers]
    page = blocks((DOCS / "logs.md").read_text(encoding="utf-8"))
    (block,) = [b.text for b in page if "class WithoutSecrets" in b.text]
    exec(block, {})  # noqa: S102  (it is our own page)
    logging.root.addHandler(log)
    try:
        yield
    finally:
        logging.root.removeHandler(log)
        for logger, (filters, level) in zip(loggers, before, strict=True):
            logger.filters[:] = filters
            logger.setLevel(level)


@contextmanager
def _serving(name: str, log: _Log) -> Iterator[int]:
    app = WebSocketHandshakeMiddleware(
        _application,
        observers=[log.structlog_observer()],
        allowed_origins=["same-origin", "null"],
        websocket_paths=["/ws"],
        explain_denials=True,
    )
    settings = {"http": PROTOCOLS[name], "ws": _LIBRARIES[name], "log_level": "info"}
    with running(app, lifespan="off", **settings) as port:
        yield port


async def _application(scope: Scope, receive: Receive, send: Send) -> None:
    """Accept every WebSocket, respond to HTTP; BEFORE keeps the connection open."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await receive()
        return
    stays = scope["path"] == BEFORE
    more = stays
    while more:
        more = (await receive()).get("more_body", False)
    await send(_start(b"keep-alive" if stays else b"close"))
    await send({"type": "http.response.body", "body": b"plain"})


def _start(connection: bytes) -> Message:
    headers = [(b"content-length", b"5"), (b"connection", connection)]
    return {"type": "http.response.start", "status": 200, "headers": headers}


def _cut(random: Random, data: bytes) -> list[bytes]:
    """Cut it in two every other time: a body may end where a handshake begins."""
    place = random.randrange(len(data)) if random.random() < 0.5 else 0
    return [piece for piece in (data[:place], data[place:]) if piece]


def ask_in_pieces(port: int, pieces: list[bytes]) -> Response:
    """Send each piece by itself, and read until the end, a 101, or the time is over."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), _SECONDS) as connection:
        # closing resets: a hundred thousand ports would else wait for a minute each
        no_wait = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_wait)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for piece in pieces:
                connection.sendall(piece)
            while b"\r\n\r\n" not in received.partition(b"HTTP/1.1 101 ")[2]:
                chunk = connection.recv(65536)
                if not chunk:
                    return Response(received, "closed")
                received += chunk
        except TimeoutError:
            return Response(received, "open")
        except OSError:
            return Response(received, "reset")
    return Response(received, "upgraded")


def judge(response: Response, sent: bytes, logged: str, tally: Tally) -> None:
    """Complain of silence, of a connection that was left open, and of a traceback."""
    tally.count(f"status: {response.status}", f"ending: {response.ending}")
    if not response.raw:
        tally.complain("no response", sent)
    if response.ending == "open":
        tally.complain("left open", (sent, response.raw))
    if "Traceback" in logged:
        tally.complain("a traceback", logged)
