"""Forward proxies on 127.0.0.1, as they stand in the network of a client."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.needed import is_missing
from tests.support.proxies import end
from tests.support.waiting import wait_until
from tests.support.wires import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])

_SQUID = """\
http_port 127.0.0.1:{port}
http_access allow all
visible_hostname gateway
pid_filename none
netdb_filename none
access_log none
cache_log /dev/null
cache deny all
memory_cache_shared off
shutdown_lifetime 0 seconds
"""
_TINYPROXY = """\
Port {port}
Listen 127.0.0.1
Timeout 30
MaxClients 10
LogLevel Critical
"""

#: How each is called, and its configuration.
FORWARD_PROXIES = {
    "squid": (("-N", "-f"), _SQUID),
    "tinyproxy": (("-d", "-c"), _TINYPROXY),
}


def require_forward(name: str) -> str:
    """Return where the program is; skip the test if it is missing, and in CI, fail."""
    path = shutil.which(name, path=_PATH)
    if path is None:  # pragma: no cover  (where the tests are counted it is there)
        is_missing(f"{name} is not installed: apt-get install {name}")
    return path or name


@contextmanager
def forwarding(name: str, directory: Path, more: str = "") -> Iterator[int]:
    """Run a forward proxy until the block ends, and yield its port."""
    options, text = FORWARD_PROXIES[name]
    port = free_port()
    configuration = directory / f"{name}.conf"
    configuration.write_text(text.format(port=port) + more, encoding="utf-8")
    process = subprocess.Popen(
        [require_forward(name), *options, str(configuration)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=directory,
        start_new_session=True,
    )
    try:
        wait_until(lambda: _accepts(port), process.poll, 20)
        yield port
    finally:
        end(process)


def _accepts(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0
