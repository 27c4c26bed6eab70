"""The alert rules and the dashboard: valid, tested, and about counters that we have."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from tests.support.docs_examples import DOCS, table
from tests.support.needed import program
from ws_handshake.core.reasons import CATALOGUE
from ws_handshake.prometheus import PrometheusObserver

OPERATIONS = DOCS / "operations"
RULES = (OPERATIONS / "prometheus-rules.yml").read_text(encoding="utf-8")
TESTS = (OPERATIONS / "prometheus-rules-test.yml").read_text(encoding="utf-8")
DASHBOARD: Any = json.loads((OPERATIONS / "grafana-dashboard.json").read_text("utf-8"))
EXPRESSIONS = [t["expr"] for panel in DASHBOARD["panels"] for t in panel["targets"]]

ALERTS = re.findall(r"- alert: (\w+)", RULES)
EVERYTHING = [RULES, TESTS, json.dumps(DASHBOARD).replace('\\"', '"')]


def promtool(*arguments: str) -> str:
    done = subprocess.run(
        [program("promtool"), *arguments],
        cwd=OPERATIONS,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def exposed() -> str:
    registry = CollectorRegistry()
    assert callable(PrometheusObserver(registry=registry).suppressed)
    return generate_latest(registry).decode()


def test_promtool_finds_nothing_wrong_with_the_rules() -> None:
    output = promtool("check", "rules", "prometheus-rules.yml")
    assert f"SUCCESS: {len(ALERTS)} rules found" in output


def test_each_alert_fires_when_it_should_and_only_then() -> None:
    assert "SUCCESS" in promtool("test", "rules", "prometheus-rules-test.yml")


def test_each_alert_has_a_test_in_which_it_fires_and_is_on_the_page() -> None:
    fired = re.findall(
        r"alertname: (\w+)\n +exp_alerts:\n +- exp_labels:\n(?: +\w+: \w+\n)*"
        r" +severity: (\w+)",
        TESTS,
    )
    assert {name for name, _ in fired} == set(ALERTS)
    rows = table(DOCS / "metrics.md", "Alerts and a dashboard")
    assert [row[0].strip("`") for row in rows] == ALERTS
    assert {(row[0].strip("`"), row[1]) for row in rows} == set(fired)


@pytest.mark.parametrize("text", EVERYTHING, ids=["rules", "tests", "dashboard"])
def test_every_counter_and_label_that_is_asked_for_exists(text: str) -> None:
    ours = exposed()
    counters = set(re.findall(r"websocket_\w+", text))
    assert counters
    for counter in counters:
        assert re.search(rf"(?m)^{counter}[ {{]", ours), counter
    selected = re.findall(r"websocket_\w+\{([^}]*)\}", text)
    labels = {name for each in selected for name in re.findall(r"(\w+)[=!]", each)}
    assert labels <= {"outcome", "reason", "status", "job", "instance"}
    codes = {
        code
        for each in re.findall(r'reason[=!~]+"([^"]+)"', text)
        for code in each.split("|")
    }
    assert codes <= {reason.code for reason in CATALOGUE}


def test_the_dashboard_asks_for_every_counter() -> None:
    counters = re.findall(r"(?m)^# TYPE (\w+_total) counter$", exposed())
    asked = "\n".join(EXPRESSIONS)
    assert len(counters) == 4
    assert all(counter in asked for counter in counters)


def test_the_dashboard_can_be_imported_anywhere() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    variables = [each["name"] for each in DASHBOARD["templating"]["list"]]
    assert variables == ["datasource", "job"]
    for panel in panels:
        assert panel["datasource"]["uid"] == "${datasource}"
        assert {t["datasource"]["uid"] for t in panel["targets"]} == {"${datasource}"}
    used = set(re.findall(r"\$(\w+)", "\n".join(EXPRESSIONS)))
    assert used == {"job", "__rate_interval", "__range"}


def test_no_panel_covers_another() -> None:
    places = [
        (x, y)
        for place in (panel["gridPos"] for panel in DASHBOARD["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(places) == len(set(places))
    assert max(x for x, _ in places) == 23


def test_prometheus_takes_the_counters_without_a_complaint() -> None:
    done = subprocess.run(
        [program("promtool"), "check", "metrics"],
        input=exposed(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
