"""The page about metrics, followed: four workers, and a real Prometheus."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from prometheus_client.mmap_dict import MmapedDict

from tests.support.docs_examples import DOCS, blocks
from tests.support.handshakes import VALID
from tests.support.needed import program
from tests.support.prometheus_server import prometheus
from tests.support.waiting import wait_until
from tests.support.wires import ask, serving
from ws_handshake.core.reasons import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.prometheus_server import PrometheusServer
    from tests.support.wires import Server

PAGE = blocks((DOCS / "metrics.md").read_text(encoding="utf-8"))
SHOWN = {block.title: block.text for block in PAGE}
OPERATIONS = DOCS / "operations"

#: What is sent, how often in a batch, and what is counted for it.
SENT = [
    (VALID, 20, "accepted"),
    (VALID.without(b"upgrade"), 9, "upgrade_missing"),
    (VALID.but(b"sec-websocket-key", b"AAAA"), 7, "key_malformed"),
    (VALID.asked(target=b"/nowhere"), 5, "denied_by_app"),
    (VALID.but(b"sec-websocket-version", b"8"), 3, "version_unsupported"),
    (VALID.plus(b"x odd", b"1"), 1, "head_malformed"),
]
WORKERS = 4

VARIABLES = {"job": ".+", "__rate_interval": "1m", "__range": "1h"}
_variable = re.compile(r"\$(\w+)")


@contextmanager
def started(directory: Path) -> Iterator[Server]:
    """Save the application of the page and start it with the page's command."""
    main = SHOWN["main"].replace("make_asgi_app()", "several_workers()")
    assert main != SHOWN["main"]
    text = f"{SHOWN['several workers']}\n{main}"
    (directory / "main.py").write_text(text, encoding="utf-8")
    kept = directory / "kept-by-workers"
    kept.mkdir()
    command = shlex.split(SHOWN["start"].splitlines()[1].removeprefix("$ "))
    command += ["--app-dir", str(directory), "--port", "{port}"]
    log = directory / "log"
    with serving(command, log, PROMETHEUS_MULTIPROC_DIR=str(kept)) as server:
        wait_until(lambda: len(list(kept.glob("*.db"))) == WORKERS, server.logged)
        yield server


@contextmanager
def watched(server: Server, directory: Path) -> Iterator[PrometheusServer]:
    """Start Prometheus with the page's configuration and rules."""
    configuration = SHOWN["configuration"].replace(":8000", f":{server.port}")
    shutil.copy(OPERATIONS / "prometheus-rules.yml", directory)
    with prometheus(configuration, directory) as watcher:
        total = "sum(websocket_handshakes_total)"
        wait_until(lambda: watcher.query(total) == {(): 0}, server.logged)
        yield watcher


def send_batch(server: Server) -> Counter[str]:
    """Send each handshake as often as SENT has it, in eight threads."""
    batch = [(h.wire(), code) for h, times, code in SENT for _ in range(times)]
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda pair: ask(server.port, pair[0]), batch))
    for response, (_, code) in zip(responses, batch, strict=True):
        rejected = [code] if code not in {"accepted", "denied_by_app"} else []
        assert list(response.codes) == rejected
    return Counter(code for _, code in batch)


def busy_workers(directory: Path) -> int:
    """Return how many workers have counted something."""
    files = (directory / "kept-by-workers").glob("*.db")
    read: Any = MmapedDict
    entries = [read.read_all_values_from_file(str(file)) for file in files]
    return sum(any(value for _, value, *_ in each) for each in entries)


def expressions() -> list[str]:
    """Return the queries of the dashboard, with its variables filled in."""
    text = (OPERATIONS / "grafana-dashboard.json").read_text(encoding="utf-8")
    asked = [t["expr"] for p in json.loads(text)["panels"] for t in p["targets"]]
    return [_variable.sub(lambda m: VARIABLES[m[1]], each) for each in asked]


def test_prometheus_counts_what_was_sent_to_four_workers_to_the_last_one(
    tmp_path: Path,
) -> None:
    program("prometheus")
    with started(tmp_path) as server, watched(server, tmp_path) as watcher:
        sent: Counter[str] = Counter()
        while busy_workers(tmp_path) < 2:
            assert sent.total() < 5000, "one worker takes them all"
            sent += send_batch(server)
        total = {(): sent.total()}
        seen = "sum(websocket_handshakes_total)"
        wait_until(lambda: watcher.query(seen) == total, lambda: watcher.query(seen))
        _exact(watcher, sent)
        _all_series(watcher)
        for expression in expressions():
            assert watcher.query(expression) or "suppressed" in expression, expression
        _no_rule_fails(watcher)


def _exact(watcher: PrometheusServer, sent: Counter[str]) -> None:
    rejected = sent.total() - sent["accepted"]
    assert watcher.query("sum by (outcome) (websocket_handshakes_total)") == {
        ("accepted",): sent["accepted"],
        ("rejected",): rejected,
        ("reported",): 0,
    }
    by_reason = "sum by (reason) (websocket_handshake_rejections_total) > 0"
    reasons = {(code,): number for code, number in sent.items() if code != "accepted"}
    assert watcher.query(by_reason) == reasons


def _all_series(watcher: PrometheusServer) -> None:
    series = "count(websocket_handshake_rejections_total)"
    assert watcher.query(series) == {(): len(CATALOGUE)}
    assert watcher.query("websocket_handshake_observer_errors_total").popitem()[1] == 0


def _no_rule_fails(watcher: PrometheusServer) -> None:
    text = (OPERATIONS / "prometheus-rules.yml").read_text(encoding="utf-8")
    alerts = re.findall(r"- alert: (\w+)", text)
    assert [rule["name"] for rule in _rules(watcher)] == alerts
    wait_until(
        lambda: all(rule["health"] == "ok" for rule in _rules(watcher)),
        lambda: _rules(watcher),
    )


def _rules(watcher: PrometheusServer) -> list[dict[str, object]]:
    groups = watcher.ask("/api/v1/rules")["groups"]
    return [rule for group in groups for rule in group["rules"]]
