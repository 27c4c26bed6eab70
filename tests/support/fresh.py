"""A virtual environment of its own, and the programs that are installed in it."""

from __future__ import annotations

import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.packages import environment
from tests.support.proxies import end
from tests.support.waiting import wait_until
from tests.support.wires import ROOT, Server, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Runner = Callable[[Sequence[str | Path]], str]

_SECONDS = 600.0


def run(command: Sequence[str | Path]) -> str:
    """Run a program to its end and return what it prints; RuntimeError if it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(NO_COLOR="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    if done.returncode:
        reported = " ".join(map(str, command))
        raise RuntimeError(f"{reported}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


@dataclass(frozen=True)
class Environment:
    """Where it is, and who runs its programs."""

    folder: Path
    run: Runner = run

    def program(self, name: str) -> Path:
        """Return where a program of it is."""
        return self.folder / "bin" / name

    def python(self, *arguments: str | Path) -> str:
        """Run its Python, and return what it prints."""
        return self.run([self.program("python"), *arguments])

    def install(self, *requirements: str) -> None:
        """Install into it what pip finds."""
        self.python("-m", "pip", "install", "--quiet", *requirements)

    def reaches_an_index(self) -> bool:
        """Return whether its pip finds packages."""
        once = ("--retries", "0", "--timeout", "15", "--dest", self.folder / "found")
        try:
            self.python("-m", "pip", "download", "--no-deps", *once, "structlog")
        except RuntimeError:
            return False
        return True

    @contextmanager
    def serving(self, command: Sequence[str], folder: Path) -> Iterator[Server]:
        """Run a server of it in a folder until the block ends; yield it.

        `{port}` in the command is its port; else `--port` is added.
        """
        port = free_port()
        words = [word.replace("{port}", str(port)) for word in command]
        if words == [*command]:
            words += ["--port", str(port)]
        log = folder / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [self.program(words[0]), *words[1:]],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment(NO_COLOR="1", PYTHONUNBUFFERED="1"),
                start_new_session=True,
            )
        try:
            server = Server(port, log, process)
            wait_until(lambda: _is_open(server), server.logged)
            yield server
        finally:
            end(process)


def fresh(python: str, folder: Path, runner: Runner = run) -> Environment:
    """Make an empty environment for a Python, with the newest pip."""
    made = empty(python, folder, runner)
    made.install("--upgrade", "pip")
    return made


def empty(python: str, folder: Path, runner: Runner = run) -> Environment:
    """Make an empty environment for a Python, with the pip that comes with it."""
    runner([python, "-m", "venv", folder])
    return Environment(folder, runner)


def _is_open(server: Server) -> bool:
    if server.process.poll() is not None:
        raise RuntimeError(f"The server did not come up: {server.logged()[-2000:]}")
    try:
        socket.create_connection(("127.0.0.1", server.port), 1).close()
    except OSError:
        return False
    return True
