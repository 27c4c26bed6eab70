"""The entry point: checks that the `cli` extra is installed, and handles Ctrl-C."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ws_handshake.cli.exits import INTERRUPTED, READER_GONE, UNREACHED

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEEDED = ("h11", "h2", "rich", "shtab", "wsproto")
_INSTALL = "ws-handshake needs {}: pip install 'ws-handshake[cli]'\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status; Ctrl-C leaves no traceback."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        sys.stderr.write(_INSTALL.format(", ".join(missing)))
        return UNREACHED
    from ws_handshake.cli.command import run  # noqa: PLC0415  (needs the extra)

    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        _never_fail_to_encode(stream)
    try:
        return run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_what_is_left()
        return READER_GONE
    except OSError as error:
        _drop_what_is_left()
        with suppress(OSError):
            sys.stderr.write(f"ws-handshake: {(error.strerror or 'failed').lower()}.\n")
            sys.stderr.flush()
        return UNREACHED


def _open_what_is_closed() -> None:
    # `>&-` closes a stream, and Python has None in its place
    closed = [name for name in ("stdout", "stderr") if getattr(sys, name) is None]
    for name in closed:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  (for as long as the process lives)


def _never_fail_to_encode(stream: object) -> None:
    # A terminal without UTF-8 gets question marks for the lines of a table.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def _drop_what_is_left() -> None:
    """Redirect standard output, so that the interpreter's last flush cannot fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
