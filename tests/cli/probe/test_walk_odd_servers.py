"""Servers that do one thing wrong: each gets its diagnosis in time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import (
    SWITCHING,
    closing,
    saying,
    serving,
    talking,
    wait,
)
from tests.support.cli_runs import Probed, probe
from tests.support.wires import free_port

if TYPE_CHECKING:
    import socket

    from tests.support.cli_fakes import Script


def _asked(script: Script, *options: str) -> Probed:
    with serving(script) as port:
        return probe(f"ws://127.0.0.1:{port}/ws", *options)


def test_a_valid_server_is_walked_through_to_the_end() -> None:
    probed = _asked(talking())

    assert (probed.status, probed.verdict, probed.codes) == (0, "valid", [])
    assert probed.steps == ["name", "tcp", "request", "response", "ping", "close"]
    assert probed.step("ping")["result"] == "pong"
    assert (probed.step("close")["result"], probed.step("close")["code"]) == (
        "1000",
        1000,
    )


def test_a_server_that_accepts_the_connection_and_never_responds() -> None:
    began = time.monotonic()
    probed = _asked(lambda connection, _: wait(connection), "--timeout", "0.5")

    assert (probed.status, probed.codes) == (1, ["no_response"])
    assert time.monotonic() - began < 20


def test_a_server_that_sends_a_byte_now_and_then() -> None:
    def script(connection: socket.socket, _: bytes) -> None:
        time.sleep(0.1)
        connection.sendall(b"H")
        wait(connection)  # the second byte would come when nobody waits any longer

    began = time.monotonic()
    probed = _asked(script, "--timeout", "1.5")

    assert (probed.status, probed.codes) == (1, ["response_incomplete"])
    assert probed.seen == "1 byte in time"
    assert time.monotonic() - began < 20


GARBAGE = [
    (b"SSH-2.0-OpenSSH_9.2\r\n", "it begins with: SSH-2.0-OpenSSH_9.2\\r\\n"),
    (b"\x00\xff\x1b[2J", "it begins with: \\x00\\xff\\x1b[2J"),
    (b"HTTP/1.1 abc\r\n\r\n", "illegal status line: HTTP/1.1 abc"),
    (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "illegal header line"),
]


@pytest.mark.parametrize(("response", "seen"), GARBAGE)
def test_a_server_that_responds_garbage(response: bytes, seen: str) -> None:
    probed = _asked(saying(response))

    assert (probed.status, probed.codes) == (1, ["response_malformed"])
    assert probed.seen is not None
    assert probed.seen.startswith(seen)


def test_a_server_that_closes_without_a_response() -> None:
    with serving(closing(), reads_head=False) as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws")

    assert (probed.status, probed.codes) == (1, ["closed_without_response"])
    assert probed.seen == "closed"


def test_a_server_that_closes_within_the_head() -> None:
    probed = _asked(closing(b"HTTP/1.1 101 Swi"))

    assert (probed.codes, probed.seen) == (
        ["response_incomplete"],
        "ended after 16 bytes",
    )


def test_a_head_without_an_end() -> None:
    probed = _asked(saying(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 80_000))

    assert (probed.status, probed.codes) == (1, ["response_too_large"])


def test_an_http2_server_that_knows_no_other_version() -> None:
    probed = _asked(saying(bytes.fromhex("000000040000000000")))

    assert (probed.codes, probed.seen) == (["http2_chosen"], "an HTTP/2 frame")


REDIRECTS = [
    (b"/ws/", "302 to /ws/", "Add a slash at the end of the path."),
    (
        b"https://{host}/ws?token=abc",
        "302 to https://{host}/ws?...",
        "Use wss:// instead of ws://.",
    ),
    (
        b"/accounts/login/?next=/ws",
        "302 to /accounts/login/?...",
        "Send credentials: --header 'Cookie: ...' or --header 'Authorization: ...'.",
    ),
    (
        b"http://elsewhere.example/ws",
        "302 to http://elsewhere.example/ws",
        "Connect to ws://elsewhere.example/ws if the WebSocket is there.",
    ),
]


@pytest.mark.parametrize(("location", "seen", "fix"), REDIRECTS)
def test_a_redirect(location: bytes, seen: str, fix: str) -> None:
    where = location.replace(b"{host}", b"127.0.0.1")
    response = (
        b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % where
    )
    probed = _asked(saying(response))

    assert (probed.status, probed.verdict, probed.codes) == (
        1,
        "rejected",
        ["redirected"],
    )
    assert probed.seen == seen.replace("{host}", "127.0.0.1")
    assert probed.fix == fix


def test_a_single_page_app_that_responds_with_200_with_html() -> None:
    response = (
        b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=x\r\n"
        b"Content-Length: 15\r\n\r\n<!doctype html>"
    )
    probed = _asked(saying(response))

    assert (probed.status, probed.codes) == (1, ["html_instead"])
    assert probed.seen == "200 with text/html"
    assert probed.causes == [("proxy_stripped_upgrade", "likely")]


STATUSES = [
    (401, "credentials are required"),
    (403, "the credentials, the Origin, or a path that is not served"),
    (
        404,
        "nothing is on this path, or nothing for the plain request that arrived",
    ),
    (426, "it requires an upgrade: ours did not arrive, or has another version"),
    (502, "a proxy got no valid response from the server behind it"),
]


@pytest.mark.parametrize(("status", "said"), STATUSES)
def test_a_status_that_is_not_an_acceptance(status: int, said: str) -> None:
    response = b"HTTP/1.1 %d Whatever\r\nContent-Length: 0\r\n\r\n" % status
    probed = _asked(saying(response))

    assert (probed.status, probed.verdict) == (1, "rejected")
    assert (probed.codes, probed.seen) == (["response_not_101"], f"{status}: {said}")


SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\n"
UPGRADE = b"Upgrade: websocket\r\n"
CONNECTION = b"Connection: Upgrade\r\n"
ACCEPT = b"Sec-WebSocket-Accept: {accept}\r\n"

INVALID: list[tuple[list[bytes], list[str]]] = [
    ([SWITCHED, CONNECTION, ACCEPT], ["response_upgrade_missing"]),
    (
        [SWITCHED, b"Upgrade: h2c\r\n", CONNECTION, ACCEPT],
        ["response_upgrade_not_websocket"],
    ),
    ([SWITCHED, UPGRADE, ACCEPT], ["response_connection_missing"]),
    (
        [SWITCHED, UPGRADE, b"Connection: close\r\n", ACCEPT],
        ["response_connection_not_upgrade"],
    ),
    ([SWITCHED, UPGRADE, CONNECTION], ["accept_missing"]),
    (
        [SWITCHED, UPGRADE, CONNECTION, b"Sec-WebSocket-Accept: wrong\r\n"],
        ["accept_wrong"],
    ),
    ([SWITCHED, UPGRADE, CONNECTION, ACCEPT, ACCEPT], ["accept_duplicated"]),
    (
        [SWITCHED],
        ["response_upgrade_missing", "response_connection_missing", "accept_missing"],
    ),
    ([SWITCHING, b"Sec-WebSocket-Protocol: chat\r\n"], ["subprotocol_not_offered"]),
    ([SWITCHING, b"Sec-WebSocket-Extensions: x-webkit\r\n"], ["extension_not_offered"]),
    (
        [SWITCHING, b"Sec-WebSocket-Extensions: ;\r\n"],
        ["response_extensions_malformed"],
    ),
]


@pytest.mark.parametrize(("lines", "codes"), INVALID)
def test_an_acceptance_that_a_client_must_not_take(
    lines: list[bytes], codes: list[str]
) -> None:
    probed = _asked(talking(b"".join([*lines, b"\r\n"])))

    assert (probed.status, probed.verdict, probed.codes) == (1, "faulty", codes)
    assert probed.steps == ["name", "tcp", "request", "response"]


def test_a_wrong_accept_is_shown_beside_the_right_one() -> None:
    response = b"".join(
        [SWITCHED, UPGRADE, CONNECTION, b"Sec-WebSocket-Accept: x\r\n\r\n"]
    )
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    probed = _asked(saying(response), "--header", key)

    assert probed.seen == "x, expected s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_a_subprotocol_that_is_offered_may_be_chosen() -> None:
    response = SWITCHING + b"Sec-WebSocket-Protocol: chat\r\n\r\n"
    offered = ("--subprotocol", "superchat", "--subprotocol", "chat")
    probed = _asked(talking(response), *offered)

    assert (probed.verdict, probed.notes) == ("valid", [])


def test_that_no_subprotocol_was_chosen_is_noted() -> None:
    probed = _asked(talking(), "--subprotocol", "chat")

    assert (probed.verdict, probed.notes) == ("valid", ["subprotocol_not_chosen"])


def test_a_port_on_which_nothing_listens() -> None:
    probed = probe(f"ws://127.0.0.1:{free_port()}/ws")

    assert (probed.status, probed.verdict) == (2, "unreached")
    assert probed.codes == ["connection_refused"]
    assert probed.seen == "127.0.0.1: connection refused"


def test_a_name_without_an_address() -> None:
    probed = probe("ws://no-such-host.invalid/ws", "--timeout", "8")

    assert (probed.status, probed.verdict) == (2, "unreached")
    assert probed.codes == ["name_unknown"]
