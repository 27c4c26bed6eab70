"""The tests on the page about testing are run by pytest, as a user's would be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.docs_examples import DOCS, blocks, table
from tests.support.echoing import KEY_MALFORMED
from ws_handshake import testing
from ws_handshake.testing import VALID, Handshake

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (DOCS / "testing.md").read_text(encoding="utf-8")
PYTHON = [
    b.text for b in blocks(PAGE) if b.language == "python" and ">>>" not in b.text
]

# The asked-for code is another than the one that comes.
WRONG = """
def test_that_fails():
    assert_rejected(attempt(app, VALID.without(b"host")), "key_missing")
"""


def _pytest(folder: Path, tests: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_users.py").write_text(tests, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "ws_handshake.pytest_plugin", folder],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_tests_on_the_page_pass(tmp_path: Path) -> None:
    ran = _pytest(tmp_path, "\n".join(PYTHON))
    assert "4 passed" in ran.stdout, ran.stdout
    assert "".join(PYTHON).count("def test_") == 4


def test_a_failure_shows_the_line_of_the_test_and_not_ours(tmp_path: Path) -> None:
    ran = _pytest(tmp_path, "\n".join([*PYTHON[:2], WRONG]))
    assert "1 failed" in ran.stdout, ran.stdout
    assert "host_missing: The Host header is missing or empty." in ran.stdout
    assert re.search(r"test_users\.py:\d+: AssertionError", ran.stdout)
    assert "assertions.py" not in ran.stdout


def test_the_page_names_all_that_is_public() -> None:
    assert [name for name in testing.__all__ if name not in PAGE] == []


def test_the_bends_on_the_page_are_those_of_a_handshake() -> None:
    named = [row[0].strip("`.").partition("(")[0] for row in table_of_bends()]
    returning = [
        name
        for name, function in vars(Handshake).items()
        if getattr(function, "__annotations__", {}).get("return") == "Handshake"
    ]
    assert named == returning


def table_of_bends() -> list[list[str]]:
    return table(DOCS / "testing.md", "How to bend")


@pytest.mark.parametrize("name", ["wire", "head", "http_scope", "websocket_scope"])
def test_what_else_the_page_says_of_a_handshake_is_there(name: str) -> None:
    assert f"`.{name}()`" in PAGE
    assert getattr(KEY_MALFORMED, name)() != getattr(VALID, name)()
