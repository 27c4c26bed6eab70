"""A whole trial, in this process, of small servers on 127.0.0.1."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from tests.support.cli_fakes import OK, closing, filled, saying, serving, wait
from tests.support.cli_runs import Input, asked
from tests.support.tls import certify
from tests.support.wires import free_port
from ws_handshake.cli.conformance import subcommand as conformance
from ws_handshake.cli.conformance.judgement import judged

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from tests.support.cli_runs import Run
    from ws_handshake.cli.conformance.case import Case
    from ws_handshake.cli.conformance.judgement import Outcome
    from ws_handshake.cli.conformance.send import Came

REJECTION = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
FAST = ("--rate", "500", "--timeout", "15")
LEAD = "A valid handshake was not accepted, so nothing more was sent. "


def accepting_keys(connection: socket.socket, head: bytes) -> None:
    """Accept what has any key at all, and say nothing of what has none."""
    has_key = re.search(rb"(?i)sec-websocket-key: \S", head)
    connection.sendall(filled(OK, head) if has_key else REJECTION)
    wait(connection)


def tried(port: int, *options: str, **how: Any) -> Run:
    return asked(conformance, f"ws://127.0.0.1:{port}/ws", *FAST, *options, **how)


def words(text: str) -> str:
    """Return prose as one line."""
    return " ".join(text.split())


def notice(port: int, number: str) -> str:
    return (
        f"This sends {number} to ws://127.0.0.1:{port}/ws, broken ones among them. It "
        "is for servers that are yours."
    )


def test_the_faults_of_a_server_are_reported() -> None:
    with serving(accepting_keys) as port:
        reported = tried(port, "--only", "key_missing", "--only", "key_word")
    assert reported.status == 1
    assert (
        "\nwrongly accepted\n  key_word: The key is a word. Expected:" in reported.out
    )
    assert "\n  key_missing: There is no key. Expected: a rejection" in reported.out
    assert reported.out.endswith("\nwebsocket handshake: 0/5\n")
    assert words(reported.err) == notice(port, "5 handshakes")


def test_a_server_without_fault_gets_a_clean_sheet() -> None:
    with serving(saying(OK)) as port:
        reported = tried(port, "--only", "valid", "--only", "names_small", "--badge")
    assert (reported.status, reported.out) == (0, "websocket handshake: 2/2\n")


def test_the_first_handshake_counts_once() -> None:
    with serving(accepting_keys) as port:
        reported = tried(port, "--only", "valid", "--json")
    document = json.loads(reported.out)
    assert (document["chosen"], document["sent"], document["right"]) == (1, 1, 1)
    assert [result["name"] for result in document["results"]] == ["valid"]


def test_the_results_are_in_the_order_of_the_catalogue() -> None:
    names = ["upgrade_camel_case", "key_zeros", "names_small"]
    with serving(saying(OK)) as port:
        only = [part for name in reversed(names) for part in ("--only", name)]
        document = json.loads(tried(port, "--json", *only).out)
    assert [result["name"] for result in document["results"]] == names


def test_a_path_that_rejects_all_is_not_tried_on() -> None:
    with serving(saying(NOT_FOUND)) as port:
        reported = tried(port)
    assert (reported.status, reported.out) == (1, "")
    said = f"{notice(port, '195 handshakes')} {LEAD}The server did not accept the "
    assert words(reported.err).startswith(f"{said}handshake (404: ")
    assert ". Check the path, " in words(reported.err)


def test_a_server_that_does_not_respond_is_not_tried_on() -> None:
    with serving(closing()) as port:
        reported = tried(port, "--json")
    assert reported.status == 1
    stopped = (
        "The server took the request and did not respond in time (closed without an "
        "response). Read the server's log; a proxy between needs WebSockets switched on."
    )
    assert json.loads(reported.out) == {
        "url": f"ws://127.0.0.1:{port}/ws",
        "stopped": stopped,
    }
    assert words(reported.err).endswith(LEAD + stopped)


def test_a_server_that_is_not_there_is_not_reached() -> None:
    port = free_port()
    reported = tried(port)
    assert reported.status == 2
    assert words(reported.err) == (
        f"{notice(port, '195 handshakes')} Nobody listens on this port (127.0.0.1: "
        "connection refused). Start the server, check the port, and the address that "
        "the server listens on."
    )


def test_a_name_without_an_address_is_not_reached() -> None:
    reported = asked(conformance, "ws://nowhere.invalid/ws", "--timeout", "15")
    assert reported.status == 2
    assert "The host's name has no address (" in words(reported.err)


def test_a_server_beyond_this_machine_is_not_tried_without_consent() -> None:
    silent = Input(b"", typed=False)
    reported = asked(
        conformance, "ws://203.0.113.9/ws", "--only", "valid", stdin=silent
    )
    assert reported.status == 2
    assert words(reported.err) == (
        "This sends 1 handshake to ws://203.0.113.9/ws, broken ones among them. It is "
        "for servers that are yours. 203.0.113.9 (203.0.113.9) is not this machine, "
        "and there is no terminal to ask on. If the server is yours, say so with --yes."
    )


def test_the_options_reach_every_handshake(tmp_path: Path) -> None:
    heads: list[bytes] = []

    def script(connection: socket.socket, head: bytes) -> None:
        heads.append(head)
        saying(OK + b"\r\n")(connection, head)

    with serving(script, certify(tmp_path)) as port:
        reported = asked(
            conformance,
            f"wss://127.0.0.1:{port}/ws",
            *("--only", "names_capitals", "--insecure", "--badge", *FAST),
            *("--header", "Cookie: secret", "--origin", "https://a.example"),
            *("--subprotocol", "chat"),
        )
    assert reported.out == "websocket handshake: 1/1\n"
    assert len(heads) == 2
    ends = (
        b"Cookie: secret\r\nOrigin: https://a.example\r\n"
        b"Sec-WebSocket-Protocol: chat\r\n\r\n"
    )
    assert [head for head in heads if not head.endswith(ends)] == []
    assert "secret" not in reported.out + reported.err


def test_a_certificate_that_is_not_trusted_is_reported(tmp_path: Path) -> None:
    with serving(saying(OK), certify(tmp_path)) as port:
        reported = asked(conformance, f"wss://127.0.0.1:{port}/ws", *FAST)
    assert reported.status == 1
    assert "Nobody whom this machine trusts has signed" in words(reported.err)


def test_on_a_terminal_it_shows_how_far_it_is() -> None:
    with serving(saying(OK)) as port:
        reported = tried(port, "--only", "names_small", terminal=True)
    assert "handshakes" in reported.err
    assert "100%" in reported.err
    assert "websocket handshake: 1/1" in reported.out


def test_the_time_limit_ends_it_with_what_is_known() -> None:
    with serving(saying(OK)) as port:
        reported = tried(
            port, "--rate", "0.5", "--time-limit", "1", "--only", "key_missing"
        )
    assert reported.status == 1
    assert words(reported.out).endswith(
        "3 of 4 were not sent, or not waited for: the time limit of 1 s was over. "
        "websocket handshake: 0/4"
    )


@pytest.mark.parametrize("option", ["--badge", "--json"])
def test_ctrl_c_ends_it_with_what_is_known(option: str) -> None:
    seen: list[str] = []

    def interrupting(case: Case, came: Came) -> Outcome:
        if len(seen) == 3:
            raise KeyboardInterrupt
        seen.append(case.name)
        return judged(case, came)

    place = "ws_handshake.cli.conformance.trial.judged"
    with serving(saying(OK)) as port, patch(place, interrupting):
        reported = tried(port, option)
    assert reported.status == 130
    if option == "--json":
        document = json.loads(reported.out)
        assert (document["sent"], document["stopped"]) == (3, "interrupted")
    else:
        assert re.fullmatch(r"websocket handshake: [1-3]/195\n", reported.out)
