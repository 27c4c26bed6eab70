"""nginx in front of servers, with `proxy_pass` and Host alone, as a process."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import time
import weakref
from contextlib import ExitStack
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from demo_app.settings import HOST
from ws_handshake.core.redaction import printable

if TYPE_CHECKING:
    from collections.abc import Callable

INSTALL = "nginx is not installed; on Debian or Ubuntu: apt-get install nginx"

_SBIN = "/usr/sbin"
_LOG = "log"
_SECONDS_TO_START = 5.0
_SECONDS_TO_END = 5.0

# proxy_bind keeps the client's address, by which the records of a trial are found. It
# changes nothing of what nginx sends; without the second line Host would be a port that
# only this demo knows.
_SITE = """\
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;

events {{}}

http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
{servers}
}}
"""
_SERVER = """\
    server {{
        listen {host}:{port};
        location / {{
            proxy_pass http://{host}:{upstream};
            proxy_set_header Host $http_host;
            proxy_bind $remote_addr;
        }}
    }}"""


class NginxError(Exception):
    """nginx is not installed, or does not start; the text says what to do."""


def program() -> str | None:
    """Return where nginx is; Debian installs it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:{_SBIN}")


class Nginx:
    """An nginx in front of some ports; it starts when it is needed."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._starting = asyncio.Lock()
        self._process: Popen[bytes] | None = None
        self._ports: list[int] = []
        self._stop: Callable[[], object] = _nothing

    async def ports_before(self, upstreams: list[int]) -> list[int]:
        """Return a port of an nginx in front of each of these, as soon as it listens.

        Raises NginxError, with what to do, if there is none.
        """
        async with self._starting:
            if self._process is None or self._process.poll() is not None:
                await self.end()
                await self._start(upstreams)
        return self._ports

    async def end(self) -> None:
        """End it, if it was started."""
        await asyncio.to_thread(self._stop)

    async def _start(self, upstreams: list[int]) -> None:
        path = program()
        if path is None:
            raise NginxError(INSTALL)
        self._ports = _free_ports(len(upstreams))
        directory = Path(mkdtemp(prefix="ws-handshake-nginx-"))
        pairs = zip(self._ports, upstreams, strict=True)
        servers = (_SERVER.format(host=HOST, port=p, upstream=u) for p, u in pairs)
        site = _SITE.format(servers="\n".join(servers))
        (directory / "site.conf").write_text(site, "ascii")
        self._process = process = _run(path, directory)
        # after a second Ctrl-C uvicorn skips the lifespan: then nginx ends at exit
        self._stop = weakref.finalize(self, _end, process, directory)
        if not await _starts_to_listen(process, self._ports[-1]):
            why = _last_line(directory / _LOG)
            await self.end()
            raise NginxError(f"nginx did not start: {why}")


def _run(path: str, directory: Path) -> Popen[bytes]:
    with (directory / _LOG).open("wb") as log:
        return Popen(  # noqa: S603  (nginx, where we found it)
            [path, "-e", "stderr", "-p", str(directory), "-c", "site.conf"],
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            cwd=directory,
        )


async def _starts_to_listen(process: Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        if _listens(port):
            return True
        await asyncio.sleep(0.01)
    return False


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").split("\n")
    return printable(next(filter(None, reversed(lines)), "it logged nothing"))


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0


def _free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]


def _end(process: Popen[bytes], directory: Path) -> None:
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(directory, ignore_errors=True)


def _nothing() -> None:
    pass
