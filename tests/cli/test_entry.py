"""The entry point, and each way in which the command ends."""

from __future__ import annotations

import errno
import io
import sys
import tomllib
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.cli_runs import run
from tests.support.wires import ROOT
from ws_handshake.cli import command, entry
from ws_handshake.cli.entry import main

if TYPE_CHECKING:
    from pathlib import Path


def test_without_the_extra_one_line_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"rich": None, "h2": None}
    monkeypatch.setattr(entry, "find_spec", lambda name: there.get(name, name))
    done = run("probe", "ws://127.0.0.1/ws")

    assert (done.status, done.out) == (2, "")
    assert done.err == "ws-handshake needs h2, rich: pip install 'ws-handshake[cli]'\n"


def test_what_is_needed_is_what_the_extra_installs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extra = project["project"]["optional-dependencies"]["cli"]

    assert sorted(needed.partition(">=")[0] for needed in extra) == [*entry._NEEDED]


def test_the_script_that_is_installed_is_this_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    scripts = project["project"]["scripts"]
    point = EntryPoint("ws-handshake", scripts["ws-handshake"], "console_scripts")

    assert point.load() is main


def test_the_status_of_the_subcommand_is_the_commands() -> None:
    assert run("--version").status == 0
    assert run("no-such-subcommand").status == 2


def test_the_arguments_are_those_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["ws-handshake", "--version"])
    with pytest.raises(SystemExit, match=r"^0$"):
        main()

    assert capsys.readouterr().out.startswith("ws-handshake ")


def _raising(error: type[BaseException] | BaseException) -> Any:
    def run(_: object) -> int:
        raise error

    return run


def test_ctrl_c_leaves_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "run", _raising(KeyboardInterrupt))
    done = run("explain", "-")

    assert (done.status, done.out, done.err) == (130, "", "")


def test_a_reader_that_goes_away_leaves_no_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "run", _raising(BrokenPipeError))
    with (tmp_path / "out").open("w", encoding="utf-8") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert main(["explain"]) == 141
        out.write("what the interpreter would still flush")

    assert (tmp_path / "out").read_text(encoding="utf-8") == ""


def test_output_that_cannot_be_written_leaves_no_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full = _raising(OSError(errno.ENOSPC, "No space left on device"))
    monkeypatch.setattr(command, "run", full)
    with (tmp_path / "out").open("w", encoding="utf-8") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert main(["explain"]) == 2

    assert capsys.readouterr().err == "ws-handshake: no space left on device.\n"


def test_a_closed_stream_is_written_to_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(command, "run", lambda _: sys.stdout.write("x"))

    assert main([]) == 1
    sys.stdout.close()


def test_a_stream_that_cannot_write_a_letter_writes_a_question_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(command, "run", lambda _: stream.write("\u2500"))
    main([])
    stream.flush()

    assert raw.getvalue() == b"?"
