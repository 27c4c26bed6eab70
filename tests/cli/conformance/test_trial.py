"""A whole trial of small servers, in this process, and the consent before it."""

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

    from tests.support.cli_runs import Output
    from ws_handshake.cli.conformance.cases import Case
    from ws_handshake.cli.conformance.judgement import Outcome
    from ws_handshake.cli.conformance.send import Reply

REJECTION = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
FAST = ("--rate", "500", "--timeout", "15")
LEAD = "A valid handshake was not accepted, so nothing more was sent. "


def accepting_keys(connection: socket.socket, head: bytes) -> None:
    """Accept what has any key at all, and say nothing of what has none."""
    has_key = re.search(rb"(?i)sec-websocket-key: \S", head)
    connection.sendall(filled(OK, head) if has_key else REJECTION)
    wait(connection)


def tried(port: int, *options: str, **how: Any) -> Output:
    return asked(conformance, f"ws://127.0.0.1:{port}/ws", *FAST, *options, **how)


def words(text: str) -> str:
    """Return prose as one line."""
    return " ".join(text.split())


def notice(port: int, number: str) -> str:
    return (
        f"This sends {number} to ws://127.0.0.1:{port}/ws. Most of the catalogue is "
        "broken on purpose: use it only on your own servers."
    )


def test_the_failures_of_a_server_are_reported() -> None:
    with serving(accepting_keys) as port:
        output = tried(port, "--only", "key_missing", "--only", "key_word")
    assert output.status == 1
    said = words(output.out)
    assert "wrongly accepted key_word: The key is a word. Expected:" in said
    assert "key_missing: There is no key. Expected: a rejection" in said
    assert "\nwebsocket handshake: 0/5\n\nWhat to do:\n" in output.out
    assert output.out.endswith(
        f"conformance ws://127.0.0.1:{port}/ws --only key_word -v\n"
    )
    assert words(output.err) == notice(port, "5 handshakes")


def test_a_server_without_failures_gets_a_clean_sheet() -> None:
    with serving(saying(OK)) as port:
        output = tried(port, "--only", "valid", "--only", "names_small", "--badge")
    assert (output.status, output.out) == (0, "websocket handshake: 2/2\n")


def test_the_first_handshake_counts_once() -> None:
    with serving(accepting_keys) as port:
        output = tried(port, "--only", "valid", "--json")
    document = json.loads(output.out)
    assert (document["chosen"], document["sent"], document["right"]) == (1, 1, 1)
    assert [result["name"] for result in document["results"]] == ["valid"]


def test_the_results_are_in_the_order_of_the_catalogue() -> None:
    names = ["upgrade_camel_case", "key_zeros", "names_small"]
    with serving(saying(OK)) as port:
        only = [part for name in reversed(names) for part in ("--only", name)]
        document = json.loads(tried(port, "--json", *only).out)
    assert [result["name"] for result in document["results"]] == names


def test_a_path_that_rejects_a_valid_handshake_ends_the_trial() -> None:
    with serving(saying(NOT_FOUND)) as port:
        output = tried(port)
    assert (output.status, output.out) == (1, "")
    start = f"{notice(port, '195 handshakes')} {LEAD}The server did not accept the "
    assert words(output.err).startswith(f"{start}handshake (404: ")
    assert ". Check the path, " in words(output.err)


def test_a_server_that_closes_ends_the_trial() -> None:
    with serving(closing()) as port:
        output = tried(port, "--json")
    assert output.status == 1
    stopped = (
        "The server closed the connection without a response. Read the server's log; "
        "the application may have failed."
    )
    url = f"ws://127.0.0.1:{port}/ws"
    assert json.loads(output.out) == {"url": url, "stopped": stopped}
    more = f" More says: ws-handshake probe {url}"
    assert words(output.err).endswith(LEAD + stopped + more)


def test_a_server_that_does_not_respond_ends_the_trial() -> None:
    with serving(lambda connection, _: wait(connection)) as port:
        output = tried(port, "--json", "--timeout", "0.3")
    assert json.loads(output.out)["stopped"] == (
        "The server took the request, and did not respond in time. Read the server's "
        "log; switch WebSockets on in every proxy in between."
    )


def test_a_server_of_another_protocol_ends_the_trial() -> None:
    with serving(saying(b"SSH-2.0\r\n")) as port:
        output = tried(port, "--json")
    assert json.loads(output.out)["stopped"].startswith(
        "What the server sent is not an HTTP response (no HTTP response: it begins "
    )


def test_a_server_that_is_not_there_is_not_reached() -> None:
    port = free_port()
    output = tried(port)
    assert output.status == 2
    assert words(output.err) == (
        f"{notice(port, '195 handshakes')} Connection refused: nothing is "
        f"listening on port {port} (127.0.0.1: connection refused). Start the server; "
        "check the port, and the address that it listens on."
    )


def test_a_name_without_an_address_is_not_reached() -> None:
    output = asked(conformance, "ws://nowhere.invalid/ws", "--timeout", "15")
    assert output.status == 2
    assert "Name not found: nowhere.invalid has no address (" in words(output.err)


def test_a_server_beyond_this_machine_is_not_tried_without_consent() -> None:
    silent = Input(b"", typed=False)
    output = asked(conformance, "ws://203.0.113.9/ws", "--only", "valid", stdin=silent)
    assert output.status == 2
    assert words(output.err) == (
        "This sends 1 handshake to ws://203.0.113.9/ws. Most of the catalogue is "
        "broken on purpose: use it only on your own servers. 203.0.113.9 is not "
        "this machine, and there is no terminal to ask on. If the server is "
        "yours, use --yes."
    )


def test_the_options_reach_every_handshake(tmp_path: Path) -> None:
    heads: list[bytes] = []

    def script(connection: socket.socket, head: bytes) -> None:
        heads.append(head)
        saying(OK + b"\r\n")(connection, head)

    with serving(script, certify(tmp_path)) as port:
        output = asked(
            conformance,
            f"wss://127.0.0.1:{port}/ws",
            *("--only", "names_capitals", "--insecure", "--badge", *FAST),
            *("--header", "Cookie: secret", "--origin", "https://a.example"),
            *("--subprotocol", "chat"),
        )
    assert output.out == "websocket handshake: 1/1\n"
    assert len(heads) == 2
    ends = (
        b"Cookie: secret\r\nOrigin: https://a.example\r\n"
        b"Sec-WebSocket-Protocol: chat\r\n\r\n"
    )
    assert [head for head in heads if not head.endswith(ends)] == []
    assert "secret" not in output.out + output.err


def test_a_certificate_that_is_not_trusted_is_reported(tmp_path: Path) -> None:
    with serving(saying(OK), certify(tmp_path)) as port:
        output = asked(conformance, f"wss://127.0.0.1:{port}/ws", *FAST)
    assert output.status == 1
    assert "is not signed by anyone that this machine trusts" in words(output.err)


def test_on_a_terminal_it_shows_its_progress() -> None:
    with serving(saying(OK)) as port:
        output = tried(port, "--only", "names_small", terminal=True)
    assert "handshakes" in output.err
    assert "100%" in output.err
    assert "websocket handshake: 1/1" in output.out


def test_the_time_limit_ends_it_with_what_is_known() -> None:
    with serving(saying(OK)) as port:
        output = tried(
            port, "--rate", "0.5", "--time-limit", "1", "--only", "key_missing"
        )
    assert output.status == 1
    said = words(output.out)
    missing = "3 of 4 were not sent, or not waited for: the time limit of 1 s was over."
    assert missing in said
    assert "websocket handshake: 0/4" in said


def test_quiet_prints_the_summary_only() -> None:
    with serving(accepting_keys) as port:
        output = tried(port, "--only", "key_word", "-q")
    assert (output.status, output.err) == (1, "")
    assert output.out.startswith("  no response          0\n")
    assert "Expected" not in output.out


@pytest.mark.parametrize("option", ["--badge", "--json"])
def test_ctrl_c_ends_it_with_what_is_known(option: str) -> None:
    seen: list[str] = []

    def interrupting(case: Case, reply: Reply) -> Outcome:
        if len(seen) == 3:
            raise KeyboardInterrupt
        seen.append(case.name)
        return judged(case, reply)

    place = "ws_handshake.cli.conformance.trial.judged"
    with serving(saying(OK)) as port, patch(place, interrupting):
        output = tried(port, option)
    assert output.status == 130
    if option == "--json":
        document = json.loads(output.out)
        assert (document["sent"], document["stopped"]) == (3, "interrupted")
    else:
        assert re.fullmatch(r"websocket handshake: [1-3]/195\n", output.out)
