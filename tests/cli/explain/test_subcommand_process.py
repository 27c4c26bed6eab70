"""The command itself: a pipe in, a pipe out, and no traceback."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys

from tests.support.handshakes import ACCEPT, VALID
from tests.support.wires import ROOT

COMMAND = [sys.executable, "-m", "ws_handshake", "explain"]
ENVIRONMENT = dict(os.environ)


def run(
    *argv: str, data: bytes = b"", encoding: str = "utf-8"
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *argv],
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env={**ENVIRONMENT, "PYTHONIOENCODING": encoding},
    )


def test_a_pasted_request_comes_through_a_pipe() -> None:
    done = run(data=VALID.wire())
    assert (done.returncode, done.stderr) == (0, b"")
    assert ACCEPT.encode() in done.stdout
    assert b"\x1b" not in done.stdout
    assert run("-", data=VALID.without(b"host").wire()).returncode == 1
    assert run("-", data=b"\x00\xff").returncode == 2


def test_a_page_is_printed_in_any_encoding() -> None:
    for encoding in ("utf-8", "ascii"):
        done = run("http2_client", encoding=encoding)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(b"# http2_client\n")


def test_ctrl_c_while_it_waits_for_a_paste_leaves_no_traceback() -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "-"], stdin=theirs, stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
        assert process.wait(60) == 130
    os.close(ours)
    os.close(theirs)
    assert said == b"Paste a request, and end it with Ctrl-D.\n"
