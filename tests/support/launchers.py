"""Every way in which people start an application under uvicorn, and others' servers.

Each application says at /ws what it is sent, and has a page at /. Its log is JSON, so
that a test can tell what is in it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.tls import Certificate, certify
from tests.support.wires import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BIN = Path(sys.executable).parent
_SECONDS = 60.0

_LOG = """\
import structlog
structlog.configure(processors=[structlog.processors.JSONRenderer()])
from ws_handshake import WebSocketHandshakeMiddleware
"""
_FASTAPI = """\
from fastapi import FastAPI, WebSocket
{before}
app = FastAPI({options})
@app.get("/")
async def home():
    return "home"
@app.websocket("/ws")
async def echo(websocket: WebSocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)
"""
_STARLETTE = """\
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
async def home(request):
    return PlainTextResponse("home")
async def echo(websocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)
routes = [Route("/", home), WebSocketRoute("/ws", echo)]
app = Starlette(routes=routes{options})
"""
_FACTORY = """
def create():
    return app
"""

_LISTED = "middleware=[Middleware(WebSocketHandshakeMiddleware)]"
_ADDED = "app.add_middleware(WebSocketHandshakeMiddleware)"


@dataclass(frozen=True)
class Program:
    """An application, as the page calls it, and where it is mounted."""

    name: str
    module: str
    text: str
    mount: str = ""

    @property
    def is_fastapi(self) -> bool:
        """Whether `fastapi run` finds an application in it."""
        return "FastAPI(" in self.text

    def save(self, folder: Path) -> None:
        """Write it as a module."""
        whole = _LOG + self.text + _FACTORY
        (folder / f"{self.module}.py").write_text(whole, encoding="utf-8")


ADDED = Program(
    "FastAPI, `add_middleware`",
    "fastapi_added",
    _FASTAPI.format(before="", options="") + _ADDED,
)
WRAPPED = Program(
    "wrapped",
    "wrapped",
    _STARLETTE.format(options="") + "app = WebSocketHandshakeMiddleware(app)",
)
MOUNTED = Program(
    "in a `Mount`",
    "mounted",
    f"{_STARLETTE.format(options='')}inner = app\nfrom fastapi import FastAPI\n"
    'app = FastAPI()\napp.mount("/in", WebSocketHandshakeMiddleware(inner))',
    mount="/in",
)
PROGRAMS = (
    ADDED,
    Program(
        "FastAPI, `middleware=[...]`",
        "fastapi_listed",
        _FASTAPI.format(
            before="from starlette.middleware import Middleware", options=_LISTED
        ),
    ),
    Program(
        "Starlette, `add_middleware`",
        "starlette_added",
        _STARLETTE.format(options="") + _ADDED,
    ),
    Program(
        "Starlette, `middleware=[...]`",
        "starlette_listed",
        _STARLETTE.format(options=f", {_LISTED}"),
    ),
    WRAPPED,
    MOUNTED,
)

# Programs of their own, which are started with the module and the port.
_RUN = {
    "run_name.py": "import sys, uvicorn\n"
    'if __name__ == "__main__":\n'
    '    uvicorn.run(f"{sys.argv[1]}:app", port=int(sys.argv[2]))\n',
    "run_app.py": "import sys, uvicorn\nfrom importlib import import_module\n"
    "uvicorn.run(import_module(sys.argv[1]).app, port=int(sys.argv[2]))\n",
    # the wrapped application, and after two requests what it wraps
    "run_twice.py": "import uvicorn\nfrom wrapped import app\nimport sys\n"
    "for each in (app, app.app):\n"
    "    uvicorn.run(each, port=int(sys.argv[2]), limit_max_requests=2)\n",
    "run_serve.py": "import asyncio, sys, uvicorn\n"
    "from importlib import import_module\n"
    "async def main():\n"
    "    app = import_module(sys.argv[1]).app\n"
    "    await uvicorn.Server(uvicorn.Config(app, port=int(sys.argv[2]))).serve()\n"
    "asyncio.run(main())\n",
}

_UVICORN = "uvicorn {module}:app --port {port}"
_GUNICORN = "gunicorn {module}:app --bind 127.0.0.1:{port} --graceful-timeout 1 "

#: The rows of the page, and the commands.
LAUNCHERS: Mapping[str, str] = {
    "`uvicorn main:app`": _UVICORN,
    "`uvicorn --factory`": "uvicorn --factory {module}:create --port {port}",
    "`uvicorn --workers 2`": f"{_UVICORN} --workers 2",
    "`uvicorn --reload`": f"{_UVICORN} --reload",
    "`uvicorn --http h11`": f"{_UVICORN} --http h11",
    "`uvicorn --ws wsproto`": f"{_UVICORN} --ws wsproto",
    "`uvicorn --ws websockets-sansio`": f"{_UVICORN} --ws websockets-sansio",
    "`uvicorn --loop uvloop`": f"{_UVICORN} --loop uvloop",
    "`uvicorn --loop asyncio`": f"{_UVICORN} --loop asyncio",
    "`uvicorn --uds`": "uvicorn {module}:app --uds socket",
    "`uvicorn --ssl-certfile`": f"{_UVICORN} --ssl-certfile cert.pem "
    "--ssl-keyfile key.pem",
    "`python -m uvicorn`": f"python -m {_UVICORN}",
    '`uvicorn.run("main:app")`': "python run_name.py {module} {port}",
    "`uvicorn.run(app)`": "python run_app.py {module} {port}",
    "`uvicorn.Server(config).serve()`": "python run_serve.py {module} {port}",
    "`fastapi run`": "fastapi run {module}.py --port {port}",
    "`fastapi dev`": "fastapi dev {module}.py --port {port}",
    "`gunicorn` with `uvicorn_worker.UvicornWorker`": f"{_GUNICORN}"
    "--worker-class uvicorn_worker.UvicornWorker",
}

#: Where the middleware cannot install anything, and what its warning has you type.
WARNED: Mapping[str, tuple[str, str]] = {
    "`gunicorn` with `asgi`": (
        f"{_GUNICORN}--worker-class asgi",
        "--worker-class ws_handshake.gunicorn.ASGIWorker",
    ),
    "`hypercorn`": (
        "hypercorn {module}:app --bind 127.0.0.1:{port}",
        "--config python:ws_handshake.hypercorn",
    ),
    "`granian`": (
        "granian --interface asgi {module}:app --host 127.0.0.1 --port {port}",
        "",
    ),
    "`daphne`": ("daphne -b 127.0.0.1 -p {port} {module}:app", ""),
    "`uvicorn --http chosen:Chosen`, a class of yours": (
        f"{_UVICORN} --http chosen:Chosen",
        "--http ws_handshake.uvicorn:AutoHTTPProtocol",
    ),
}
_CHOSEN = """\
from uvicorn.protocols.http.h11_impl import H11Protocol
class Chosen(H11Protocol): pass
"""


@dataclass(frozen=True)
class Started:
    """A server that runs: where it listens, and what it logs to."""

    port: int
    folder: Path
    log: Path
    certificate: Certificate | None

    def logged(self) -> str:
        """Return all that has been written up to now."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def connect(self) -> socket.socket:
        """Open a connection, over whatever it listens on."""
        if (self.folder / "socket").exists():
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(_SECONDS)
            connection.connect(os.fspath(self.folder / "socket"))
            return connection
        plain = socket.create_connection(("127.0.0.1", self.port), _SECONDS)
        if self.certificate is None:
            return plain
        context = self.certificate.trusted()
        return context.wrap_socket(plain, server_hostname="127.0.0.1")

    def exchange(self, data: bytes) -> bytes:
        """Send a request, and return what comes until the end, or a head of a 101."""
        received = b""
        with self.connect() as connection:
            connection.sendall(data)
            while not (
                received.startswith(b"HTTP/1.1 101") and b"\r\n\r\n" in received
            ):
                chunk = connection.recv(65536)
                if not chunk:
                    break
                received += chunk
        return received


@contextmanager
def started(command: str, program: Program, folder: Path) -> Iterator[Started]:
    """Save a program into an empty folder, and start it there by this command."""
    program.save(folder)
    for name, text in {**_RUN, "chosen.py": _CHOSEN}.items():
        (folder / name).write_text(text, encoding="utf-8")
    certificate = certify(folder) if "cert.pem" in command else None
    port, log = free_port(), folder / "log"
    first, *rest = command.format(module=program.module, port=port).split()
    path = os.pathsep.join([os.fspath(folder), os.environ.get("PYTHONPATH", "")])
    environment = {"PYTHONPATH": path, "HOME": os.fspath(folder), "NO_COLOR": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [_BIN / first, *rest],
            cwd=folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        server = Started(port, folder, log, certificate)
        _wait_until_open(server, process)
        yield server
    finally:
        _end(process)


def _wait_until_open(server: Started, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.connect().close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"The server did not come up: {server.logged()[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and all the processes that it has started."""
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(3)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
