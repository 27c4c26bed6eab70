"""The editor's verdicts: those of `ws-handshake explain`, without its extra."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.support.handshakes import VALID
from ws_handshake.cli import main
from ws_handshake.inspector.pasted import verdict_on

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

BROKEN = VALID.but(b"sec-websocket-key", b"AAAA").wire()


def test_a_verdict_is_the_document_of_explain_with_the_codes_of_each_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "request.txt"
    path.write_bytes(BROKEN)
    assert main(["explain", "--json", str(path)]) == 1
    verdict: dict[str, Any] = verdict_on(BROKEN)
    (lines,) = verdict.pop("lines")
    assert json.loads(json.dumps(verdict)) == json.loads(capsys.readouterr().out)
    assert [(line["text"], line["codes"]) for line in lines if line["codes"]] == [
        ("Sec-WebSocket-Key: (4 characters)", ("key_malformed",))
    ]


def test_every_handshake_of_a_paste_has_its_lines() -> None:
    verdict: Any
    verdict = verdict_on(b"curl -i http://a/ws -H 'Upgrade: websocket'")
    assert verdict["read_as"] == "a curl command"
    assert verdict["valid"] is False
    verdict = verdict_on(VALID.wire())
    assert verdict["valid"] is True
    assert len(verdict["lines"]) == len(verdict["handshakes"]) == 1


def test_an_error_message_is_explained() -> None:
    verdict = verdict_on(
        b"WebSocket connection to 'ws://a/ws' failed: Error during WebSocket "
        b"handshake: Unexpected response code: 404"
    )
    assert verdict["handshakes"] == []
    assert str(verdict["meaning"]).startswith("The server responded with 404")


def test_what_cannot_be_read_is_reported_with_what_can_be() -> None:
    verdict = verdict_on(b"hello")
    assert verdict["valid"] is False
    assert str(verdict["error"]).startswith(
        "No request was recognised. It can read a request with its header lines"
    )


def test_it_needs_nothing_of_the_extra_cli() -> None:
    code = (
        "import sys\n"
        "extra = {'rich', 'h11', 'h2', 'shtab', 'wsproto', 'starlette', 'uvicorn'}\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in extra: raise ImportError(name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from ws_handshake.inspector.pasted import verdict_on\n"
        "print(verdict_on(b'curl -i http://a/ws')['valid'])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (run.stdout, run.stderr) == (b"False\n", b"")
