"""The documentation does what it says: its code runs, its responses are real."""

from __future__ import annotations

import json
import logging
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from sybil.document import Document
from sybil.parsers.markdown import PythonCodeBlockParser

from tests.support.docs_examples import (
    DOCS,
    application,
    blocks,
    outcome,
    renewed,
)
from tests.support.first_steps import README, Typed, follow, in_lines, serving_here
from tests.support.handshakes import VALID
from tests.support.wires import ROOT, ask, serving
from ws_handshake import WebSocketHandshakeMiddleware

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.docs_examples import Block

PAGES = [README, *sorted(DOCS.glob("*.md"))]

# What the server adds.
SERVERS_OWN = {b"date", b"server"}
#: The titles of the blocks that show what comes back.
SHOWN = {"response", "response head", "log line"}


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
            "response": in_lines(result.problem),
            "response head": _spelt(result.response),
            "log line": in_lines(result.log_line),
        }
        assert block.title is not None
        wanted = real[block.title]
        assert renewed(path, block.text, wanted) == wanted, "RENEW=1 writes it anew"


def test_responses_and_log_lines_are_shown_on_the_pages_about_them() -> None:
    shown = {path.name: [b.title for _, b in _shown(path)] for path in PAGES}
    assert shown["response.md"] == ["response head", "response"]
    assert shown["logs.md"] == ["log line"]


def test_the_quick_start_leads_to_what_it_shows(tmp_path: Path) -> None:
    page = DOCS / "quickstart.md"
    came_back = follow(Typed.on(page), serving_here, tmp_path)
    shown = {b.title: b.text for b in blocks(page.read_text(encoding="utf-8"))}
    shorter = ("title", "status", "violations")
    problem = in_lines({name: came_back.problem[name] for name in shorter})
    line = came_back.log_line
    assert f"It gets `{came_back.status}`" in page.read_text(encoding="utf-8")
    assert renewed(page, shown["response"], problem) == problem
    assert renewed(page, shown["log line"], line) == line


@pytest.mark.parametrize("page", ["README.md", "docs/index.md", "docs/quickstart.md"])
def test_the_first_steps_are_two_lines_and_the_usual_command(page: str) -> None:
    typed = Typed.on(ROOT / page)
    assert typed.start == ["uvicorn", "main:app"]
    assert typed.program.count("WebSocketHandshakeMiddleware") == 2


def test_two_pages_alone_have_the_protocol_class_typed() -> None:
    typing = re.compile(r"(?m)^.*\buvicorn main:app.*--http ws_handshake.*$")
    pages = [README, *DOCS.rglob("*.md")]
    found = {p.name for p in pages if typing.search(p.read_text(encoding="utf-8"))}
    assert found == {"uvicorn.md", "server_reads_one_line.md"}


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
