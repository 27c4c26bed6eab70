"""A real Prometheus on 127.0.0.1, which scrapes one target every second."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.support.needed import program
from tests.support.proxies import end
from tests.support.waiting import wait_until
from tests.support.wires import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_EVERY = "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
_FLAGS = ("--storage.tsdb.path=kept", "--log.level=warn")


@dataclass(frozen=True)
class PrometheusServer:
    """Where it listens, and what it responds."""

    port: int

    def ask(self, path: str, **parameters: str) -> Any:
        """Return what its HTTP API responds; HTTPError for an error."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        url = f"http://127.0.0.1:{self.port}{path}{query}"
        with urllib.request.urlopen(url, timeout=10) as response:
            text = response.read()
        return json.loads(text)["data"] if path.startswith("/api") else text

    def query(self, expression: str) -> dict[tuple[str, ...], float]:
        """Return the present value of each series, by the values of its labels."""
        found = self.ask("/api/v1/query", query=expression)["result"]
        return {
            tuple(value for _, value in sorted(series["metric"].items())): float(
                series["value"][1]
            )
            for series in found
        }


@contextmanager
def prometheus(configuration: str, directory: Path) -> Iterator[PrometheusServer]:
    """Run it in a directory that has the files its configuration names."""
    found = program("prometheus")
    (directory / "prometheus.yml").write_text(_EVERY + configuration, encoding="utf-8")
    server = PrometheusServer(free_port())
    address = f"--web.listen-address=127.0.0.1:{server.port}"
    log = directory / "prometheus.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [found, "--config.file=prometheus.yml", address, *_FLAGS],
            cwd=directory,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: _is_ready(server), lambda: log.read_text("utf-8"))
        yield server
    finally:
        end(process)


def _is_ready(server: PrometheusServer) -> bool:
    try:
        return b"Ready" in server.ask("/-/ready")
    except OSError:
        return False
