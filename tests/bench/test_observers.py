"""The bench of the observers runs and prints; people judge what it prints."""

from __future__ import annotations

import json
import re
import runpy
import sys
from typing import TYPE_CHECKING

from tests.bench.requests import WITHOUT_KEY
from tests.support.asgi import Spy, ask
from tests.support.docs_examples import DOCS, blocks
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

LINE = re.compile(r"  (\S.*?) +[0-9.]+ us  ratio +[0-9]+\.[0-9]{2}")


def measured(lines: list[str]) -> list[str]:
    return [found[1] for line in lines if (found := LINE.fullmatch(line))]


def test_the_quick_bench_prints_a_ratio_for_every_observer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--quick"])
    runpy.run_module("tests.bench.observers", run_name="__main__")
    lines = capsys.readouterr().out.splitlines()

    assert lines[0].startswith("Python 3.")
    assert measured(lines) == [
        *("none", "structlog observer", "structlog observer, in a flood", "Prometheus"),
        *("structlog observer and Prometheus", "OpenTelemetry without SDK"),
        *("OpenTelemetry, in a flood", "none", "structlog observer and Prometheus"),
    ]


def test_a_rejection_that_reaches_every_observer_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.bench.observers import (  # noqa: PLC0415  (run before it is imported)
        observed,
        observers,
        silent,
    )

    with (tmp_path / "log").open("w+") as log:
        for watching in observers(log).values():
            app = WebSocketHandshakeMiddleware(Spy(), observers=watching)
            assert ask(app, WITHOUT_KEY.http_scope())[0]["status"] == 400
            assert app.notifier.errors == 0
        log.seek(0)
        lines = [json.loads(line) for line in log]
    assert [line["error.type"] for line in lines] == ["key_missing"] * 3

    ask(silent(), WITHOUT_KEY.http_scope())
    assert capsys.readouterr().out == ""
    ask(observed(), WITHOUT_KEY.http_scope())
    assert json.loads(capsys.readouterr().out)["error.type"] == "key_missing"


def test_the_page_about_metrics_shows_a_run_and_quotes_it() -> None:
    page = (DOCS / "metrics.md").read_text(encoding="utf-8")
    (shown,) = [block.text for block in blocks(page) if block.title == "costs"]
    assert len(measured(shown.splitlines())) == 9
    last = shown.rstrip().rpartition(" ")[2]
    assert f"costs the server {last} times" in page
    (prometheus,) = re.findall(r"(?m)^  Prometheus  .* ([0-9.]+)$", shown)
    assert f"instead of {prometheus}." in page
