"""The bench runs and prints; what it prints is judged by people, not here."""

from __future__ import annotations

import json
import re
import runpy
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import structlog

from tests.bench.apps import APPS, bare, wrapped
from tests.bench.load import PAGES, load
from tests.bench.requests import HANDSHAKE, PAGE, WITHOUT_KEY
from tests.support.asgi import ask
from tests.support.wires import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATIO = re.compile(
    r" ratio +[0-9]+\.[0-9]{2}( |$)|^  (httptools|h11) .* [0-9]\.[0-9]{3} "
)


@pytest.fixture
def _structlog_as_before() -> Iterator[None]:
    yield
    structlog.get_config()["logger_factory"]._file.close()
    structlog.reset_defaults()


def test_the_quick_bench_prints_a_ratio_for_everything_it_compares(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--quick"])
    runpy.run_module("tests.bench", run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Python 3.")
    compared = [line for line in lines if RATIO.search(line)]
    assert len(compared) == 3 + 1 + 1 + 2 * (4 + 3 + 2 + 1)
    assert [line.split()[0] for line in compared[5:]] == [
        *["httptools"] * 10,
        *["h11"] * 10,
    ]


def test_the_bench_can_be_imported() -> None:
    from tests.bench import __main__ as bench  # noqa: PLC0415  (run before it was imported, see above)

    assert bench.main.__module__ == "tests.bench.__main__"


def test_the_measured_requests_are_what_their_names_say() -> None:
    assert HANDSHAKE.head().is_attempt()
    assert not PAGE.head().is_attempt()
    assert b"sec-websocket-key" not in WITHOUT_KEY.wire()


@pytest.mark.parametrize("name", APPS)
def test_the_measured_applications_serve_pages_and_accept_handshakes(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCH_APP", name)
    app = bare()
    sent = ask(app, PAGE.http_scope())
    assert [m.get("status") or m["body"] for m in sent] == [200, b"ok"]
    events = {"type": "websocket.connect"}, {"type": "websocket.disconnect"}
    (accepted,) = ask(app, HANDSHAKE.websocket_scope(), *events)
    assert accepted["type"] == "websocket.accept"
    events = {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}
    assert [m["type"] for m in ask(app, {"type": "lifespan"}, *events)] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


@pytest.mark.usefixtures("_structlog_as_before")
def test_the_wrapped_application_logs_json_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log.jsonl"
    monkeypatch.setenv("BENCH_LOG", str(log))
    sent = ask(wrapped(), WITHOUT_KEY.http_scope())
    assert sent[0]["status"] == 400
    assert json.loads(log.read_text())["error.type"] == "key_missing"


def test_a_wrong_response_ends_the_measurement(tmp_path: Path) -> None:
    command = ["uvicorn", "--factory", "tests.bench.apps:bare", "--port", "{port}"]
    wrong = replace(PAGES, response=b"HTTP/1.1 500 ")
    with (
        serving(command, tmp_path / "log") as server,
        pytest.raises(RuntimeError, match=r"^Instead of b'HTTP/1\.1 500 ' came b'HTTP"),
    ):
        load(wrong, server.port, [server.process.pid], 0.05)
