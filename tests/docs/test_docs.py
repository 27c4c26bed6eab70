"""The documentation does what it says: its code runs, its responses are real."""

from __future__ import annotations

import json
import logging
import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from sybil.document import Document
from sybil.parsers.markdown import PythonCodeBlockParser

from tests.support.docs_examples import DOCS, application, blocks, outcome, renewed
from tests.support.handshakes import VALID
from tests.support.needed import program
from tests.support.wires import ROOT, ask, serving
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.docs_examples import Block

README = ROOT / "README.md"
PAGES = [README, *sorted(DOCS.glob("*.md"))]

# What the server adds, and what depends on the day and on the version of curl.
SERVERS_OWN = {b"date", b"server"}
_codes = re.compile(r"\[\s+(\"[\w\s\",]+\")\s+\]")
#: The titles of the blocks that show what comes back.
SHOWN = {"response", "response head", "cause", "log line"}
CHANGING = {"timestamp", "user_agent.original", "websocket.handshake.header_bytes"}


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Undo what the examples configure."""
    loggers = [logging.getLogger(n) for n in ("uvicorn.access", "uvicorn.error")]
    filters = [list(logger.filters) for logger in loggers]
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    for logger, before in zip(loggers, filters, strict=True):
        logger.filters[:] = before


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_python_block_runs(path: Path) -> None:
    document = Document.parse(str(path), PythonCodeBlockParser())
    document.namespace["__name__"] = __name__  # frameworks look functions up by it
    for example in document.examples():
        example.evaluate()


def _spelt(response: Any) -> str:
    """Write the head of a response, without what the server adds."""
    first = response.raw.split(b"\r\n", 1)[0]
    lines = [n + b": " + v for n, v in response.headers if n not in SERVERS_OWN]
    return b"\n".join([first, *lines, b""]).decode("ascii")


def _lines(document: object) -> str:
    """Set JSON in lines, but a list of codes in one."""
    text = json.dumps(document, indent=2) + "\n"
    return _codes.sub(lambda m: f"[{' '.join(m[1].split())}]", text)


def _shown(path: Path) -> Iterator[tuple[Block, Block]]:
    """Yield each example of a response or a log line, with the request before it."""
    request = None
    for block in blocks(path.read_text(encoding="utf-8")):
        if block.title == "request":
            request = block
        elif block.title in SHOWN and request:
            yield request, block


@pytest.mark.parametrize(
    "path", [p for p in PAGES if p != README], ids=lambda path: path.name
)
def test_every_response_and_log_line_is_the_real_one(path: Path) -> None:
    app = WebSocketHandshakeMiddleware(application)
    for request, block in _shown(path):
        result = outcome(app, request.text)
        real = {
            "response": _lines(result.problem),
            "response head": _spelt(result.response),
            "cause": _lines(result.problem.get("cause")),
            "log line": _lines(result.log_line),
        }
        assert block.title is not None
        wanted = real[block.title]
        assert renewed(path, block.text, wanted) == wanted, "RENEW=1 writes it anew"


def test_responses_and_log_lines_are_shown_on_the_pages_about_them() -> None:
    shown = {path.name: [b.title for _, b in _shown(path)] for path in PAGES}
    assert shown["response.md"] == ["response head", "response", "cause"]
    assert shown["logs.md"] == ["log line"]
    assert shown["quickstart.md"] == ["response"]


def test_the_readme_shows_what_curl_and_the_log_really_show(tmp_path: Path) -> None:
    head, problem, log = _followed(README, tmp_path)
    shown = {b.title: b for b in blocks(README.read_text(encoding="utf-8"))}
    assert renewed(README, shown["response head"].text, head) == head
    assert renewed(README, shown["response"].text, problem) == problem
    event = json.loads(_json_lines(log)[-1])
    logged = renewed(README, shown["log line"].text, _lines(event))
    assert _steady(json.loads(logged)) == _steady(event)


def test_the_quick_start_leads_to_the_response_that_it_shows(
    tmp_path: Path,
) -> None:
    page = DOCS / "quickstart.md"
    _, problem, log = _followed(page, tmp_path)
    (shown,) = [block for _, block in _shown(page)]
    assert shown.text == problem
    assert " WebSocket handshake rejected: 400 " in log


def _followed(path: Path, tmp_path: Path) -> tuple[str, str, str]:
    """Save the code of a page, start the server and ask it, as the page says."""
    program("curl")
    page = blocks(path.read_text(encoding="utf-8"))
    code = [block.text for block in page if block.language == "python"]
    (tmp_path / "main.py").write_text("\n".join(code), encoding="utf-8")
    start, asking = (
        shlex.split(block.text.removeprefix("$ ").replace("\\\n", ""))
        for block in page
        if block.text.startswith(("$ uvicorn", "$ curl"))
    )
    command = [*start, "--app-dir", str(tmp_path), "--port", "{port}"]
    with serving(command, tmp_path / "log") as server:
        asked = [part.replace(":8000", f":{server.port}") for part in asking]
        curl = subprocess.run([*asked, "-sS"], capture_output=True, check=True)
        head, _, body = curl.stdout.partition(b"\r\n\r\n")
        log = server.logged()
    return _without(head), _lines(json.loads(body)), log


def test_a_page_is_written_anew_only_when_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\nold\nbehind\n", encoding="utf-8")
    monkeypatch.delenv("RENEW", raising=False)
    assert renewed(page, "old\n", "new\n") == "old\n"
    assert page.read_text(encoding="utf-8") == "before\nold\nbehind\n"
    monkeypatch.setenv("RENEW", "1")
    assert renewed(page, "old\n", "new\n") == "new\n"
    assert page.read_text(encoding="utf-8") == "before\nnew\nbehind\n"


RUN = """
import sys
import uvicorn

http = "ws_handshake.uvicorn:AutoHTTPProtocol"
uvicorn.run("main:app", log_config=None, port=int(sys.argv[1]), http=http)
"""


def test_the_filter_and_the_one_stream_on_the_page_about_logs_work(
    tmp_path: Path,
) -> None:
    page = blocks((DOCS / "logs.md").read_text(encoding="utf-8"))
    code = [b.text for b in page if b.language == "python" and ">>>" not in b.text]
    (tmp_path / "main.py").write_text("\n".join(code), encoding="utf-8")
    (tmp_path / "run.py").write_text(RUN, encoding="utf-8")
    log, path = tmp_path / "log", f"{tmp_path}{os.pathsep}{ROOT / 'middleware'}"
    with serving(["run", "{port}"], log, PYTHONPATH=path) as server:
        for target in (
            b"/ws?token=not-for-the-log",
            b"/ws%3Ftoken=not-for-the-log",
            b"/ws%253Ftoken=not-for-the-log",
            b"//user:not-for-the-log@h/ws",
        ):
            asked = VALID.asked(target=target)
            assert ask(server.port, asked.wire()).status == 403
            assert ask(server.port, asked.without(b"host").wire()).status == 400
        user = VALID.asked(target=b"user:not-for-the-log@h:9443/ws")
        assert ask(server.port, user.wire()).status == 400
        odd = VALID.asked(method="not-for-the-log")
        assert ask(server.port, odd.wire()).status in {400, 405}
    lines = [json.loads(line) for line in server.logged().splitlines()]
    assert {line["logger"] for line in lines} == {
        *("handshakes", "uvicorn.access", "uvicorn.error")
    }
    assert "not-for-the-log" not in server.logged()


def _json_lines(log: str) -> list[str]:
    return re.findall(r"(?m)^\{.*\}$", log)


def _without(head: bytes) -> str:
    """Leave out of a response's head what the server adds."""
    lines = head.split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0] not in SERVERS_OWN]
    return b"\n".join([*kept, b""]).decode("ascii")


def _steady(event: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(k, type(v) if k in CHANGING else v) for k, v in event.items()]
