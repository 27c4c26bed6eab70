"""The pages about metrics and traces hold, and so do Elastic's names."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, generate_latest

from tests.support.docs_examples import (
    DOCS,
    application,
    blocks,
    outcome,
    renewed,
    sections,
    table,
)
from tests.support.signals import every_outcome
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.ecs import to_ecs
from ws_handshake.outcome.terminal import line_of
from ws_handshake.prometheus import PrometheusObserver

if TYPE_CHECKING:
    from pathlib import Path

METRICS, TRACES = DOCS / "metrics.md", DOCS / "traces.md"
LOGS = DOCS / "logs.md"

_list = re.compile(r"\[\s+([^\]]+?)\s+\]")

# What the first example of the page is asked in a fresh interpreter.
ASKED = """
from starlette.testclient import TestClient
client = TestClient(app)
key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
assert client.get("/ws", headers=key).status_code == 400
with client.websocket_connect("/ws") as websocket:
    websocket.send_text("hello")
    assert websocket.receive_text() == "hello"
print(client.get("/metrics").text)
"""


def titled(path: Path, title: str) -> str:
    """Return the first block of a page with this title."""
    page = blocks(path.read_text(encoding="utf-8"))
    return next(block.text for block in page if block.title == title)


def names(rows: list[list[str]], column: int = 0) -> list[str]:
    return [row[column].strip("`") for row in rows]


def test_the_counters_are_those_that_are_exposed() -> None:
    registry = CollectorRegistry()
    assert callable(PrometheusObserver(registry=registry).suppressed)
    text = generate_latest(registry).decode()
    exposed = {
        counter: set(re.findall(rf"(?m)^{counter}{{(.*)}} ", text)) or {""}
        for counter in re.findall(r"(?m)^# TYPE (\w+_total) counter$", text)
    }
    rows = table(METRICS, "The counters")
    assert {
        counter: ", ".join(re.findall(r'(\w+)="', series.pop()))
        for counter, series in exposed.items()
    } == {
        counter.strip("`"): labels.replace("`", "").replace("none", "")
        for counter, labels, _ in rows
    }


def test_the_first_example_shows_what_prometheus_reads() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", titled(METRICS, "main") + ASKED],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = ran.stdout.splitlines()
    for line in titled(METRICS, "metrics").splitlines():
        assert line in lines


def test_the_attributes_of_the_span_are_those_that_are_set() -> None:
    spans = [set(span["attributes"]) for span in every_outcome().spans()]
    rows = table(TRACES, "The span")
    assert set(names(rows)) == set().union(*spans)
    always = {row[0].strip("`") for row in rows if row[1] == "always"}
    assert always == set.intersection(*spans)


def test_the_metrics_are_those_that_are_made() -> None:
    metrics = every_outcome().metrics()
    assert names(table(TRACES, "Metrics")) == list(metrics)
    points = [point for each in metrics.values() for point, _ in each]
    attributes = {name for point in points for name in point}
    page = TRACES.read_text(encoding="utf-8").split("## Metrics")[1]
    assert all(f"`{name}`" in page for name in attributes)
    assert len(attributes) == 3


def test_the_versions_are_those_of_the_package() -> None:
    project = (DOCS.parent / "pyproject.toml").read_text(encoding="utf-8")
    (lowest,) = re.findall(r'"opentelemetry-api>=([0-9.]+)"', project)
    assert f"opentelemetry-api from {lowest} on" in TRACES.read_text(encoding="utf-8")


def test_what_elastics_names_change_in_the_rejection_is_on_the_page() -> None:
    app = WebSocketHandshakeMiddleware(application)
    line = outcome(app, titled(LOGS, "request")).log_line
    event: Any = {**line, "timestamp": "2026-11-21T12:00:00.000000Z"}
    named = to_ecs(None, "warning", dict(event))
    changed = {n: v for n, v in named.items() if event.get(n) != v}
    text = json.dumps(changed, indent=2) + "\n"
    wanted = _list.sub(lambda m: f"[{' '.join(m[1].split())}]", text)
    assert renewed(LOGS, titled(LOGS, "ECS"), wanted) == wanted, "RENEW=1 writes it"


def test_the_line_without_any_set_up_is_the_one_of_the_page() -> None:
    app = WebSocketHandshakeMiddleware(application)
    event = outcome(app, titled(LOGS, "request")).log_line
    line = line_of(event.pop("level"), event.pop("event"), event)
    wanted = re.sub(r"^\d\d:\d\d:\d\d", "12:00:00", line) + "\n"
    assert renewed(LOGS, titled(LOGS, "terminal"), wanted) == wanted, (
        "RENEW=1 writes it"
    )


def test_the_page_names_the_fields_that_elastics_names_change_elsewhere() -> None:
    shown = titled(LOGS, "ECS") + sections(LOGS.read_text("utf-8"))["Set up structlog"]
    values = {name: f"value of {name}" for name in names(table(LOGS, "Fields"))}
    event: Any = {**values, "http.response.status_code": 400}
    named = to_ecs(None, "warning", dict(event))
    for name, value in named.items():
        assert event.get(name) == value or name in shown, name
