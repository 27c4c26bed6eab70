"""What is sent beyond this machine, and what is not: who asks for it consents."""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from tests.support.cli_runs import Input, Terminal
from ws_handshake.cli.client.dial import Address
from ws_handshake.cli.client.target import parse_target
from ws_handshake.cli.conformance.trial import may_send
from ws_handshake.cli.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Sequence


THERE = "203.0.113.9"


WHERE = f"server.example ({THERE}) is not this machine."


QUESTION = "Is the server yours, and may this be sent? [y/N]"


def consent(
    *addresses: str, reply: bytes | None = None, yes: bool = False
) -> tuple[bool, str]:
    """Ask on a terminal where something is reply, and nowhere else."""
    typed = reply is not None
    err = Terminal() if typed else io.StringIO()
    screen = Screen.of(io.StringIO(), err, {"TERM": "dumb", "COLUMNS": "100"})
    given: Sequence[Address] = [
        Address(socket.AF_INET, (address, 80)) for address in addresses
    ]
    target = parse_target("ws://server.example/ws?token=secret")
    out = io.StringIO()
    with (
        patch("sys.stdin", Input(reply or b"", typed=typed)),
        patch("sys.stdout", out),
    ):
        may = may_send(target, given, screen, yes=yes)
    assert out.getvalue() == ""
    return may, " ".join(err.getvalue().split())


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1"])
def test_no_consent_is_needed_for_this_machine(address: str) -> None:
    assert consent(address) == (True, "")


@pytest.mark.parametrize("address", [THERE, "10.0.0.1", "fe80::1%eth0", "2001:db8::1"])
def test_without_a_terminal_nothing_is_sent_beyond_this_machine(address: str) -> None:
    may, output = consent("127.0.0.1", address)
    assert may is False
    assert output == (
        f"server.example ({address}) is not this machine, and there is no terminal to "
        "ask on. If the server is yours, use --yes."
    )


@pytest.mark.parametrize("reply", [b"y\n", b"Yes\n", b" YES \n"])
def test_the_reply_yes_is_consent(reply: bytes) -> None:
    assert consent(THERE, reply=reply) == (True, f"{WHERE} {QUESTION}")


@pytest.mark.parametrize("reply", [b"\n", b"n\n", b"yes please\n", b""])
def test_any_other_reply_sends_nothing(reply: bytes) -> None:
    assert consent(THERE, reply=reply) == (
        False,
        f"{WHERE} {QUESTION} Nothing was sent.",
    )


def test_the_option_yes_is_consent() -> None:
    assert consent(THERE, yes=True) == (True, "")
