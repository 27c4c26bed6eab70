"""The subcommand `conformance`, and how it is called."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import OK, filled, saying, serving, wait
from tests.support.cli_runs import asked, run
from tests.support.wires import ROOT
from ws_handshake.cli.conformance import subcommand as conformance
from ws_handshake.cli.conformance.cases import CASES

if TYPE_CHECKING:
    import socket


def test_the_catalogue_is_listed_and_nothing_sent() -> None:
    reported = asked(conformance, "--list")
    lines = reported.out.splitlines()
    assert (reported.status, reported.err, len(lines)) == (0, "", len(CASES))
    assert lines[0] == (
        "valid: A valid handshake with nothing special. "
        "Expected: 101 (RFC 6455 section 4.2.1)."
    )


def test_a_part_of_the_catalogue_is_listed_as_json() -> None:
    reported = asked(conformance, "--list", "--json", "--only", "key_merged")
    assert json.loads(reported.out) == [
        {
            "name": "key_merged",
            "sentence": "Two keys stand in one line, as proxies merge them.",
            "expected": "reject",
            "codes": ["key_duplicated"],
            "rfc": "RFC 6455 section 11.3.1",
        }
    ]


def test_a_code_chooses_all_that_have_it() -> None:
    reported = asked(conformance, "--list", "--json", "--only", "version_duplicated")
    wanted = [case.name for case in CASES if "version_duplicated" in case.codes]
    assert [case["name"] for case in json.loads(reported.out)] == wanted
    assert "every_line_twice" in wanted


def test_a_code_that_nobody_has_is_reported() -> None:
    reported = asked(conformance, "--list", "--only", "valid", "--only", "x\x1b[31m")
    assert (reported.status, reported.out) == (2, "")
    assert reported.err == (
        "No handshake has the code or name x\\x1b[31m; --list prints them.\n"
    )


def test_a_url_is_asked_for() -> None:
    reported = asked(conformance)
    assert (reported.status, reported.out) == (2, "")
    assert reported.err == (
        "Give the URL of a server that is yours, as in ws://127.0.0.1:8000/ws, or "
        "--list.\n"
    )


def test_a_url_is_tried_with_the_cases_that_are_chosen() -> None:
    with serving(saying(OK)) as port:
        reported = asked(
            conformance, f"ws://127.0.0.1:{port}/", "--only", "valid", "--json"
        )
    results = json.loads(reported.out)["results"]
    assert (reported.status, [result["name"] for result in results]) == (0, ["valid"])


def test_the_help_says_whom_it_is_for() -> None:
    reported = run("conformance", "--help")
    assert reported.status == 0
    assert (
        "This is for servers that are yours: most of what it sends is" in reported.out
    )
    assert "ws-handshake conformance ws://127.0.0.1:8000/ws --badge" in reported.out


def test_a_value_off_bounds_is_a_wrong_call() -> None:
    reported = run("conformance", "ws://127.0.0.1/", "--rate", "1e9")
    assert reported.status == 2
    assert reported.err.endswith(
        "argument --rate: give a number above 0, at most 500\n",
    )


class Busy:
    """Accepts the first handshake, and lets all others wait."""

    def __init__(self) -> None:
        self.count = 0
        self.waits = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, connection: socket.socket, head: bytes) -> None:
        with self._lock:
            self.count += 1
            is_first = self.count == 1
        if is_first:
            connection.sendall(filled(OK, head))
        else:
            self.waits.set()
        wait(connection)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another signal there")
def test_ctrl_c_leaves_no_traceback() -> None:
    busy = Busy()
    with serving(busy) as port:
        url = f"ws://127.0.0.1:{port}/"
        command = [sys.executable, "-m", "ws_handshake", "conformance", url]
        with subprocess.Popen(
            [*command, "--timeout", "3", "--badge"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert busy.waits.wait(30)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == "websocket handshake: 1/195\n"
    assert "Traceback" not in err
