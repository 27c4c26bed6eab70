"""Servers that are odd once the handshake is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.cli_fakes import (
    OK,
    closing,
    saying,
    serving,
    talking,
)
from tests.support.cli_runs import Probed, probe

if TYPE_CHECKING:
    from tests.support.cli_fakes import Script


def _asked(script: Script, *options: str) -> Probed:
    with serving(script) as port:
        return probe(f"ws://127.0.0.1:{port}/ws", *options)


def test_a_handshake_that_works_and_frames_that_do_not() -> None:
    probed = _asked(talking(pongs=False), "--timeout", "1")

    assert (probed.status, probed.verdict) == (1, "faulty")
    assert (probed.codes, probed.seen) == (
        ["pong_missing"],
        "nothing was received in time",
    )
    assert probed.step("close")["ok"] is True


def test_a_server_that_ends_the_connection_behind_the_handshake() -> None:
    probed = _asked(closing(OK))

    assert (probed.codes, probed.seen) == (["pong_missing"], "the connection ended")
    assert "close" not in probed.steps


def test_a_server_that_does_not_respond_to_a_close() -> None:
    probed = _asked(talking(closes=False))

    assert (probed.codes, probed.seen) == (["close_missing"], "the connection ended")


def test_a_server_that_accepts_and_closes_at_once() -> None:
    frame = b"\x88\x0c" + (4401).to_bytes(2, "big") + b"go away \xc3\xa9"
    probed = _asked(talking(first=frame))

    assert (probed.codes, probed.seen) == (["closed_at_once"], "4401, go away \\xe9")


def test_bytes_after_the_handshake_that_are_not_a_frame() -> None:
    probed = _asked(saying(OK + b"HTTP/1.1 500 Oops\r\n\r\n"))

    assert (probed.status, probed.codes) == (1, ["frame_malformed"])


def test_a_server_that_speaks_first() -> None:
    probed = _asked(talking(first=b"\x81\x05hello\x81\x02hi"))

    assert (probed.verdict, probed.notes) == ("valid", ["messages_came"])
    assert probed.step("ping")["result"] == "pong, after 2 messages"
