"""`python -m ws_handshake` is the command."""

from __future__ import annotations

import importlib
import runpy
import subprocess
import sys

import pytest

from tests.support.wires import ROOT, free_port
from ws_handshake.cli import main

MAIN = str(ROOT / "middleware" / "ws_handshake" / "__main__.py")


# first: coverage decides by the name under which it meets the file for the first time
def test_the_module_is_imported_without_being_run() -> None:
    assert importlib.import_module("ws_handshake.__main__").main is main


def test_the_package_runs_as_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["ws_handshake", "--version"])
    with pytest.raises(SystemExit, match=r"^0$"):
        runpy.run_path(MAIN, run_name="__main__")

    assert capsys.readouterr().out.startswith("ws-handshake ")


def test_in_a_process_of_its_own_the_exit_status_is_the_verdict() -> None:
    url = f"ws://127.0.0.1:{free_port()}/ws"
    done = subprocess.run(
        [sys.executable, "-m", "ws_handshake", "probe", url],
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
    )

    assert (done.returncode, done.stderr) == (2, "")
    assert "connection_refused: Nothing is listening on this port." in done.stdout


def test_a_reader_that_goes_away_gets_no_traceback_in_its_way() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ws_handshake", "probe", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, errors = process.communicate(timeout=60)

    assert errors == ""
