"""What is asked once more, of servers that behave exactly so, and what it shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.cli_fakes import (
    OK,
    SWITCHING,
    closing,
    filled,
    saying,
    serving,
    talking,
    wait,
)
from tests.support.cli_runs import Probed, asked, probe
from ws_handshake.cli.client.failures import COMPRESSION_BLOCKED
from ws_handshake.cli.probe import subcommand

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.support.cli_fakes import Script

DEFLATE = SWITCHING + b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
IIS = b"Server: Microsoft-IIS/10.0\r\n"
NOTHING = b"Content-Length: 0\r\n\r\n"
FORBIDDEN = saying(b"HTTP/1.1 403 Forbidden\r\n" + NOTHING)


def _asked(script: Script, *options: str) -> Probed:
    with serving(script) as port:
        return probe(f"ws://127.0.0.1:{port}/ws", "--timeout", "10", *options)


def _breaking(agreed: bytes, at_first_frame: bytes = b"", *, always: bool) -> Script:
    """Break off at the first frame where extensions are agreed on, or always."""
    plain = talking()

    def script(connection: socket.socket, head: bytes) -> None:
        offered = b"Sec-WebSocket-Extensions" in head
        if not offered and not always:
            plain(connection, head)
            return
        connection.sendall(filled(agreed if offered else SWITCHING, head) + b"\r\n")
        connection.recv(65536)
        connection.sendall(at_first_frame)

    return script


FIRST_FRAMES = [b"", b"\x88\x02\x03\xea", b"HTTP/1.1 400 Bad Request\r\n\r\n"]


@pytest.mark.parametrize("frame", FIRST_FRAMES)
def test_a_proxy_that_knows_no_compressed_frames_is_found_out(frame: bytes) -> None:
    probed = _asked(_breaking(DEFLATE, frame, always=False))

    assert (probed.verdict, probed.codes) == ("faulty", ["compression_blocked"])
    assert probed.fix == COMPRESSION_BLOCKED.fix
    assert probed.step("again")["result"] == "without extensions: frames get through"
    assert str(probed.seen).endswith("; without extensions frames get through")


def test_where_that_is_iis_the_fix_is_for_its_proxy() -> None:
    probed = _asked(_breaking(DEFLATE + IIS, always=False))

    assert (probed.codes, probed.fix) == (
        ["compression_blocked"],
        (
            "IIS's proxy ARR takes no compressed frames: uvicorn "
            "--ws-per-message-deflate false; or in its rewrite rule <set "
            'name="HTTP_SEC_WEBSOCKET_EXTENSIONS" value="" />.'
        ),
    )


def test_what_fails_without_extensions_too_is_not_compression() -> None:
    probed = _asked(_breaking(DEFLATE, always=True))

    assert (probed.codes, probed.notes) == (
        ["pong_missing"],
        ["compression_not_to_blame", "other_origin_fails"],
    )
    results = [s["result"] for s in probed.document["steps"] if s["step"] == "again"]
    assert results[0] == "without extensions: it fails, too"
    assert probed.document["notes"][0]["what"] == (
        "Asked once more without extensions, it fails, too (pong_missing): "
        "compression is not to blame."
    )


@pytest.mark.parametrize(
    "script",
    [talking(pongs=False), talking(DEFLATE + b"\r\n", closes=False)],
    ids=["no pong", "no close"],
)
def test_it_asks_once_more_only_if_that_may_show_something(script: Script) -> None:
    assert "again" not in _asked(script, "--timeout", "2").steps


def _by_origin(allowed: Callable[[bytes], bool], denied: Script) -> Script:
    """Let a WebSocket open if its Origin is allowed; b"" stands for none."""
    opened = talking()

    def script(connection: socket.socket, head: bytes) -> None:
        lines = head.split(b"\r\n")
        origins = [line[8:] for line in lines if line.lower().startswith(b"origin: ")]
        allows = allowed(b"".join(origins))
        (opened if allows else denied)(connection, head)

    return script


def _closed(code: int, reason: bytes = b"") -> Script:
    payload = code.to_bytes(2, "big") + reason
    return talking(first=bytes([0x88, len(payload)]) + payload)


DENYING = {
    "403": (FORBIDDEN, "403"),
    "a body that names it": (
        saying(
            b"HTTP/1.1 400 No\r\nContent-Length: 31\r\n\r\n"
            b"http://x: not an allowed origin"
        ),
        "400",
    ),
    "a close without a reason": (_closed(1008), "1008"),
    "an end without a close": (closing(OK), "the connection ended"),
    "no response": (closing(), "closed"),
}


@pytest.mark.parametrize("name", DENYING)
def test_an_origin_that_is_not_allowed_is_found_out(name: str) -> None:
    denied, seen = DENYING[name]
    script = _by_origin(lambda origin: origin == b"", denied)
    probed = _asked(script, "--origin", "https://elsewhere.example")

    assert (probed.codes, probed.causes, probed.notes) == (["origin_denied"], [], [])
    assert probed.seen == f"{seen}; without Origin frames get through"
    assert probed.step("again")["result"] == "without Origin: frames get through"


@pytest.mark.parametrize("name", DENYING)
def test_an_origin_that_is_missing_is_found_out(name: str) -> None:
    denied, seen = DENYING[name]
    with serving(_by_origin(lambda o: o.endswith(host.encode()), denied)) as port:
        host = f"://127.0.0.1:{port}"
        probed = probe(f"ws{host}/ws")

    assert probed.codes == ["origin_required"]
    assert probed.seen == f"{seen}; with Origin: http{host} frames get through"


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ((), "with Origin: http://127.0.0.1:{}"),
        (("-H", "Origin: null"), "without Origin"),
    ],
)
def test_what_is_denied_with_either_may_need_another_origin(
    options: tuple[str, ...], changed: str
) -> None:
    with serving(FORBIDDEN) as port:
        probed = probe(f"ws://127.0.0.1:{port}/ws", *options)
    (note,) = probed.document["notes"]

    assert (probed.codes, probed.causes) == (
        *(["response_not_101"], [("no_route", "possible")]),
    )
    assert note == {
        "code": "other_origin_fails",
        "what": (
            f"Asked once more {changed.format(port)}, it fails, too "
            "(response_not_101). If the server allows certain origins only, name one "
            "of them: --origin."
        ),
    }


def test_where_a_gateway_rejects_there_is_no_word_on_the_servers_origins() -> None:
    response = b"HTTP/1.1 403 No\r\nServer: awselb/2.0\r\n" + NOTHING
    (note,) = _asked(saying(response), "--origin", "null").document["notes"]

    assert note["what"] == (
        "Asked once more without Origin, it fails, too (rejected_in_front)."
    )


SAYS_WHY = {
    "a reason": _closed(4403, b"loopback only"),
    "an error of the server": _closed(1011),
    "404": saying(b"HTTP/1.1 404 Not Found\r\n" + NOTHING),
    "a reason of ours": saying(
        b"HTTP/1.1 403 No\r\nWebSocket-Handshake-Error: origin_missing\r\n" + NOTHING
    ),
}


@pytest.mark.parametrize("name", SAYS_WHY)
def test_nothing_is_asked_where_the_server_says_why(name: str) -> None:
    assert "again" not in _asked(SAYS_WHY[name]).steps


def test_nothing_is_asked_where_the_options_break_the_request() -> None:
    probed = _asked(FORBIDDEN, "-H", "Sec-WebSocket-Version: 12")

    assert "again" not in probed.steps
    assert probed.notes == ["request_faulty"]


def test_each_question_costs_one_handshake() -> None:
    """A break at the first frame may be for both, and neither helps here."""
    connections = Counter[bool]()

    def script(connection: socket.socket, head: bytes) -> None:
        connections[b"Sec-WebSocket-Extensions" in head] += 1
        connection.sendall(filled(DEFLATE + b"\r\n", head))

    probed = _asked(script)

    assert probed.steps.count("again") == 2
    assert connections == {True: 2, False: 1}


def test_a_second_handshake_that_is_too_slow_shows_nothing() -> None:
    def never(connection: socket.socket, head: bytes) -> None:
        (wait if b"\r\nOrigin" in head else lambda c: FORBIDDEN(c, head))(connection)

    probed = _asked(never, "--timeout", "1")

    assert (probed.codes, probed.notes) == (["response_not_101"], [])
    assert str(probed.step("again")["result"]).endswith(": no response in time")


def test_a_person_reads_what_it_shows() -> None:
    script = _by_origin(lambda origin: origin == b"", FORBIDDEN)
    with serving(script) as port:
        url = f"ws://127.0.0.1:{port}/ws"
        done = asked(subcommand, url, "--origin", "https://x.example", columns=80)

    assert (
        done.out.partition(" ms  without Origin")[2]
        == """\
: frames get through

Rejected: the server responded, and did not accept the handshake.

  origin_denied: The server accepts the handshake without this Origin, and not
  with it.
    seen      403; without Origin frames get through
    fix       Allow this origin on the server: ws-handshake explain
              origin_denied_by_app.
    see       RFC 6455 section 10.2
"""
    )
