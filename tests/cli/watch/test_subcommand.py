from __future__ import annotations

import argparse
import json
import os
import re
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, NoReturn

import pytest
import shtab

from tests.support.cli_runs import Input, Piped, asked
from ws_handshake.cli.watch import live
from ws_handshake.cli.watch import subcommand as watch
from ws_handshake.cli.watch.subcommand import NO_LINES

if TYPE_CHECKING:
    from pathlib import Path

REJECTED = (
    '{"event": "websocket.handshake.rejected", "error.type": "key_missing", '
    '"url.path": "/ws"}\n'
)
ACCEPTED = '{"event": "websocket.handshake.accepted", "url.path": "/ws"}\n'
OTHER = "Traceback (most recent call last):\t\x1b[31m\u202eö\n"
SHOWN = "Traceback (most recent call last):\t\\x1b[31m\\u202eö\n"
_style = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key of the person who runs the tests is taken."""
    monkeypatch.setattr(os, "ctermid", lambda: str(tmp_path / "none"))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text(REJECTED + OTHER + ACCEPTED + REJECTED, "utf-8")
    return path


def test_the_counts_go_to_one_stream_and_other_lines_to_the_other(log: Path) -> None:
    output = asked(watch, "--once", str(log))
    assert output.status == 1
    assert output.out.startswith("2 rejected, 1 accepted\n1 line without an event\n")
    assert output.err == SHOWN


def test_without_a_rejection_it_is_0(log: Path) -> None:
    log.write_text(ACCEPTED, "utf-8")
    output = asked(watch, "--once", str(log))
    assert (output.status, output.out, output.err) == (
        0,
        "0 rejected, 1 accepted\n",
        "",
    )


@pytest.mark.parametrize("terminal", [False, True])
def test_json_is_one_document_on_a_terminal_too(log: Path, *, terminal: bool) -> None:
    output = asked(watch, "--once", "--json", str(log), terminal=terminal)
    document = json.loads(output.out)
    assert output.status == 1
    assert (document["rejected"], document["accepted"]) == (2, 1)
    assert document["by"]["reason"] == {"counts": {"key_missing": 2}, "other": 0}
    assert output.err == SHOWN


@pytest.mark.parametrize("argv", [(), ("-",)])
def test_lines_may_come_through_a_pipe(argv: tuple[str, ...]) -> None:
    output = asked(watch, *argv, stdin=Piped((REJECTED + ACCEPTED).encode()))
    assert output.status == 1
    assert output.out.startswith("1 rejected, 1 accepted\n")


def test_binary_junk_is_shown_and_counted() -> None:
    output = asked(watch, "-", stdin=Piped(b"\x00\xff{\nplain\n" + REJECTED.encode()))
    assert output.err == "\\x00\\xff{\nplain\n"
    assert "2 lines without an event" in output.out


def test_on_a_terminal_other_lines_stand_above_the_table(log: Path) -> None:
    output = asked(watch, "--once", str(log), terminal=True)
    plain = _style.sub("", output.out)
    assert output.err == ""
    assert output.status == 1
    assert plain.index("Traceback") < plain.index("2 rejected, 1 accepted")
    assert plain.count("2 rejected, 1 accepted\n") == 1
    assert "\x1b[31m" not in output.out
    assert "\\x1b[31m\\u202eö" in plain


def test_the_table_is_updated_but_not_for_every_line(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(monotonic=lambda: 5.0, sleep=lambda _: None)
    monkeypatch.setattr(live, "time", clock)
    output = asked(watch, "--once", str(log), terminal=True)
    drawn = output.out.count("in the last minute")

    ticks = iter(range(1000))
    clock = SimpleNamespace(monotonic=lambda: float(next(ticks)), sleep=lambda _: None)
    monkeypatch.setattr(live, "time", clock)
    output = asked(watch, "--once", str(log), terminal=True)
    assert output.out.count("in the last minute") == drawn + 1


def test_ctrl_c_ends_with_the_table_and_the_same_status(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_seconds: float) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)
    for terminal in (False, True):
        output = asked(watch, str(log), terminal=terminal)
        assert output.status == 1
        assert "2 rejected, 1 accepted\n" in _style.sub("", output.out)


def test_lines_that_were_there_before_have_no_rate(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        if not seconds:
            return
        if pauses:
            raise KeyboardInterrupt
        pauses.append(seconds)
        with log.open("a") as file:
            file.write(REJECTED)

    monkeypatch.setattr(time, "sleep", pause)
    monkeypatch.setattr(live, "_REFRESH", 0.0)
    output = asked(watch, str(log), terminal=True)
    shown = re.findall(r"([0-9]+) rejected in the last minute", output.out)
    assert list(dict.fromkeys(shown)) == ["0", "1"]


def test_a_person_who_names_no_file_is_shown_how_to() -> None:
    output = asked(watch)
    assert (output.status, output.out) == (2, "")
    assert output.err == f"{NO_LINES}\n"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("none.log", "none.log cannot be read: No such file or directory."),
        (".", ". cannot be read: Is a directory."),
        ("-", "- cannot be read: fileno."),
    ],
)
def test_what_cannot_be_read_is_2(name: str, sentence: str) -> None:
    output = asked(watch, name, stdin=Input(b"", typed=False))
    assert (output.status, output.out, output.err) == (2, "", f"{sentence}\n")


def test_a_shell_completes_the_names_of_files() -> None:
    parser = argparse.ArgumentParser(prog="ws-handshake")
    watch.add_arguments(parser)
    assert "pos_0_COMPGEN=_shtab_compgen_files" in shtab.complete(parser, "bash")


READABLE = (
    "It reads the log of the structlog observer, in JSON or in lines for a person; "
    "valid handshakes are in it at level debug only."
)
UNREADABLE = [
    (b"INFO: Started.\nINFO: Done.\n", f"2 lines of LOG. {READABLE}"),
    (
        b"\x1f\x8b\x08\n",
        "1 line of LOG. It is compressed: zcat FILE | ws-handshake watch -",
    ),
    (
        b"Started.\n[warning] websocket.handshake.rejected error.type=key_missing\nx\n",
        "3 lines of LOG. Its events are not in JSON: use structlog's JSONRenderer.",
    ),
]


@pytest.mark.parametrize(("content", "sentence"), UNREADABLE)
def test_of_a_log_that_it_cannot_read_it_says_so(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    log = tmp_path / "log"
    log.write_bytes(content)
    output = asked(watch, "--once", "-q", str(log))
    said = " ".join(output.err.split()).replace(str(log), "LOG")

    assert (output.status, output.out) == (2, "")
    assert said == f"There is no event that can be read in the {sentence}"


@pytest.mark.parametrize("content", ["", '{"event": "started"}\n'])
def test_a_log_in_json_without_a_handshake_is_read(log: Path, content: str) -> None:
    log.write_text(content, "utf-8")
    output = asked(watch, "--once", "-q", str(log))

    assert (output.status, output.err) == (0, "")
    assert output.out.startswith("0 rejected, 0 accepted\n")


@pytest.mark.parametrize("terminal", [False, True])
def test_quiet_shows_no_other_line(log: Path, *, terminal: bool) -> None:
    output = asked(watch, "--once", "-q", str(log), terminal=terminal)

    assert "Traceback" not in output.out + output.err
    assert "1 line without an event" in output.out


def test_the_lines_for_a_person_are_counted(log: Path) -> None:
    log.write_text(
        "INFO: Started.\n12:00:00 WebSocket handshake rejected: 400 key_missing on /ws "
        "from 203.0.113.9. Fix: Send it.\n",
        "utf-8",
    )
    output = asked(watch, "--once", str(log))

    assert output.status == 1
    assert "To fix key_missing:\n  Send it." in output.out
    assert max(map(len, output.out.splitlines())) <= 100
