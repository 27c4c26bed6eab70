"""A uvicorn that runs in a thread of the tests, on a free port of 127.0.0.1."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from uvicorn import Config, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ws_handshake.asgi.scope import ASGIApp

_SECONDS = 60.0


@contextmanager
def running(app: ASGIApp, **options: Any) -> Iterator[int]:
    """Run uvicorn with these options until the block ends; yield its port."""
    with running_server(app, **options) as server:
        yield port_of(server)


@contextmanager
def running_server(app: ASGIApp, **options: Any) -> Iterator[Server]:
    """Run uvicorn with these options until the block ends; yield it."""
    settings = {"host": "127.0.0.1", "port": 0, "log_config": None, **options}
    server = Server(Config(app, **settings))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        _wait_for(server, thread)
        yield server
    finally:
        server.should_exit = True
        thread.join(_SECONDS)
    assert not thread.is_alive()


def _wait_for(server: Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _SECONDS
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.005)


def port_of(server: Server) -> int:
    """Return the port; 0 on a Unix socket."""
    name = server.servers[0].sockets[0].getsockname()
    return name[1] if isinstance(name, tuple) else 0
