"""The demo as it is served, and what its page asks for: trials and verdicts."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from demo_app.app import create_app
from tests.support.inside import running
from tests.support.wires import free_port, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.wires import Server

SECONDS = 60.0


@contextmanager
def demo(log: Path, *, port: int | None = None, **environment: str) -> Iterator[Server]:
    """Run the demo as a person does, until the block ends."""
    port = free_port() if port is None else port
    environment = {"PORT": str(port), **environment}
    with serving(["demo_app"], log, port=port, stdout=None, **environment) as server:
        yield server


@contextmanager
def inspector() -> Iterator[int]:
    """Run the demo within this process until the block ends, and yield its port."""
    port = free_port()
    with running(
        create_app(port),
        port=port,
        ws="wsproto",
        proxy_headers=False,
    ):
        yield port


@dataclass(frozen=True)
class Reply:
    """What the demo responds."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def parsed(self) -> Any:
        """The body, parsed."""
        return json.loads(self.text)


def asked(
    port: int,
    path: str,
    body: str | bytes | None = None,
    method: str = "",
    **headers: str,
) -> Reply:
    """Ask for something; with a body it is posted."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        chosen = method or ("GET" if body is None else "POST")
        connection.request(chosen, path, body, named)
        response = connection.getresponse()
        lower = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, lower, response.read().decode("utf-8"))
    finally:
        connection.close()


def posted(port: int, path: str, **parts: object) -> Reply:
    """Post JSON, as the page does."""
    return asked(port, path, json.dumps(parts), content_type="application/json")


def tried(port: int, trial: str | None = None, **parts: object) -> Any:
    """Run a trial, or send a head, and return what the page gets."""
    named = {} if trial is None else {"trial": trial}
    reply = posted(port, "/trials", **named, **parts)
    assert reply.status == 200, reply.text
    return reply.parsed


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, f"It did not come about in {SECONDS:g} s."
        time.sleep(0.01)
