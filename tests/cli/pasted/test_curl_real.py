"""What is read from a command is what a real shell and a real curl make of it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support import pastes
from tests.support.capture import capturing
from tests.support.handshakes import VALID
from tests.support.needed import program
from ws_handshake.cli.pasted.curl import read_curl
from ws_handshake.cli.pasted.recognition import recognise

if TYPE_CHECKING:
    from ws_handshake import RequestHead

WHOLE = (
    "-H 'Upgrade: websocket' -H 'Connection: Upgrade' -H 'Sec-WebSocket-Version: 13' "
    "-H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='"
)
COMMANDS = [
    "curl {url}",
    f"curl --http1.1 -isS {WHOLE} {{url}}",
    f"curl {WHOLE} -b 'a=b; c=d' -e https://b/ -A 'it'\\''s me' '{{url}}?a=b&c=d'",
    "curl $'{url}?q=\\u0021\\u00e9' -H $'X-A: it\\'s \\x41'",
    'curl "{url}" -H "X-A: \\"quoted\\" \\\\ \\$x" \\\n  -H Accept: -H "X-Empty;"',
    "curl {url} -u me:secret -X OPTIONS",
    "curl -I {url} --compressed",
    "curl {url} -d a=b",
    "curl -G -d a=b {url}",
    "curl {url} -0 -H 'Host: other.example'",
    "curl http://me:secret@127.0.0.1:{port}/ws --oauth2-bearer token",
]
# What depends on curl's version, and what we do not count.
VARYING = {b"user-agent", b"content-length", b"accept-encoding"}


def steady(request: RequestHead) -> list[tuple[bytes, bytes]]:
    return sorted(
        (name, b"" if name in VARYING else value)
        for name, value in request.headers
        if name != b"content-type"
    )


def run(command: str) -> bytes:
    done = subprocess.run(
        [program("bash"), "-c", command],
        capture_output=True,
        timeout=30,
        check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"},
    )
    return done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_the_request_is_the_one_that_curl_sends(command: str) -> None:
    program("curl")
    with capturing() as capture:
        url = f"http://127.0.0.1:{capture.port}/ws"
        text = command.format(url=url, port=capture.port)
        run(text)
        sent = capture.next(20).head()
    read = read_curl(text.encode()).request

    assert (read.method, read.http_version) == (sent.method, sent.http_version)
    if "-G" not in command:  # its data is no part of what we look at
        assert read.target == sent.target
    assert steady(read) == steady(sent)


def test_what_curl_prints_of_a_request_is_what_it_sent() -> None:
    program("curl")
    with capturing() as capture:
        url = f"http://127.0.0.1:{capture.port}/ws"
        printed = run(f"curl -v {WHOLE} {url}")
        sent = capture.next(20).head()
    pasted = recognise(printed)
    assert pasted is not None
    (read,) = pasted.requests

    assert read.flaw is None
    assert read.server_status == 400
    assert read.request == sent._replace(headers=list(sent.headers), scheme="")


@pytest.mark.parametrize("command", ["xxd", "hexdump -C", "od -A x -t x1z"])
def test_what_a_program_dumps_is_read(command: str) -> None:
    program(command.partition(" ")[0])
    done = subprocess.run(
        command.split(), input=VALID.wire(), capture_output=True, timeout=30, check=True
    )
    pasted = recognise(done.stdout)
    assert pasted is not None
    assert pasted.requests[0].request.headers == list(VALID.headers)


def test_bash_reads_the_copy_of_devtools_as_we_do() -> None:
    program("curl")
    handshake = VALID.plus(b"x-odd", b'it\'s "odd" ! \\ $x `y`').plus(b"x-e", b"")
    with capturing() as capture:
        handshake = handshake.but(b"host", b"127.0.0.1:%d" % capture.port)
        text = pastes.curl_in_bash(handshake).replace(b"wss:", b"http:")
        run(text.decode())
        sent = capture.next(20).head()
    assert set(handshake.headers) <= set(sent.headers)
    assert steady(read_curl(text).request) == steady(sent)
