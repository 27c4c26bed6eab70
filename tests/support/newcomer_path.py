"""The first steps of a newcomer: a program of the docs, and a broken handshake."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import TYPE_CHECKING
from urllib.request import urlopen

from tests.support.docs_examples import DOCS, blocks, sections
from tests.support.echoing import SOCKET_IO, USUAL
from tests.support.first_steps import README, Typed, follow
from tests.support.handshakes import VALID
from tests.support.waiting import wait_until
from tests.support.wires import ask, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.support.docs_examples import Block
    from tests.support.echoing import WebSocketPath
    from tests.support.fresh import Environment
    from tests.support.wires import Server

#: What has to be installed for the program under a heading of the page.
FRAMEWORKS: Mapping[str, str] = {
    "FastAPI": "fastapi",
    "Starlette": "starlette",
    "Litestar": "litestar",
    "Quart": "quart",
    "Django Channels": "channels",
    "Falcon": "falcon",
    "BlackSheep": "blacksheep",
    "python-socketio": "python-socketio",
}
#: The quick start's broken handshake has a key that is too short, and no version.
CODE = "key_malformed"
COUNTED = (
    'websocket_handshake_rejections_total{reason="key_malformed",status="400"} 1.0'
)

_IMPORT = "from ws_handshake import WebSocketHandshakeMiddleware\n"
# What docs/metrics.md adds, with prometheus_client's own server: every framework has
# another way to mount one, and another place where the middleware gets its options.
_METRICS = """
from functools import partial

from prometheus_client import start_http_server

from ws_handshake.structlog import StructlogObserver
from ws_handshake.prometheus import PrometheusObserver

metrics = PrometheusObserver()
observers = [StructlogObserver(on_suppressed=metrics.suppressed), metrics]
WebSocketHandshakeMiddleware = partial(
    WebSocketHandshakeMiddleware, observers=observers
)
start_http_server({port}, "127.0.0.1")
"""


def readme(environment: Environment, wheel: Path, folder: Path) -> Iterator[str]:
    """Type what the README says, with the wheel for the package's name.

    Yields each step that held: what comes back is what it shows.
    """
    typed = Typed.on(README)
    _, _, *requirements = typed.install
    environment.install(
        *(part.replace("ws-handshake", str(wheel)) for part in requirements)
    )
    came_back = follow(typed, environment.serving, folder)
    shown = {b.title: b.text for b in blocks(README.read_text(encoding="utf-8"))}
    for what, seen in came_back.shown.items():
        yield expect(f"the {what}", holds=shown[what] == seen, seen=seen)
    with environment.serving(typed.start, folder) as server:
        valid = ask(server.port, VALID.wire())
    yield expect("101", holds=valid.status == 101, seen=valid.raw)


def quick_start(environment: Environment, folder: Path) -> Iterator[str]:
    """Follow the quick start; yield each step that held."""
    program = Typed.on(DOCS / "quickstart.md").program
    yield from _walk(environment, folder, program, USUAL)


def framework(environment: Environment, folder: Path, name: str) -> Iterator[str]:
    """Follow the page about frameworks, then count as the page about metrics does."""
    (block,) = _programs(sections(_page("frameworks.md"))[name])
    path = SOCKET_IO if name == "python-socketio" else USUAL
    yield from _walk(environment, folder, block.text, path)
    metrics = free_port()
    yield from _counted(
        environment, folder, observed(block.text, metrics), path, metrics
    )


def metrics_page(environment: Environment, folder: Path) -> Iterator[str]:
    """Run the first program of the page about metrics as it stands."""
    (first, *_) = _programs(_page("metrics.md"))
    yield from _counted(environment, folder, first.text, USUAL, None)


def command(environment: Environment) -> Iterator[str]:
    """Ask the command what a code means."""
    printed = environment.run([environment.program("ws-handshake"), "explain", CODE])
    yield expect("the code's page", holds=CODE in printed, seen=printed)


def observed(program: str, port: int) -> str:
    """Return a program whose middleware counts for Prometheus, too."""
    before, imported, after = program.partition(_IMPORT)
    if not imported:
        raise ValueError(f"The program has no line {_IMPORT.strip()!r} to add to.")
    return before + imported + _METRICS.format(port=port) + after


def expect(what: str, *, holds: bool, seen: object) -> str:
    """Return the name of a step that held, or raise RuntimeError with what is seen."""
    if not holds:
        raise RuntimeError(f"Expected {what}; seen: {seen}")
    return what


def _walk(
    environment: Environment, folder: Path, program: str, path: WebSocketPath
) -> Iterator[str]:
    with _started(environment, folder, program) as server:
        valid = ask(server.port, path.asked(VALID).wire())
        yield expect("101", holds=valid.status == 101, seen=valid.raw)
        yield from _rejected(server, path)
        yield from _logged(server)


def _counted(
    environment: Environment,
    folder: Path,
    program: str,
    path: WebSocketPath,
    metrics: int | None,
) -> Iterator[str]:
    with _started(environment, folder, program) as server:
        for _ in _rejected(server, path):
            pass
        url = f"http://127.0.0.1:{metrics or server.port}/metrics/"
        with urlopen(url, timeout=10) as response:
            text = response.read().decode("utf-8")
        yield expect("the metric", holds=COUNTED in text.splitlines(), seen=text)


def _started(
    environment: Environment, folder: Path, program: str
) -> AbstractContextManager[Server]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.py").write_text(program, encoding="utf-8")
    return environment.serving(_typed("frameworks.md", "$ uvicorn"), folder)


def _rejected(server: Server, path: WebSocketPath) -> Iterator[str]:
    asked = [
        part.replace(":8000/ws", f":{server.port}{path.path}")
        for part in _typed("quickstart.md", "$ curl")
    ]
    done = subprocess.run([*asked, "-sS"], capture_output=True, check=True, timeout=30)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    yield expect("400", holds=head.startswith(b"HTTP/1.1 400 "), seen=done.stdout)
    code = json.loads(body)["code"]
    yield expect("the code", holds=code == CODE, seen=code)


def _logged(server: Server) -> Iterator[str]:
    def is_logged() -> bool:
        lines = server.logged().splitlines()
        wanted = ("WebSocket handshake rejected: ", CODE)
        return any(all(part in line for part in wanted) for line in lines)

    wait_until(is_logged, server.logged, seconds=20)
    yield "the log line"


def _typed(page: str, prompt: str) -> list[str]:
    """Return the first command of a page that begins so, as a shell splits it."""
    texts = (block.text for block in blocks(_page(page)))
    typed = next(text for text in texts if text.startswith(prompt))
    return shlex.split(typed.removeprefix("$ ").replace("\\\n", ""))


def _programs(text: str) -> list[Block]:
    return [block for block in blocks(text) if block.language == "python"]


def _page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")
