"""The subcommand `conformance`, and its options."""

from __future__ import annotations

import argparse
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
from ws_handshake.cli.conformance.subcommand import add_arguments

if TYPE_CHECKING:
    import socket


def test_the_catalogue_is_listed_and_nothing_sent() -> None:
    output = asked(conformance, "--list")
    lines = output.out.splitlines()
    named = [line.partition(":")[0] for line in lines if line[0] != " "]
    assert (output.status, output.err) == (0, "")
    assert [name for name in named if name in {c.name for c in CASES}] == [
        case.name for case in CASES
    ]
    assert lines[:2] == [
        "valid: A valid handshake with nothing special.",
        "    Expected: 101 (RFC 6455 section 4.2.1).",
    ]


def test_a_part_of_the_catalogue_is_listed_as_json() -> None:
    output = asked(conformance, "--list", "--json", "--only", "key_merged")
    assert json.loads(output.out) == [
        {
            "name": "key_merged",
            "sentence": "Two keys are in one line, as proxies merge them.",
            "expected": "reject",
            "codes": ["key_duplicated"],
            "rfc": "RFC 6455 section 11.3.1",
        }
    ]


def test_a_code_chooses_all_that_have_it() -> None:
    output = asked(conformance, "--list", "--json", "--only", "version_duplicated")
    wanted = [case.name for case in CASES if "version_duplicated" in case.codes]
    assert [case["name"] for case in json.loads(output.out)] == wanted
    assert "every_line_twice" in wanted


def test_an_unknown_code_is_reported() -> None:
    output = asked(conformance, "--list", "--only", "valid", "--only", "x\x1b[31m")
    assert (output.status, output.out) == (2, "")
    assert output.err == (
        "No handshake has the code or name x\\x1b[31m. --list prints all.\n"
    )


def test_for_a_mistyped_code_one_is_suggested() -> None:
    output = asked(conformance, "--list", "--only", "key_mising")
    assert output.err == (
        "No handshake has the code or name key_mising. Did you mean key_missing? "
        "--list prints all.\n"
    )


def test_a_url_is_asked_for() -> None:
    output = asked(conformance)
    assert (output.status, output.out) == (2, "")
    assert output.err == (
        "Give the URL of your server, as in ws://127.0.0.1:8000/ws, or --list.\n"
    )


def test_a_url_is_tried_with_the_cases_that_are_chosen() -> None:
    with serving(saying(OK)) as port:
        output = asked(
            conformance, f"ws://127.0.0.1:{port}/", "--only", "valid", "--json"
        )
    results = json.loads(output.out)["results"]
    assert (output.status, [result["name"] for result in results]) == (0, ["valid"])


def test_the_help_says_whom_it_is_for() -> None:
    output = run("conformance", "--help")
    assert output.status == 0
    assert "This is for your own servers: most of what it sends is" in output.out
    assert "ws-handshake conformance ws://127.0.0.1:8000/ws --badge" in output.out


def test_a_value_out_of_bounds_is_a_wrong_argument() -> None:
    output = run("conformance", "ws://127.0.0.1/", "--rate", "1e9")
    assert output.status == 2
    assert output.err == (
        "ws-handshake conformance: --rate: give a number above 0, at most 500.\n"
        "Try: ws-handshake conformance --help\n"
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
    assert process.returncode == 130, (out, err)
    assert out == "websocket handshake: 1/195\n"
    assert "Traceback" not in err


def parse(*argv: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_arguments(parser)
    return parser.parse_args(["ws://127.0.0.1/ws", *argv])


def complaint(*argv: str) -> str:
    with pytest.raises(argparse.ArgumentError) as raised:
        parse(*argv)
    return str(raised.value)


def test_the_defaults_are_gentle() -> None:
    options = parse()
    bounds = (options.at_once, options.rate, options.timeout, options.time_limit)
    assert bounds == (4, 50.0, 2.0, 60.0)
    assert options.url.shown == "ws://127.0.0.1/ws"
    assert (options.yes, options.list, options.insecure) == (False, False, False)
    assert (options.only, options.header, options.subprotocol) == ([], [], [])
    assert options.origin is None


def test_bounds_can_be_set() -> None:
    given = "--at-once 8 --rate 0.5 --timeout 60 --time-limit 600"
    options = parse(*given.split())
    bounds = (options.at_once, options.rate, options.timeout, options.time_limit)
    assert bounds == (8, 0.5, 60.0, 600.0)


def test_what_every_handshake_gets_can_be_given_several_times() -> None:
    options = parse("--header", "Cookie: a", "-H", "X-A: b", "--subprotocol", "c")
    assert options.header == [(b"Cookie", b"a"), (b"X-A", b"b")]
    assert options.subprotocol == ["c"]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--at-once", "0"], "give a number above 0, at most 32"),
        (["--at-once", "33"], "give a number above 0, at most 32"),
        (["--at-once", "1.5"], "give a whole number from 1 to 32"),
        (["--rate", "501"], "give a number above 0, at most 500"),
        (["--rate", "many"], "give a number above 0, at most 500"),
        (["--timeout", "nan"], "give a number above 0, at most 60"),
        (["--time-limit", "-1"], "give a number above 0, at most 600"),
    ],
)
def test_bounds_have_bounds(argv: list[str], message: str) -> None:
    assert complaint(*argv) == f"argument {argv[0]}: {message}"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("no secret", "write a header as 'Name: value', in one line and without"),
        ("Upgrade: x", "the handshakes set this header themselves"),
        ("HOST: x", "the handshakes set this header themselves"),
        ("Origin: x", "use --origin for this header"),
        ("Sec-WebSocket-Protocol: x", "use --subprotocol for this header"),
    ],
)
def test_a_header_of_the_catalogue_is_not_accepted(header: str, message: str) -> None:
    assert complaint("--header", header).startswith(f"argument -H/--header: {message}")


def test_a_complaint_does_not_repeat_what_was_given() -> None:
    assert "secret" not in complaint("--header", "secret")


def test_one_way_to_print_can_be_chosen() -> None:
    assert "not allowed with" in complaint("--json", "--badge")
