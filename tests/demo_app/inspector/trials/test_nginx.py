"""nginx in front of the demo: started when it is needed, and ended with the demo."""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from pathlib import Path
from tempfile import gettempdir

import pytest

from demo_app.inspector.trials import nginx
from demo_app.inspector.trials.nginx import Nginx, NginxError, program
from tests.support import proxies
from tests.support.demos import inspector, tried
from tests.support.sse import play

LISTENS_AND_STAYS = """\
import re, signal, socket, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
port = int(re.search(r"listen 127.0.0.1:(\\d+)", open("site.conf").read())[1])
listener = socket.create_server(("127.0.0.1", port))
time.sleep(60)
"""


def directories() -> set[Path]:
    return set(Path(gettempdir()).glob("ws-handshake-nginx-*"))


def is_open(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def bin_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only directory in which programs are looked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(nginx, "_SBIN", str(tmp_path))
    return tmp_path


def install(directory: Path, *lines: str) -> None:
    """Install a program called nginx."""
    fake = directory / "nginx"
    fake.write_text("\n".join(["#!/bin/sh", *lines]), "ascii")
    fake.chmod(0o755)


def why_it_fails() -> str:
    """Start nginx, which must fail, and return the message."""
    before = directories()
    with pytest.raises(NginxError) as raised:
        asyncio.run(Nginx().ports_before([1]))
    assert directories() == before
    return str(raised.value)


def test_it_starts_once_listens_and_ends_without_a_trace() -> None:
    proxies.require("nginx")

    async def visit() -> None:
        before = directories()
        proxy = Nginx()
        await proxy.end()
        ports, again = await asyncio.gather(
            proxy.ports_before([1, 2]), proxy.ports_before([1, 2])
        )
        assert ports == again
        assert all(map(is_open, ports))
        (directory,) = directories() - before
        site = (directory / "site.conf").read_text()
        assert re.findall("proxy_pass (.*);", site) == [
            *("http://127.0.0.1:1", "http://127.0.0.1:2")
        ]
        await proxy.end()
        assert not any(map(is_open, ports))
        assert directories() == before

    play(visit())


def test_one_that_has_ended_is_started_again() -> None:
    proxies.require("nginx")

    async def visit() -> None:
        proxy = Nginx()
        await proxy.ports_before([1])
        assert proxy._process is not None
        proxy._process.kill()
        proxy._process.wait()
        assert all(map(is_open, await proxy.ports_before([1])))
        await proxy.end()

    play(visit())


def test_it_ends_with_the_demo() -> None:
    proxies.require("nginx")
    before = directories()
    with inspector() as port:
        assert tried(port, "valid", nginx=True)["responses"][0]["status"]
        assert len(directories() - before) == 1
    assert directories() == before


def test_without_nginx_the_message_says_what_to_install(
    bin_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert program() is None
    assert why_it_fails() == (
        "nginx is not installed; on Debian or Ubuntu: apt-get install nginx"
    )
    install(bin_only, "exit 1")
    assert program() == f"{bin_only}/nginx"
    monkeypatch.delenv("PATH")
    assert program() == f"{bin_only}/nginx"


def test_one_that_fails_is_reported_by_its_last_line(bin_only: Path) -> None:
    install(bin_only, "echo first", "echo '[emerg] no \033[1mport' >&2", "exit 1")
    assert why_it_fails() == r"nginx did not start: [emerg] no \x1b[1mport"


def test_one_that_fails_and_logs_nothing_is_reported_too(bin_only: Path) -> None:
    install(bin_only, "exit 0")
    assert why_it_fails() == "nginx did not start: it logged nothing"


def test_one_that_does_not_listen_is_not_waited_for(
    bin_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nginx, "_SECONDS_TO_START", 0.3)
    install(bin_only, "exec /bin/sleep 60")
    assert why_it_fails() == "nginx did not start: it logged nothing"


def test_one_that_ignores_the_signal_to_end_is_killed(
    bin_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nginx, "_SECONDS_TO_END", 0.1)
    (bin_only / "fake.py").write_text(LISTENS_AND_STAYS, "ascii")
    install(bin_only, f"exec {sys.executable} {bin_only}/fake.py")

    async def visit() -> None:
        proxy = Nginx()
        (port,) = await proxy.ports_before([1])
        assert proxy._process is not None
        await proxy.end()
        assert proxy._process.returncode == -9
        assert not is_open(port)

    play(visit())


def test_one_that_was_not_ended_ends_with_the_process() -> None:
    proxies.require("nginx")

    async def visit() -> None:
        proxy = Nginx()
        await proxy.ports_before([1])
        process = proxy._process
        del proxy
        assert process is not None
        assert process.poll() is not None

    play(visit())
