"""The parser: subcommands, help with examples, completion."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess

import pytest

from tests.support.cli_runs import run
from ws_handshake.cli import command
from ws_handshake.cli.command import SHELLS, SUBCOMMANDS, parser

NAMES = [subcommand.NAME for subcommand in SUBCOMMANDS]


def test_there_are_four_subcommands() -> None:
    assert NAMES == ["probe", "explain", "conformance", "watch"]


def test_the_help_names_each_with_its_summary() -> None:
    done = run("--help")
    output = " ".join(done.out.split())

    assert (done.status, done.err) == (0, "")
    for subcommand in SUBCOMMANDS:
        assert f"{subcommand.NAME} {subcommand.SUMMARY}" in output
    assert "examples: ws-handshake probe wss://example.com/ws" in output
    assert "exit status: 0 valid, 1 rejected or faulty" in output


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_each_has_examples_that_parse(name: str) -> None:
    done = run(name, "--help")
    examples = re.findall(rf"(?m)^.*?ws-handshake ({name}\b.*)$", done.out)

    assert done.status == 0
    assert f"usage: ws-handshake {name} " in done.out
    assert examples


NOT_UNDERSTOOD = [
    (
        ("prob", "ws://a/?x=secret"),
        "there is no subcommand prob. Did you mean probe?",
    ),
    (("zzz",), "there is no subcommand zzz."),
    (("ws://a/?token=secret",), "name the subcommand first: ws-handshake probe URL."),
    (("help", "wach"), "help: there is no subcommand wach. Did you mean watch?"),
    (
        ("probe", "ws://a/", "--jsn=secret"),
        "probe: there is no option --jsn. Did you mean --json?",
    ),
    (("probe", "ws://a/", "-Zsecret"), "probe: there is no option -Z."),
    (("probe", "ws://a/", "secret"), "probe: there is 1 argument too many."),
    (("watch", "a", "secret", "secret"), "watch: there are 2 arguments too many."),
    (("--color", "secret"), "--color: choose from auto, always, never."),
    (("probe",), "probe: URL is missing."),
    (("PROBE",), "there is no subcommand PROBE. Did you mean probe?"),
    (("version",), "there is no subcommand version. Did you mean --version?"),
    (("probe", "a", "--json=secret"), "probe: --json takes no value."),
    (("probe", "a", "-u", "secret"), "-u. Did you mean -H 'Authorization: ...'?"),
    (("probe", "a", "-m5"), "there is no option -m. Did you mean --timeout?"),
    (("explain", "-u", "secret"), "explain: there is no option -u."),
    (("probe", "--", "a", "--json"), "probe: there is 1 argument too many."),
    (("probe", "-H"), "probe: -H/--header needs a value."),
    (("probe", "ws://a/", "-qv"), "probe: -q/--quiet excludes -v/--verbose."),
]


@pytest.mark.parametrize(("argv", "sentence"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_said_and_what_was_meant_suggested(
    argv: tuple[str, ...], sentence: str
) -> None:
    done = run(*argv)

    assert (done.status, done.out) == (2, "")
    assert sentence in done.err
    assert "secret" not in done.err
    assert re.search(r"(?m)^Try: ws-handshake ([a-z]+ )?--help$", done.err)
    assert max(map(len, done.err.splitlines())) <= 80


@pytest.mark.parametrize("argv", [(), ("help",), ("--color", "never")])
def test_a_bare_call_shows_the_help(argv: tuple[str, ...]) -> None:
    done = run(*argv)

    assert (done.status, done.err) == (0, "")
    assert done.out == run("--help").out


@pytest.mark.parametrize("name", NAMES)
def test_help_of_a_subcommand_is_its_help(name: str) -> None:
    assert run("help", name) == run(name, "--help")


@pytest.mark.parametrize("name", [*NAMES, ""])
def test_the_help_fits_a_terminal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("help", *filter(None, [name])).out.splitlines()

    assert max(map(len, lines)) <= 80


def _coloured(*argv: str) -> bool:
    return "\x1b[" in run(*argv).out


def test_colours_can_be_switched_on_and_off_before_and_behind_the_subcommand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    probed = ("probe", "ws://127.0.0.1:1/", "-q")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    assert _coloured("--color", "always", *probed)
    assert _coloured(*probed, "--color=always")
    assert not _coloured(*probed)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert _coloured(*probed)
    assert not _coloured("--color", "always", *probed, "--color", "never")


def test_options_may_stand_before_the_subcommand() -> None:
    probed = ("ws://127.0.0.1:1/", "--json")

    before = run("-H", "Cookie: a=b", "--timeout", "1", "probe", *probed)
    behind = run("probe", "-H", "Cookie: a=b", "--timeout", "1", *probed)
    assert before.status == behind.status == 2
    assert json.loads(before.out)["failures"] == json.loads(behind.out)["failures"]
    assert run("-h", "watch") == run("watch", "--help")


def test_an_option_is_written_out() -> None:
    """A script would break where a later version has two that begin alike."""
    assert run("--vers").status == 2
    assert run("probe", "ws://127.0.0.1/", "--time", "1").status == 2


def test_the_version_is_the_distributions() -> None:
    assert re.fullmatch(r"ws-handshake \d+\.\d+\.\d+\S*\n", run("--version").out)
    assert run("-V") == run("--version") == run("probe", "-V") == run("-V", "watch")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_completion_script_knows_subcommands_and_options(shell: str) -> None:
    done = run("--print-completion", shell)

    assert (done.status, done.err) == (0, "")
    for word in (*NAMES, "--subprotocol", "--origin"):
        assert word.removeprefix("--") in done.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_can_read_its_completion_script(shell: str) -> None:
    program = shutil.which(shell)
    if program is None:  # pragma: no cover  (machines without this shell)
        pytest.skip(f"{shell} is not installed")
    script = run("--print-completion", shell).out
    read = subprocess.run(
        [program, "-n"], input=script, text=True, capture_output=True, check=False
    )

    assert (read.returncode, read.stderr) == (0, "")


COMPLETED = [
    ("ws-handshake ", ["conformance", "explain", "help", "probe", "watch"]),
    ("ws-handshake probe --o", ["--origin"]),
    ("ws-handshake help w", ["watch"]),
    ("ws-handshake --color n", ["never"]),
]


@pytest.mark.parametrize(("typed", "offered"), COMPLETED)
def test_fish_completes(typed: str, offered: list[str]) -> None:
    fish = shutil.which("fish")
    if fish is None:  # pragma: no cover  (machines without fish)
        pytest.skip("fish is not installed")
    script = run("--print-completion", "fish").out
    asks = f"{script}\ncomplete -C {shlex.quote(typed)}\n"
    done = subprocess.run(
        [fish], input=asks, text=True, capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition("\t")[0] for line in done.stdout.splitlines()] == offered


def test_the_subcommand_is_run_and_its_status_returned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.run(["explain", "key_missing"]) == 0
    assert "key_missing" in capsys.readouterr().out


def test_the_parser_hands_a_subcommand_its_module() -> None:
    options = parser().parse_args(["probe", "ws://127.0.0.1/"])

    assert options.subcommand.NAME == "probe"
