"""A process of an application without a lifespan has reported all when it has ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.faults import KEYLESS
from tests.support.waiting import wait_until
from tests.support.wires import ROOT, ask, serving

if TYPE_CHECKING:
    from pathlib import Path


def counted(text: str) -> tuple[int, int]:
    """Return how many rejections a log has, and how many it says were held back."""
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    rejected = [line for line in lines if line["event"].endswith(".rejected")]
    return len(rejected), sum(line["websocket.handshake.suppressed"] for line in lines)


PROGRAM = """
from tests.support.apps_no_lifespan import app
from tests.support.faults import KEYLESS
from ws_handshake.testing import attempt

for _ in range(120):
    attempt(app, KEYLESS)
"""


def test_a_process_that_ends_has_reported_every_rejection() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, check=True
    )

    logged, held_back = counted(done.stdout.decode())
    assert done.stderr == b""
    assert logged + held_back == 120
    assert logged < 100


@pytest.mark.parametrize(
    ("options", "ending"),
    [
        ("--lifespan off", signal.SIGINT),
        ("--lifespan auto", signal.SIGTERM),
    ],
)
def test_a_server_of_an_application_without_a_lifespan_has_reported_every_rejection(
    tmp_path: Path, options: str, ending: signal.Signals
) -> None:
    command = (
        "uvicorn tests.support.apps_no_lifespan:app --port {port} --log-level critical"
    )
    protocol = "--http ws_handshake.uvicorn:AutoHTTPProtocol"
    arguments = [*command.split(), *protocol.split(), *options.split()]
    with serving(arguments, tmp_path / "log") as server:
        begun = time.monotonic()
        for _ in range(120):
            assert ask(server.port, KEYLESS.wire()).codes == ("key_missing",)
        refilled = (time.monotonic() - begun) * 10
        if ending == signal.SIGTERM:  # uvicorn dies of it: nothing is run at the end
            wait_until(lambda: sum(counted(server.logged())) == 120, server.logged)
        server.process.send_signal(ending)
        server.process.wait(60)

    logged, held_back = counted(server.logged())
    assert logged + held_back == 120
    assert logged <= 51 + refilled
