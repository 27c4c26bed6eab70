"""The pytest plugin gives a test its records."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

from tests.support.asgi import Spy
from tests.support.wires import ROOT
from ws_handshake import WebSocketHandshakeMiddleware

# by name, for it is not installed in every environment that runs this file
from ws_handshake.pytest_plugin import handshake_records  # noqa: F401
from ws_handshake.testing import VALID, attempt

if TYPE_CHECKING:
    from pathlib import Path

    from ws_handshake.testing import Records

USERS_TESTS = """
from ws_handshake import WebSocketHandshakeMiddleware
from ws_handshake.testing import VALID, attempt

async def quiet(scope, receive, send):
    pass

app = WebSocketHandshakeMiddleware(quiet)

def test_one(handshake_records):
    attempt(app, VALID.without(b"upgrade"))
    assert handshake_records.codes == [("upgrade_missing",)]

def test_another(handshake_records):
    assert handshake_records == []
"""


def test_the_fixture_has_the_records_of_this_test(
    handshake_records: Records,  # noqa: F811  (a fixture)
) -> None:
    attempt(WebSocketHandshakeMiddleware(Spy(), observers=()), VALID.but(b"host", b""))
    assert handshake_records.codes == [("host_missing",)]


def test_another_test_begins_with_none(handshake_records: Records) -> None:  # noqa: F811  (ditto)
    assert handshake_records == []


def test_pytest_takes_it_as_a_plugin(tmp_path: Path) -> None:
    users = tmp_path / "test_users.py"
    users.write_text(USERS_TESTS, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "ws_handshake.pytest_plugin", users],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "2 passed" in ran.stdout, ran.stdout
    assert ran.returncode == 0


def test_who_does_not_use_it_does_not_load_what_it_needs() -> None:
    asked = (
        "import sys, ws_handshake.pytest_plugin\n"
        "print('ws_handshake.testing' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "False\n"


def test_an_installed_package_brings_it_along() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"]["pytest11"] == {
        "ws_handshake": "ws_handshake.pytest_plugin"
    }
