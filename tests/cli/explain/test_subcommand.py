from __future__ import annotations

import argparse
import json
from functools import partial
from typing import TYPE_CHECKING

import pytest
import shtab

from tests.support import pastes
from tests.support.cli_runs import Input, asked
from tests.support.handshakes import ACCEPT, VALID
from ws_handshake.cli.explain import subcommand as explain
from ws_handshake.cli.explain.subcommand import LIMIT, NO_HANDSHAKE, TOO_LARGE
from ws_handshake.cli.pasted.recognition import READABLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli_runs import Output

BROKEN = VALID.but(b"sec-websocket-key", b"AAAA").wire()

run = partial(asked, explain, columns=2000)


def piped(data: bytes, *argv: str) -> Output:
    return run(*argv, stdin=Input(data, typed=False))


def test_a_valid_request_is_0_and_a_rejected_one_is_1(tmp_path: Path) -> None:
    file = tmp_path / "request.txt"
    file.write_bytes(VALID.wire())
    output = run(str(file))
    assert (output.status, output.err) == (0, "")
    assert f"Sec-WebSocket-Accept: {ACCEPT}\n" in output.out

    file.write_bytes(BROKEN)
    output = run(str(file))
    assert (output.status, output.err) == (1, "")
    assert "Rejected: 1 violation; our response is 400 Bad Request.\n" in output.out


@pytest.mark.parametrize("argv", [("-",), ()])
def test_a_request_may_come_through_a_pipe(argv: tuple[str, ...]) -> None:
    output = piped(VALID.wire(), *argv)
    assert (output.status, output.err) == (0, "")


def test_a_person_who_types_is_shown_how_to_end() -> None:
    output = run("-", stdin=Input(BROKEN, typed=True))
    assert output.err == "Paste a request, and end it with Ctrl-D.\n"
    assert output.status == 1


def test_json_is_one_document() -> None:
    output = piped(BROKEN, "--json")
    document = json.loads(output.out)
    assert (output.status, output.err) == (1, "")
    assert document["read_as"] == "a request head"
    assert document["handshakes"][0]["code"] == "key_malformed"


def test_every_handshake_of_a_har_file_counts() -> None:
    output = piped(pastes.har(VALID, VALID.asked(method="POST")))
    assert output.status == 1
    assert output.out.startswith("Read as a HAR file, with 2 handshakes.\n")
    assert piped(pastes.har(VALID, VALID)).status == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", f"There is nothing to read. {READABLE}"),
        (b"it works locally", f"No request was recognised. {READABLE}"),
        (pastes.har(), NO_HANDSHAKE),
        (VALID.wire() + b"a" * LIMIT, TOO_LARGE),
    ],
    ids=["empty", "prose", "no handshake", "too large"],
)
def test_what_cannot_be_judged_is_2_and_says_what_can(
    data: bytes, sentence: str
) -> None:
    output = piped(data, "-")
    assert (output.status, output.out) == (2, "")
    assert " ".join(output.err.split()) == sentence

    output = piped(data, "-", "--json")
    assert (output.status, output.err) == (2, "")
    assert json.loads(output.out) == {
        "read_as": None,
        "valid": False,
        "handshakes": [],
        "error": sentence,
    }


def test_as_much_as_the_limit_is_read() -> None:
    padded = VALID.wire() + b"a" * (LIMIT - len(VALID.wire()))
    assert piped(padded).status == 0


def test_a_code_prints_its_page() -> None:
    output = run("key_malformed")
    assert (output.status, output.err) == (0, "")
    assert output.out.startswith("# key_malformed\n\nThe Sec-WebSocket-Key header")
    document = json.loads(run("no_route", "--json").out)
    assert document["entries"][0]["kind"] == "cause"


def test_without_an_argument_a_person_gets_the_list_of_codes() -> None:
    output = run()
    assert (output.status, output.err) == (0, "")
    assert output.out.startswith("Reasons for which the middleware rejects a request\n")
    assert json.loads(run("--json").out)["entries"][0]["code"] == "method_not_get"


def test_without_an_argument_and_without_a_terminal_it_is_the_same() -> None:
    assert piped(b"") == run()
    assert piped(b"\n", "--json") == run("--json")


def test_a_long_page_is_printed_whole_with_full() -> None:
    assert "## How it looks" not in run("http2_client").out
    assert "## How it looks" in run("http2_client", "--full").out


@pytest.mark.parametrize(
    ("data", "status", "kind"),
    [
        (b"Unexpected server response: 403", 1, "an error message of Node's ws"),
        (
            b'INFO:     127.0.0.1:5 - "WebSocket /ws" [accepted]',
            0,
            "an access log line of uvicorn",
        ),
    ],
)
def test_a_message_is_explained_although_it_has_no_request(
    data: bytes, status: int, kind: str
) -> None:
    output = piped(data)
    assert (output.status, output.err) == (status, "")
    assert output.out.startswith(f"Read as {kind}: there is no request in it.\n")
    assert json.loads(piped(data, "--json").out)["read_as"] == kind


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (
            "key_malformd",
            (
                "There is no code and no file called key_malformd. "
                "Did you mean key_malformed? ws-handshake explain lists the codes."
            ),
        ),
        (
            "nowhere.txt\x1b[31m",
            (
                "There is no code and no file called nowhere.txt\\x1b[31m. "
                "ws-handshake explain lists the codes."
            ),
        ),
        (".", ". cannot be read: Is a directory."),
        ("a" * 300, f"{'a' * 253}... cannot be read: File name too long."),
    ],
    ids=["near", "no file", "directory", "long"],
)
def test_what_is_neither_a_code_nor_a_file_is_2(word: str, sentence: str) -> None:
    output = run(word)
    assert (output.status, output.out) == (2, "")
    assert " ".join(output.err.split()) == sentence


def test_a_shell_completes_the_names_of_files() -> None:
    parser = argparse.ArgumentParser(prog="ws-handshake")
    explain.add_arguments(parser)
    assert "pos_0_COMPGEN=_shtab_compgen_files" in shtab.complete(parser, "bash")
