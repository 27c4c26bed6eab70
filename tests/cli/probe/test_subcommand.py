"""The subcommand `probe`: its options, and its exit status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import closing, filled, serving, talking, wait
from tests.support.cli_runs import probe, run
from tests.support.wires import free_port

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

SECRET = "hunter2-hunter2-hunter2-hunter2-hunter2"


def _keeping(
    heads: list[bytes], response: bytes
) -> Callable[[socket.socket, bytes], None]:
    def script(connection: socket.socket, head: bytes) -> None:
        heads.append(head)
        connection.sendall(filled(response, head))
        wait(connection)

    return script


def test_the_options_are_what_is_sent() -> None:
    heads: list[bytes] = []
    with serving(
        _keeping(heads, b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
    ) as port:
        run(
            *("probe", f"ws://user:pass@127.0.0.1:{port}/a?b=c"),
            *("--origin", "https://app.example", "--header", "Cookie: d=e"),
            *("--subprotocol", "chat", "--subprotocol", "v2"),
        )
    lines = heads[0].split(b"\r\n")

    assert lines[0] == b"GET /a?b=c HTTP/1.1"
    assert b"Origin: https://app.example" in lines
    assert b"Cookie: d=e" in lines
    assert b"Sec-WebSocket-Protocol: chat, v2" in lines
    assert b"Authorization: Basic dXNlcjpwYXNz" in lines


NAMED = [
    ("ws://192.0.2.1:9/", "http_proxy", ["proxy_not_used"]),
    ("wss://192.0.2.1:9/", "HTTPS_PROXY", ["proxy_not_used"]),
    ("wss://192.0.2.1:9/", "all_proxy", ["proxy_not_used"]),
    ("ws://192.0.2.1:9/", "https_proxy", []),
    ("ws://192.0.2.1:9/", "no_such_thing", []),
    ("ws://127.0.0.1:1/", "http_proxy", []),
]


@pytest.mark.parametrize(("url", "name", "codes"), NAMED)
def test_a_proxy_of_the_environment_is_named_where_nothing_else_helps(
    url: str, name: str, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(one, raising=False)
        monkeypatch.delenv(one.upper(), raising=False)
    monkeypatch.setenv(name, "http://user:secret@192.0.2.2:3128")
    probed = probe(url, "--timeout", "0.2")

    assert (probed.verdict, probed.notes) == ("unreached", codes)
    assert "secret" not in str(probed.document)


def test_every_probe_has_a_key_of_its_own() -> None:
    heads: list[bytes] = []
    with serving(
        _keeping(heads, b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
    ) as port:
        run("probe", f"ws://127.0.0.1:{port}/")
        run("probe", f"ws://127.0.0.1:{port}/")
    keys = {line for head in heads for line in head.split(b"\r\n") if b"-Key:" in line}

    assert len(keys) == 2


@pytest.mark.parametrize("more", [[], ["-v"], ["--json"], ["--json", "-v"]])
def test_no_secret_is_printed(more: list[str]) -> None:
    """Neither of what was sent, nor of what a server sends back."""
    response = (
        f"HTTP/1.1 302 Found\r\nLocation: https://a:{SECRET}@example.com/x?t={SECRET}\r\n"
        f"Set-Cookie: session={SECRET}\r\n\r\nNo such page: /ws?token={SECRET}"
    )
    with serving(closing(response.encode())) as port:
        done = run(
            *("probe", f"ws://user:{SECRET}@127.0.0.1:{port}/ws?token={SECRET}"),
            *("--header", f"Authorization: Bearer {SECRET}", "--subprotocol", SECRET),
            *("--header", f"Host: {SECRET}", "--timeout", "20", *more),
        )

    assert done.status == 1
    assert "redirected" in done.out
    assert "hunter2" not in done.out + done.err


@pytest.mark.parametrize("more", [[], ["-v"], ["--json", "-v"]])
def test_nothing_from_the_wire_can_move_the_cursor(more: list[str]) -> None:
    evil = b"\x9b2J\xe2\x80\xae"
    head = b"HTTP/1.1 500 %b\r\nServer: %b\r\n\r\n" % (evil, evil)
    response = head + evil + b"\x1b[2J\x07\r"
    with serving(closing(response)) as port:
        done = run("probe", f"ws://127.0.0.1:{port}/", "--timeout", "20", *more)

    assert done.status == 1
    assert "response_not_101" in done.out
    assert done.out.isascii()
    assert done.out.replace("\n", "").isprintable()


WRONG = [
    (["ftp://example.com"], "probe: URL: This is not a WebSocket URL"),
    (["ws://a/", "--header", SECRET], "probe: -H/--header: write a header as"),
    (["ws://a/", "--origin", "a\nb"], "probe: --origin: write an origin as in"),
    (["ws://a/", "--subprotocol", "a b"], "probe: --subprotocol: a subprotocol is"),
    (["ws://a/", "--timeout", "0"], "probe: --timeout: give a number of seconds"),
    (["ws://a/", "--timeout", "nan"], "probe: --timeout: give a number of seconds"),
    (["ws://a/", "--timeout", "soon"], "probe: --timeout: give a number of seconds"),
    (["ws://a/", "--timeout", "3601"], "probe: --timeout: give a number of seconds"),
    (["ws://a/", "--http1.1", "--http2"], "probe: --http1.1 excludes --http2."),
    ([f"ws://u:{SECRET}@a:b/"], "probe: URL: The port of the URL must be"),
    ([], "probe: URL is missing."),
]


@pytest.mark.parametrize(("argv", "message"), WRONG)
def test_a_wrong_argument_is_reported_and_not_repeated(
    argv: list[str], message: str
) -> None:
    done = run("probe", *argv)

    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert SECRET not in done.err


def test_an_address_from_a_browser_is_accepted() -> None:
    with serving(talking()) as port:
        probed = probe(f"http://127.0.0.1:{port}/ws")

    assert (probed.status, probed.notes) == (0, ["scheme_mapped"])
    assert probed.document["url"] == f"ws://127.0.0.1:{port}/ws"


def test_the_exit_statuses_are_0_1_and_2() -> None:
    with (
        serving(talking()) as valid,
        serving(closing(b"HTTP/1.1 404 No\r\n\r\n")) as faulty,
    ):
        ports = (valid, faulty, free_port())
        statuses = [
            run("probe", f"ws://127.0.0.1:{port}/", "--timeout", "20").status
            for port in ports
        ]

    assert statuses == [0, 1, 2]


def test_ctrl_c_ends_a_probe_that_waits_without_a_traceback() -> None:
    with serving(lambda connection, _: wait(connection)) as port:
        command = [sys.executable, "-u", "-m", "ws_handshake", "probe"]
        with subprocess.Popen(
            [*command, f"ws://127.0.0.1:{port}/", "--timeout", "60"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            seen = b""
            deadline = time.monotonic() + 30
            while b"request" not in seen and time.monotonic() < deadline:
                seen += os.read(process.stdout.fileno(), 4096)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)

    assert (process.returncode, errors) == (130, b"")


def test_quiet_prints_neither_the_url_nor_a_step() -> None:
    with serving(talking()) as port:
        done = run("probe", f"ws://127.0.0.1:{port}/ws", "-q")

    assert done.out == (
        "Valid: the server accepted the handshake, and frames get through.\n"
    )
