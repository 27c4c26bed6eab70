"""The exit statuses, for scripts."""

from __future__ import annotations

from ws_handshake.cli import exits


def test_the_statuses_are_what_scripts_rely_on() -> None:
    assert (exits.VALID, exits.REJECTED, exits.UNREACHED) == (0, 1, 2)


def test_a_signal_is_reported_as_shells_do() -> None:
    assert (exits.INTERRUPTED, exits.READER_GONE) == (128 + 2, 128 + 13)
