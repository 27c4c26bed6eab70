"""Who is asked before the conformance catalogue is sent."""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from tests.support.cli_runs import Input, Terminal
from ws_handshake.cli.client.dial import Address
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.conformance.consent import may_send
from ws_handshake.cli.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Sequence

THERE = "203.0.113.9"
WHERE = f"server.example ({THERE}) is not this machine."
QUESTION = "Is the server yours, and may this be sent? [y/N]"


def asked(
    *addresses: str, said: bytes | None = None, yes: bool = False
) -> tuple[bool, str]:
    """Ask on a terminal where something is said, and nowhere else."""
    typed = said is not None
    err = Terminal() if typed else io.StringIO()
    screen = Screen.of(io.StringIO(), err, {"TERM": "dumb", "COLUMNS": "100"})
    given: Sequence[Address] = [
        Address(socket.AF_INET, (address, 80)) for address in addresses
    ]
    target = parse_target("ws://server.example/ws?token=secret")
    out = io.StringIO()
    with (
        patch("sys.stdin", Input(said or b"", typed=typed)),
        patch("sys.stdout", out),
    ):
        may = may_send(target, given, screen, yes=yes)
    assert out.getvalue() == ""
    return may, " ".join(err.getvalue().split())


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1"])
def test_this_machine_is_not_asked_about(address: str) -> None:
    assert asked(address) == (True, "")


@pytest.mark.parametrize("address", [THERE, "10.0.0.1", "fe80::1%eth0", "2001:db8::1"])
def test_without_a_terminal_nothing_is_sent_beyond_this_machine(address: str) -> None:
    may, reported = asked("127.0.0.1", address)
    assert may is False
    assert reported == (
        f"server.example ({address}) is not this machine, and there is no terminal to "
        "ask on. If the server is yours, say so with --yes."
    )


@pytest.mark.parametrize("said", [b"y\n", b"Yes\n", b" YES \n"])
def test_who_says_yes_may_send(said: bytes) -> None:
    assert asked(THERE, said=said) == (True, f"{WHERE} {QUESTION}")


@pytest.mark.parametrize("said", [b"\n", b"n\n", b"yes please\n", b""])
def test_who_says_anything_else_sends_nothing(said: bytes) -> None:
    assert asked(THERE, said=said) == (False, f"{WHERE} {QUESTION} Nothing was sent.")


def test_yes_says_so_beforehand() -> None:
    assert asked(THERE, yes=True) == (True, "")
