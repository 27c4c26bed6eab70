"""The servers that the conformance catalogue is sent to, and how each is started."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tests.support.needed import is_missing
from tests.support.peer_servers import NODE_PATH
from tests.support.wires import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.wires import Server

_BARE = "tests.support.apps:bare"
_OURS = ("--factory", "tests.support.apps:corpus")
_PARSERS = ("h11", "httptools")
_LIBRARIES = {"wsproto": "wsproto", "websockets": "websockets-sansio"}

NODE_WS = "Node.js ws"


@dataclass(frozen=True)
class Stack:
    """A server; what it is made of, whose versions belong to what was measured."""

    title: str
    command: tuple[str, ...]
    parts: tuple[str, ...]
    ours: bool = False

    def missing(self) -> str | None:
        """Return what is not installed, or None."""
        if self.title == NODE_WS:
            return None if _version_of_ws() else "Node.js with ws (node-ws)"
        return next((part for part in self.parts if find_spec(part) is None), None)

    def versions(self) -> str:
        """Return the names and versions of the parts."""
        if self.title == NODE_WS:
            return f"ws {_version_of_ws()}"
        return ", ".join(f"{part} {version(part)}" for part in self.parts)

    @contextmanager
    def running(self, log: Path) -> Iterator[Server]:
        """Run it on a port of 127.0.0.1 until the block ends."""
        with serving(self.command, log) as server:
            yield server


def _uvicorn(parser: str, library: str, *, ours: bool) -> Stack:
    # what ours adds to uvicorn it installs by itself
    app = _OURS if ours else (_BARE,)
    protocols = ("--http", parser, "--ws", _LIBRARIES[library])
    return Stack(
        f"uvicorn, {parser}, {library}" + (", with our protocol class" if ours else ""),
        ("uvicorn", *app, "--port", "{port}", "--log-level", "critical", *protocols),
        ("uvicorn", parser, library),
        ours,
    )


def _gunicorn(app: str, worker: str) -> tuple[str, ...]:
    given = ("--bind", "127.0.0.1:{port}", "--graceful-timeout", "2")
    return ("gunicorn", app, *given, "--worker-class", worker)


def _program(name: str) -> tuple[str, ...]:
    return ("tests.support.peer_servers", name, "{port}")


STACKS: tuple[Stack, ...] = (
    *(
        _uvicorn(parser, library, ours=ours)
        for ours in (True, False)
        for parser in _PARSERS
        for library in _LIBRARIES
    ),
    Stack(
        "hypercorn",
        ("hypercorn", _BARE, "--bind", "127.0.0.1:{port}"),
        ("hypercorn", "wsproto"),
    ),
    Stack(
        "hypercorn, with our configuration",
        (
            *("hypercorn", f"{_OURS[1]}()", "--bind", "127.0.0.1:{port}"),
            *("--config", "python:ws_handshake.hypercorn"),
        ),
        ("hypercorn", "wsproto"),
    ),
    Stack("gunicorn", _gunicorn(_BARE, "asgi"), ("gunicorn",)),
    Stack(
        "gunicorn, with our worker",
        _gunicorn(f"{_OURS[1]}()", "ws_handshake.gunicorn.ASGIWorker"),
        ("gunicorn",),
    ),
    Stack(
        "daphne",
        ("daphne", "-b", "127.0.0.1", "-p", "{port}", _BARE),
        ("daphne", "autobahn"),
    ),
    Stack(
        "granian",
        (
            *("granian", _BARE, "--interface", "asgi"),
            *("--host", "127.0.0.1", "--port", "{port}"),
        ),
        ("granian",),
    ),
    Stack("aiohttp", _program("aiohttp"), ("aiohttp",)),
    Stack("websockets", _program("websockets"), ("websockets",)),
    Stack(NODE_WS, _program("ws"), ("ws",)),
)


def need(stack: Stack) -> None:
    """Skip a test whose server is not installed; on CI, fail it."""
    missing = stack.missing()
    if missing is None:
        return
    is_missing(f"{missing} is not installed.")


def _version_of_ws() -> str | None:
    node = shutil.which("node")
    if node is None:
        return None
    found = subprocess.run(
        [node, "-p", "require('ws/package.json').version"],
        env={**os.environ, "NODE_PATH": NODE_PATH},
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or None
